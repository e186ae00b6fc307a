"""Beside each port of an Executor stands a Unix socket, by which the gateway of the same machine reaches it."""
import pathlib

import pytest

from faulty_flow import MODULE
from support.flows import start_flow


def connections(port):
    """-> sockets that belong to the twin of the port: the listening one, and one per connection."""
    name = f'@jina/tcp/0.0.0.0:{port}'
    return sum(line.split()[-1] == name for line in pathlib.Path('/proc/net/unix').read_text().splitlines())


@pytest.mark.parametrize('environment, expected', [({}, 2), ({'JINA_LOCAL_SOCKETS': '0'}, 0)])
def test_the_gateway_takes_the_twin_unless_told_otherwise(world, tmp_path, environment, expected):
    path = tmp_path / 'flow.yml'
    path.write_text(f"jtype: Flow\nversion: '1'\ngateway: {{protocol: http}}\n"
                    f'executors:\n- {{name: faulty, uses: Faulty, py_modules: {MODULE}}}\n')
    flow = start_flow(world, path, tmp_path, environment)
    try:
        body = {'data': [{'text': 'hello'}], 'execEndpoint': '/echo'}
        assert flow.ask('/post', method='POST', body=body).json['data'][0]['text'].startswith('hello')
        port = flow.ready['executors']['faulty/rep-0'].rsplit(':', 1)[1]
        assert connections(port) == expected
    finally:
        flow.stop()

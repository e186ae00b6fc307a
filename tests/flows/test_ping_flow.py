"""`jina ping` with a Flow's file, and what `jina ping` and `jina client` say to who speaks the wrong protocol."""
import json
import subprocess

import pytest

from faulty_flow import faulty, write_flow
from support.flows import start_flow
from support.ports import free_port


@pytest.fixture(scope='module')
def flow(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp('ping')
    port, executor = free_port(), free_port()
    path = write_flow(folder, [faulty('known', port=executor), faulty('chosen')], gateway=f'protocol: http, port: {port}')
    with world.scope():
        yield start_flow(world, path, folder), path, folder


@pytest.fixture
def jina(world):
    def run(*words):
        done = subprocess.run([world.subject, *map(str, words)], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout, done.stderr
    return run


def test_a_flow_file_asks_all_whose_port_it_says(flow, jina):
    running, path, _ = flow
    code, out, _ = jina('ping', 'flow', path)
    assert code == 0
    assert f'flow http://127.0.0.1:{running.port()} is ready' in out and f"known {running.ready['executors']['known/rep-0']} is ready" in out
    assert 'not asked: chosen; its port is chosen when the Flow starts, and the dry run reaches it' in out.replace('reaches them', 'reaches it')


def test_the_file_of_a_running_flow_has_every_port(flow, jina):
    running, _, folder = flow
    code, out, _ = jina('ping', 'flow', folder / 'ready-0.json')
    assert code == 0 and out.count(' is ready') == 3 and f"chosen/rep-0 {running.ready['executors']['chosen/rep-0']} is ready" in out


def test_a_flow_whose_gateway_has_no_port(jina, tmp_path):
    code, _, error = jina('ping', 'flow', write_flow(tmp_path, [faulty()]))
    assert code == 2 and '--ready-file' in error and 'chosen when the Flow starts' in error


def test_who_speaks_grpc_to_an_http_port_is_told(flow, jina):
    port = flow[0].port()
    for words in (['client', '--text', 'a', '--port', port, '--host', '127.0.0.1'], ['ping', f'grpc://127.0.0.1:{port}']):
        code, _, error = jina(*words)
        assert code == 1 and f'this port speaks HTTP; ask it so: http://127.0.0.1:{port} (or --protocol http)' in error


def test_who_speaks_http_to_a_grpc_port_is_told(flow, jina):
    url = flow[0].ready['executors']['known/rep-0']
    for words in (['client', url.replace('grpc', 'http'), '--text', 'a'], ['ping', url.replace('grpc', 'http')]):
        code, _, error = jina(*words)
        assert code == 1 and f'this port speaks gRPC; ask it so: {url} (or --protocol grpc)' in error


def test_parameters_that_are_no_json(flow, jina):
    code, _, error = jina('client', f'http://127.0.0.1:{flow[0].port()}', '--text', 'a', '--parameters', '{bad')
    assert code == 2 and '--parameters:1:2: not valid JSON' in error
    example = error.split('for example --parameters ')[1].splitlines()[0]
    assert json.loads(example.strip("'")) == {'name': 'value', 'count': 3}

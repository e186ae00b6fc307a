"""Arguments of `jina executor` and keys of its YAML that change how an Executor serves: ours beside real Jina's where both have them."""
import http.client
import json
import pathlib
import subprocess

import pytest

from support.ports import free_port
from support.processes import HERE, healthy, jina_of_this_python
from support.wire import SINGLE, call, data_request, message
from support.world import answers_root

SIDES = ('real', 'subject')


@pytest.fixture
def start(world):
    with world.scope():
        def run(side, name='kinds', **options):
            program = jina_of_this_python() if side == 'real' else world.subject
            modules = HERE / 'kinds.py' if side == 'real' or world.subject_is_real else HERE / 'executors' / 'kinds.cpp'
            return world.executor(program=program, name=name, uses=options.pop('uses', 'Kinds'), modules=modules, **options)
        yield run


@pytest.fixture
def refused(world):
    """What our `jina executor` says when it does not start."""
    if world.subject_is_real:
        pytest.skip('messages of ours')

    def run(*arguments, uses='Kinds'):
        command = [world.subject, 'executor', '--uses', str(uses), '--py-modules', HERE / 'executors' / 'kinds.cpp', *arguments]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120)
        assert done.returncode != 0
        return done.stderr
    return run


def answer(port, endpoint, text='x', parameters=None):
    got = call(port, SINGLE, [data_request(endpoint, [{'id': 'd', 'text': text}], parameters=parameters or {}).SerializeToString()])
    assert got.code == 'OK'
    return message(SINGLE.response, got.messages[0])


def text(port, endpoint):
    return answer(port, endpoint).data.docs.docs[0].text


@pytest.mark.parametrize('side', SIDES)
@pytest.mark.parametrize('how', ('yaml', 'argument', 'both'))
def test_requests_bind_functions(start, tmp_path, side, how):
    options = {}
    requests = {'/mark2': 'mark', '/more': 'spare'}
    if how != 'argument':
        config = tmp_path / 'kinds.yml'
        config.write_text('jtype: Kinds\nrequests:\n  ' + ('/more: spare' if how == 'both' else '/mark2: mark\n  /more: spare') + '\n')
        options['uses'] = str(config)
    if how == 'argument':
        options['uses_requests'] = json.dumps(requests)
    if how == 'both':
        options['uses_requests'] = json.dumps({'/mark2': 'mark'})
    _, port = start(side, **options)
    assert text(port, '/mark2') == 'x marked'
    assert text(port, '/more') == 'x spare'
    assert text(port, '/mark') == 'x', 'it has moved'


@pytest.mark.parametrize('side', SIDES)
def test_the_workspace_is_that_of_the_argument_and_the_class(start, tmp_path, side):
    _, port = start(side, name='pod/rep-0', workspace=str(tmp_path))
    results = answer(port, '/where').parameters['__results__']['pod/rep-0']
    assert results['workspace'] == str(tmp_path / 'Kinds' / '0')
    assert results['name'] == 'Kinds'
    assert (tmp_path / 'Kinds' / '0').is_dir()


@pytest.mark.parametrize('side', SIDES)
def test_metas_name_it(start, tmp_path, side):
    _, port = start(side, workspace=str(tmp_path), uses_metas=json.dumps({'name': 'called'}), shard_id='3')
    results = answer(port, '/where').parameters['__results__']['kinds']
    assert results['workspace'] == str(tmp_path / 'called' / '3')
    assert results['name'] == 'called'


def test_exceptions_that_end_it(start, world):
    if world.subject_is_real:
        pytest.skip('real Jina ends without an answer')
    process, port = start('subject', exit_on_exceptions='ValueError')
    assert text(port, '/mark') == 'x marked'
    assert answer(port, '/raise').header.status.description == "ValueError('boom')"
    process.wait(20)
    assert process.exit_code() == 1


def test_health_is_polled(start, world, tmp_path):
    if world.subject_is_real:
        pytest.skip('real Jina has no such hook')
    process, port = start('subject', workspace=str(tmp_path), protocol='GRPC,HTTP')

    def root():
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=5)
        connection.request('GET', '/')
        got = connection.getresponse()
        return got.status, got.read()
    assert root() == (200, b'{}')
    ill = pathlib.Path(tmp_path) / 'Kinds' / '0' / 'ill'
    ill.touch()
    assert root() == (503, b'{"detail":"a file says so"}')
    process.wait_ready(lambda: not healthy(port))
    ill.unlink()
    process.wait_ready(lambda: healthy(port))


def test_a_port_for_each_protocol(world):
    if world.subject_is_real:
        pytest.skip('in test_executor_http.py')
    grpc_port, http_port = free_port(), free_port()
    with world.scope():
        command = [world.subject, 'executor', '--uses', 'Kinds', '--py-modules', str(HERE / 'executors' / 'kinds.cpp'),
                   '--protocol', 'GRPC', 'HTTP', '--port', str(grpc_port), str(http_port)]
        process = world.processes.start('two-ports', command)
        process.wait_ready(lambda: healthy(grpc_port), deadline_s=180)
        assert text(grpc_port, '/mark') == 'x marked'
        assert answers_root(http_port)
        assert not answers_root(grpc_port)
        assert not healthy(http_port)


def test_names_that_are_not_there(refused):
    assert "the Executor has no function 'spar'; did you mean 'spare'?" in refused('--uses-requests', '{"/x": "spar"}')
    assert "the Executor has no endpoint '/makr'; did you mean '/mark'?" in refused('--uses-dynamic-batching', '{"/makr": {}}')
    assert "unknown key 'timeuot'; did you mean 'timeout'?" in refused('--uses-dynamic-batching', '{"mark": {"timeuot": 5}}')


def test_a_section_that_is_no_map_is_placed(refused, tmp_path):
    config = tmp_path / 'kinds.yml'
    config.write_text('jtype: Kinds\nrequests: mark\n')
    assert f'{config}:2:11: requests is a map, but this is' in refused(uses=config)


def test_protocols_that_do_not_fit(refused):
    assert 'an Executor speaks GRPC and HTTP' in refused('--protocol', 'WEBSOCKET')
    assert '--port has 3 ports for 2 protocols' in refused('--protocol', 'GRPC', 'HTTP', '--port', '1001', '1002', '1003')

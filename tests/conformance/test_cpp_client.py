"""jina::Client of C++ over every protocol: before our gateway and real Jina's, with Executors of both; what real Jina's Client does is
in test_clients.py, which asks the same."""
import json
import os
import pathlib
import subprocess

import pytest

from support.ports import ClosedPort
from support.processes import jina_of_this_python

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROBE = pathlib.Path(os.environ.get('JINA_BUILD', ROOT / 'build' / 'dev')) / 'tests' / 'conformance' / 'cpp_client' / 'client_probe'
SCHEMES = ('grpc', 'http', 'ws')
PROTOCOLS = {'grpc': 'grpc', 'http': 'http', 'ws': 'websocket'}
SET_UPS = ('subject gateway, real Executor', 'subject gateway, subject Executor', 'real gateway, real Executor')

pytestmark = pytest.mark.skipif(not PROBE.exists(), reason=f'{PROBE} is not built')


class Client:
    """A jina::Client in a process of its own."""

    def __init__(self, scheme, port):
        self.process = subprocess.Popen([PROBE, f'{scheme}://127.0.0.1:{port}'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what, on='/', docs=None, generate=None, **options):
        order = {'do': what, 'on': on, 'options': options}
        if docs is not None:
            order['docs'] = docs
        if generate is not None:
            order['generate'] = generate
        self.process.stdin.write(json.dumps(order) + '\n')
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def post(self, on, docs=None, **options):
        return self.ask('post', on, docs, **options)

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture(params=SET_UPS)
def gateway(request, set_ups):
    return set_ups(request.param)


@pytest.fixture(params=SCHEMES)
def scheme(request):
    return request.param


@pytest.fixture
def connect():
    clients = []

    def make(scheme, port):
        clients.append(Client(scheme, port))
        return clients[-1]
    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(connect, gateway, scheme):
    return connect(scheme, gateway.port[PROTOCOLS[scheme]])


def numbered(count):
    return [{'id': f'd{number}', 'text': f'text {number}'} for number in range(count)]


def texts(answer):
    assert 'failed' not in answer, answer
    return [document['text'] for document in answer['docs']]


def test_documents_come_back_changed(client):
    answer = client.post('/upper', numbered(3))
    assert texts(answer) == ['TEXT 0', 'TEXT 1', 'TEXT 2']
    assert [document['id'] for document in answer['docs']] == ['d0', 'd1', 'd2']


def test_batches_of_a_generator(client):
    answer = client.ask('post', '/upper', generate=250, request_size=20, prefetch=5)
    assert sorted(texts(answer)) == sorted(f'TEXT {number}' for number in range(250))


def test_results_in_order(client):
    answer = client.post('/sleep', numbered(30), request_size=3, results_in_order=True, parameters={'seconds': 0.02})
    assert texts(answer) == [f'text {number}' for number in range(30)]


def test_a_large_document(client):
    answer = client.post('/echo', [{'id': 'big', 'blob_size': 3_000_000}])
    assert answer['docs'][0]['blob_size'] == 3_000_000


def test_parameters_and_results(client):
    answer = client.ask('post_responses', '/results', numbered(2))['answers'][0]
    results, = answer['parameters']['__results__'].values()
    assert results == {'count': 2, 'nested': {'ok': True}}
    assert 'gateway' in answer['routes'] and answer['endpoint'] == '/results'


def test_target_executor(client):
    assert texts(client.post('/upper', numbered(1), target_executor='zoo')) == ['TEXT 0']
    assert texts(client.post('/upper', numbered(1), target_executor='other')) == ['text 0']


def test_no_documents_and_parameters_only(client):
    assert client.post('/upper', []) == {'docs': [], 'events': []}
    answer = client.ask('post_responses', '/upper')['answers']
    assert len(answer) == 1 and answer[0]['docs'] == []


def test_executor_error(client):
    raised = client.post('/fail', numbered(1))
    assert raised['failed'] == 'EXECUTOR' and 'boom' in raised['description']
    callbacks = dict(on_done=True, on_error=True, on_always=True)
    assert client.post('/fail', numbered(1), **callbacks)['events'] == ['error', 'always']
    assert client.post('/upper', numbered(2), request_size=1, **callbacks) == {'docs': [], 'events': ['done', 'always'] * 2}
    assert len(client.post('/fail', numbered(10), request_size=1, continue_on_error=True)['docs']) == 10
    errors = [answer['error'] for answer in client.ask('stream', '/fail', numbered(3), request_size=1)['answers']]
    assert len(errors) == 3 and all('boom' in error['description'] for error in errors)
    # the next request is untouched
    assert texts(client.post('/upper', numbered(1))) == ['TEXT 0']


def test_unicode(client):
    assert texts(client.post('/upper', [{'id': 'ünï-😀', 'text': 'a 漢字 😀'}])) == ['A 漢字 😀']


def test_timeout(client):
    late = client.post('/sleep', numbered(1), timeout=100, parameters={'seconds': 2})
    assert late['failed'] == 'DEADLINE_EXCEEDED', late
    assert texts(client.post('/upper', numbered(1))) == ['TEXT 0']


def test_is_flow_ready(client):
    assert client.ask('ready')['ready'] is True


def test_unary_calls(gateway, connect):
    client = connect('grpc', gateway.port['grpc'])
    answer = client.post('/upper', numbered(20), request_size=2, stream=False)
    assert sorted(texts(answer)) == sorted(f'TEXT {number}' for number in range(20))


def test_generator_endpoint(set_ups, connect):
    for set_up in ('subject gateway, real Executor', 'real gateway, real Executor'):
        client = connect('grpc', set_ups(set_up).port['grpc'])
        assert texts(client.ask('stream_doc', '/stream', [{'id': 'd', 'text': 'hello'}])) == ['hello 0', 'hello 1', 'hello 2']
        refused = client.ask('stream_doc', '/upper', [{'id': 'd', 'text': 'hello'}])
        assert refused['failed'] == 'EXECUTOR' and 'generator' in refused['description']


def test_executor_down(world, connect, scheme):
    closed = ClosedPort()
    with world.scope():
        gateway = world.gateway({'zoo': closed.port}, list(PROTOCOLS.values()), one_port=not world.subject_is_real, retries='0')
        client = connect(scheme, gateway.port[PROTOCOLS[scheme]])
        assert client.ask('ready')['ready'] is False
        down = client.post('/upper', numbered(1))
        assert down['failed'] == 'UNAVAILABLE' and ('zoo' in down['message'] or 'deployment' in down['message']), down
        down = client.post('/upper', numbered(3), request_size=1, max_attempts=3, initial_backoff=5, max_backoff=20)
        assert down['failed'] == 'UNAVAILABLE' and 'after 3 attempts' in down['message'], down
    closed.close()


def test_retries_until_somebody_is_there(world, connect, scheme, python_zoo):
    """The gateway starts while the client tries."""
    closed = ClosedPort()
    port = closed.port
    closed.close()
    client = connect(scheme, port)
    refused = client.post('/upper', numbered(1))
    assert refused['failed'] == 'UNAVAILABLE' and 'Connection refused' in refused['message'], refused


@pytest.mark.parametrize('who', ['real', 'subject'])
def test_executors_that_speak_http(world, connect, who):
    if who == 'subject' and world.subject_is_real:
        pytest.skip('the same as real')
    with world.scope():
        program = jina_of_this_python() if who == 'real' else world.subject
        client = connect('http', world.executor(program=program, protocol='HTTP')[1])
        assert texts(client.post('/upper', numbered(3))) == ['TEXT 0', 'TEXT 1', 'TEXT 2']
        assert texts(client.ask('stream_doc', '/stream', [{'id': 'd', 'text': 'hello'}])) == ['hello 0', 'hello 1', 'hello 2']
        assert client.post('/fail', numbered(1))['failed'] in ('UNKNOWN', 'EXECUTOR')

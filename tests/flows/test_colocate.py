"""Executors in the gateway's process (`colocate: true`): the same Flow answers the same whether they are there or in processes of their
own, over gRPC, HTTP and WebSocket; it has fewer processes; stopping it drains them; one that is not well makes the gateway not ready."""
import asyncio
import concurrent.futures
import json
import os
import re
import subprocess
import sys

import grpc
import pytest
import websockets
from docarray import Document, DocumentArray
from google.protobuf import empty_pb2
from jina import Client
from jina.proto import jina_pb2_grpc

from support.flows import start_flow
from support.http import ask as http
from support.processes import HERE as CONFORMANCE, wait_until
from test_samples import HERE, plain

ZOO, TAG = CONFORMANCE / 'executors' / 'zoo.cpp', CONFORMANCE / 'executors' / 'tag.cpp'
MODULE, ROOT = HERE / 'modules' / 'colocated.cpp', HERE.parents[1]

# A chain, two branches and a join; the branches change different things, so that it does not matter which is first.
GRAPH = '''jtype: Flow
with: {{port: [0, 0, 0], protocol: [grpc, http, websocket]{with_more}}}
executors:
  - {{name: zoo, uses: Zoo, py_modules: {zoo}{more}}}
  - {{name: a, uses: Tag, py_modules: {tag}, uses_with: {{sets: weight}}, needs: zoo{more}}}
  - {{name: b, uses: Tag, py_modules: {tag}, uses_with: {{sets: "match,chunk"}}, needs: zoo{more}}}
  - {{name: last, uses: Zoo, py_modules: {zoo}, needs: [a, b]{more}}}
'''
ASKS = [dict(on='/upper'), dict(on='/embed'), dict(on='/params', parameters={'p': 1, 'zoo__q': [1, 'x', None]}), dict(on='/fail'),
        dict(on='/fail_a'), dict(on='/results'), dict(on='/newdocs'), dict(on='/empty'), dict(on='/badreturn'),
        dict(on='/sleep', parameters={'seconds': 0.02}), dict(on='/index'), dict(on='/bound_nowhere'),
        dict(on='/upper', target_executor='zoo'), dict(on='/upper', request_size=1)]


def write(folder, name, text):
    (folder / name).write_text(text)
    return folder / name


def flow_of(folder, name, more, with_more=''):
    return write(folder, name, GRAPH.format(zoo=ZOO, tag=TAG, more=more, with_more=with_more))


DATA = [{'id': 'd0', 'text': 'one', 'tags': {'number': 0, 'big': 12345678901234567, 'nested': {'list': [1, None, 'x']}},
         'chunks': [{'id': 'c', 'text': 'chunk', 'uri': 'a.png'}]}, {'id': 'd1', 'text': 'zwei ß', 'uri': 'b.jpg', 'offset': 0.5}]


def over_grpc(flow, question):
    docs = DocumentArray(Document(id=f'd{i}', text=text, tags={'number': i, 'nested': {'list': [i, None, 'x']}}) for i, text in enumerate(['one', 'zwei ß']))
    docs[0].chunks.append(Document(id='c', text='chunk', uri='a.png'))
    found = []
    Client(host='127.0.0.1', port=flow.port('grpc')).post(question['on'], docs, parameters=question.get('parameters'), results_in_order=True,
                                                          target_executor=question.get('target_executor'), request_size=question.get('request_size', 100),
                                                          continue_on_error=True, on_always=found.append)
    return [plain(response) for response in found]


def body_of(question):
    body = {'data': DATA, 'execEndpoint': question['on'], 'parameters': question.get('parameters')}
    return {**body, 'targetExecutor': question['target_executor']} if 'target_executor' in question else body


def without_times(tree):
    for name in ('requestId', 'request_id'):
        tree['header'].pop(name, None)
    status = tree['header'].get('status') or {}
    (status.get('exception') or {}).pop('stacks', None)
    tree['routes'] = sorted(route['executor'] for route in tree['routes'])
    return json.dumps(tree)  # to the letter


def over_http(flow, question):
    return without_times(http(flow.port('http'), '/post', 'POST', body_of(question)).json)


def over_websocket(flow, question):
    async def run():
        async with websockets.connect(f'ws://127.0.0.1:{flow.port("websocket")}/', subprotocols=['json']) as connection:
            await connection.send(json.dumps(body_of(question)))
            return await asyncio.wait_for(connection.recv(), 20)
    return without_times(json.loads(asyncio.run(run())))


@pytest.fixture(scope='module')
def flows(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp('colocate')
    return [start_flow(world, flow_of(folder, 'apart.yml', ''), folder),
            start_flow(world, flow_of(folder, 'together.yml', ', colocate: true'), folder),
            start_flow(world, flow_of(folder, 'threads.yml', ', colocate: true', ', io_threads: 2'), folder)]


@pytest.mark.parametrize('ask', [over_grpc, over_http, over_websocket])
def test_answers_are_those_of_processes(flows, ask):
    for question in ASKS:
        apart, together, threads = (ask(flow, question) for flow in flows)
        assert apart == together, question
        assert apart == threads, question


def test_generator_streams(flows):
    def stream(flow):
        async def run():
            client = Client(host='127.0.0.1', port=flow.port('grpc'), protocol='grpc', asyncio=True)
            return [doc async for doc in client.stream_doc(on='/stream', inputs=Document(id='d', text='t'))]
        return asyncio.run(run())
    assert [doc.text for doc in stream(flows[0])] == ['t 0', 't 1', 't 2']
    for flow in flows[1:]:
        assert [doc.text for doc in stream(flow)] == ['t 0', 't 1', 't 2']


def test_endpoints_are_found(flows):
    def endpoints(flow):
        with grpc.insecure_channel(f'127.0.0.1:{flow.port("grpc")}') as channel:
            return list(jina_pb2_grpc.JinaDiscoverEndpointsRPCStub(channel).endpoint_discovery(empty_pb2.Empty()).endpoints)
    assert endpoints(flows[0]) == endpoints(flows[1]) == endpoints(flows[2])


def test_there_are_no_other_processes(flows):
    assert flows[0].ready['executors'].keys() == {'zoo/rep-0', 'a/rep-0', 'b/rep-0', 'last/rep-0'}
    children = subprocess.run(['ps', '--ppid', str(flows[1].ready['pid']), '-o', 'pid='], capture_output=True, text=True).stdout.split()
    assert len(children) == 1, 'the gateway'


@pytest.fixture(scope='module')
def custom(world, tmp_path_factory):
    """A gateway of the user's before `upper`, in its process and apart from it."""
    folder, streams = tmp_path_factory.mktemp('custom'), ROOT / 'tests' / 'guide' / 'modules' / 'streams.cpp'
    return [start_flow(world, write(folder, f'{name}.yml', f'''jtype: Flow
gateway: {{uses: Streams, py_modules: {streams}, port: 0, protocol: http}}
executors:
  - {{name: upper, uses: Zoo, py_modules: {ZOO}{more}}}
'''), folder) for name, more in [('apart', ''), ('together', ', colocate: true')]]


@pytest.mark.parametrize('route', ['stream_docs', 'stream', 'post', 'blocking', 'callback', 'executor'])
def test_streamer_of_a_gateway(custom, route):
    for query in ['text=a&text=b&text=c&size=2&endpoint=/upper', 'text=a&endpoint=/bound_nowhere', 'endpoint=/newdocs&text=x', 'text=a&endpoint=/fail']:
        if route == 'callback' and query.endswith('/fail'):
            continue  # that route does not look whether it failed
        apart, together = (flow.ask(f'/{route}?{query}') for flow in custom)
        assert apart.status == together.status, query
        assert re.sub('"id":"[0-9a-f]{32}"', '', apart.text) == re.sub('"id":"[0-9a-f]{32}"', '', together.text), query


def test_status_names_them(flows):
    assert http(flows[1].port('http'), '/status').json['jina']['colocated'] == 'zoo (Zoo), a (Tag), b (Tag), last (Zoo)'
    assert 'colocated' not in http(flows[0].port('http'), '/status').json['jina']


@pytest.fixture
def alone(scoped, tmp_path):
    flow = write(tmp_path, 'flow.yml', f'''jtype: Flow
with: {{port: 0, protocol: http}}
executors:
  - {{name: a, uses: Colocated, py_modules: {MODULE}, uses_with: {{folder: "{tmp_path}"}}, colocate: true}}
  - {{name: b, uses: Colocated, py_modules: {MODULE}, uses_with: {{folder: "{tmp_path}"}}, colocate: true, replicas: 2}}
''')
    return start_flow(scoped, flow, tmp_path)


def test_stopping_lets_running_requests_finish(alone, tmp_path):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        body = {'data': [{'text': 'x'}], 'execEndpoint': '/hold', 'targetExecutor': 'a'}
        answer = pool.submit(http, alone.port(), '/post', 'POST', body)
        wait_until(lambda: (tmp_path / 'holds').exists(), 20, 'the function does not run')
        stopped = pool.submit(alone.stop)
        wait_until(lambda: answer.done() or not_listening(alone.port()), 20, 'the gateway does not stop')
        assert not answer.done() and not (tmp_path / 'closed').exists()
        (tmp_path / 'go').touch()
        assert answer.result(20).json['data'][0]['text'] == 'held'
        stopped.result(20)
    assert alone.process.exit_code() == 0
    assert (tmp_path / 'closed').exists()


def not_listening(port):
    try:
        http(port, '/', timeout=1)
        return False
    except OSError:
        return True


def test_one_that_is_not_well_makes_the_gateway_not_ready(alone, tmp_path):
    assert http(alone.port(), '/readyz').status == 200
    (tmp_path / 'unwell').touch()
    wait_until(lambda: http(alone.port(), '/readyz').status == 503, 10, 'still ready')
    (tmp_path / 'unwell').unlink()
    wait_until(lambda: http(alone.port(), '/readyz').status == 200, 10, 'still not ready')


@pytest.mark.parametrize('item, says', [
    ('{name: a, uses: zoo.py, colocate: true}', 'only a C++ Executor can'),
    ('{name: a, uses: docker://image, colocate: true}', 'image'),
    ('{name: a, external: true, port: 1234, colocate: true}', 'external Executor'),
    ('{name: a, uses: %s, shards: 2, colocate: true}' % MODULE, 'shards'),
    ('{name: a, uses: %s, uses_with: {folder: 1}, colocate: true}' % MODULE, 'a'),
])
def test_what_can_not_be_there_is_said_at_once(world, tmp_path, item, says):
    (tmp_path / 'zoo.py').write_text('from jina import Executor\nclass Zoo(Executor): pass\n')
    flow = write(tmp_path, 'flow.yml', f'jtype: Flow\nwith: {{port: 0}}\nexecutors:\n  - {item}\n')
    ended = subprocess.run([world.subject, 'flow', '--uses', flow], capture_output=True, text=True, timeout=120,
                           env={**os.environ, 'JINA_PYTHON': sys.executable})
    assert ended.returncode != 0
    assert says in ended.stdout + ended.stderr

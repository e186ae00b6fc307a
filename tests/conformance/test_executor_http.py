"""HTTP servers of Executors: real Jina's zoo.py beside the subject's zoo.cpp, the same requests, equal answers; and real Jina's Client."""
import asyncio
import http.client
import json

import grpc
import pytest
from docarray import Document, DocumentArray
from jina import Client

from support.processes import healthy, jina_of_this_python
from support.wire import SINGLE, call, data_request

JSON = {'content-type': 'application/json'}


@pytest.fixture(scope='module')
def real(world):
    with world.scope():
        yield world.executor(protocol='HTTP')[1]


@pytest.fixture(scope='module')
def subject(world):
    if world.subject_is_real:
        pytest.skip('compared with itself')
    with world.scope():
        yield world.executor(program=world.subject, protocol='HTTP')[1]


def ask(port, method, path, body=None, headers=JSON):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=20)
    try:
        connection.request(method, path, body if body is None or isinstance(body, (str, bytes)) else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        kind = (answer.getheader('content-type') or '').split(';')[0]
        return {'status': answer.status, 'type': kind, 'allow': answer.getheader('allow'),
                'body': json.loads(text) if kind == 'application/json' and text else text.decode()}
    finally:
        connection.close()


DOC = {'id': 'd1', 'text': 'hello'}
CASES = {
    'health': ('GET', '/'),
    'a list of Documents': ('POST', '/upper', {'data': [DOC, {'id': 'd2', 'text': 'world'}]}),
    'one Document': ('POST', '/upper', {'data': DOC}),
    'no Documents': ('POST', '/upper', {'data': []}),
    'parameters and header': ('POST', '/echo', {'data': [DOC], 'parameters': {'top_k': 3, 'deep': {'a': [1, 'x']}}, 'header': {'requestId': 'r'}}),
    'unknown keys': ('POST', '/echo', {'data': [{**DOC, 'unheard_of': 1}], 'exec_endpoint': '/x', 'target_executor': None}),
    'results': ('POST', '/results', {'data': [DOC], 'parameters': {'a': 'b'}}),
    'other Documents': ('POST', '/newdocs', {'data': [DOC]}),
    'none left': ('POST', '/empty', {'data': [DOC]}),
    'an embedding': ('POST', '/embed', {'data': [DOC]}),
    'fields of all kinds': ('POST', '/echo', {'data': [{'id': 'f', 'uri': 'a.png', 'tags': {'x': 'y', 'f': 2.5}, 'weight': 0.5, 'chunks': [{'id': 'c'}],
                                                   'matches': [{'id': 'm', 'scores': {'cos': {'value': 0.5}}}], 'tensor': [1, 2, 3]}]}),
    'the function raises': ('POST', '/fail', {'data': [DOC]}),
    'a wrong result': ('POST', '/badreturn', {'data': [DOC]}),
    'several paths': ('POST', '/search', {'data': [DOC]}),
    'no data': ('POST', '/upper', {}),
    'null for data': ('POST', '/upper', {'data': None}),
    'a number for data': ('POST', '/upper', {'data': 5}),
    'a number for a Document': ('POST', '/upper', {'data': [DOC, 5]}),
    'a list for parameters': ('POST', '/upper', {'data': [DOC], 'parameters': [5]}),
    'a number for the header': ('POST', '/upper', {'data': [DOC], 'header': 5}),
    'a wrong weight': ('POST', '/upper', {'data': [{'weight': 'heavy'}]}),
    'broken JSON': ('POST', '/upper', '{"data":['),
    'no JSON': ('POST', '/upper', 'hello'),
    'an empty body': ('POST', '/upper', ''),
    'GET of a function': ('GET', '/upper'),
    'POST of a generator': ('POST', '/stream', {'data': [DOC]}),
    'unknown path': ('POST', '/nowhere', {'data': [DOC]}),
    'dry run': ('POST', '/_jina_dry_run_', {'data': []}),
    'wrong method': ('DELETE', '/'),
}


@pytest.mark.parametrize('case', CASES)
def test_answers_are_equal(real, subject, case):
    assert ask(subject, *CASES[case]) == ask(real, *CASES[case])


def test_a_body_without_a_type_is_no_json(real, subject):
    body = json.dumps({'data': [DOC]})
    assert ask(subject, 'POST', '/upper', body, {}) == ask(real, 'POST', '/upper', body, {})


def test_a_slash_too_many_is_redirected(real, subject):
    for port in (real, subject):
        assert ask(port, 'POST', '/upper/', {'data': []})['status'] == 307


def events(port, path, body=None):
    answer = ask(port, 'GET', path, body)
    assert (answer['status'], answer['type']) == (200, 'text/event-stream')
    found = []
    for block in answer['body'].split('\r\n\r\n'):
        fields = dict(line.split(': ', 1) for line in block.split('\r\n') if line)
        if fields:
            found.append((fields['event'], json.loads(fields['data']) if 'data' in fields else None))
    return found


@pytest.mark.parametrize('path, body', [('/stream?id=d&text=hello', None), ('/stream', {'id': 'd', 'text': 'in the body'}), ('/stream?foo=1&id=x', None)])
def test_events_are_equal(real, subject, path, body):
    got = events(subject, path, body)
    assert got == events(real, path, body)
    assert [name for name, _ in got] == ['update', 'update', 'update', 'end']


def test_the_description_names_the_same_paths(real, subject):
    paths = {name: set(methods) for name, methods in ask(real, 'GET', '/openapi.json')['body']['paths'].items()}
    ours = {name: set(methods) for name, methods in ask(subject, 'GET', '/openapi.json')['body']['paths'].items()}
    assert ours == paths
    assert ask(subject, 'GET', '/docs')['status'] == 200


def test_real_jinas_client(real, subject):
    for port in (real, subject):
        client = Client(host='127.0.0.1', port=port, protocol='http')
        answer = client.post('/upper', DocumentArray([Document(id=f'd{i}', text=f'hello {i}') for i in range(5)]), request_size=2)
        assert sorted(answer[:, 'text']) == [f'HELLO {i}' for i in range(5)]


def test_real_jinas_client_streams(real, subject):
    async def texts(port):
        client = Client(host='127.0.0.1', port=port, protocol='http', asyncio=True)
        return [doc.text async for doc in client.stream_doc(on='/stream', inputs=Document(id='d', text='hello'))]
    for port in (real, subject):
        assert asyncio.run(texts(port)) == ['hello 0', 'hello 1', 'hello 2']


def test_both_protocols_on_one_port(world):
    if world.subject_is_real:
        pytest.skip('real Jina needs a port for each')
    with world.scope():
        _, port = world.executor(program=world.subject, name='both', protocol='GRPC,HTTP')
        assert healthy(port)
        assert ask(port, 'POST', '/upper', {'data': [DOC]})['body']['data'][0]['text'] == 'HELLO'
        assert call(port, SINGLE, [data_request('/upper', [DOC]).SerializeToString()]).code == 'OK'


def test_real_jina_streams_through_grpc(world):
    """stream_doc of real Jina's Client, straight to an Executor of either side."""
    async def texts(port):
        client = Client(host='127.0.0.1', port=port, protocol='grpc', asyncio=True)
        return [doc.text async for doc in client.stream_doc(on='/stream', inputs=Document(id='d', text='hello'))]
    with world.scope():
        for program in (jina_of_this_python(), world.subject):
            _, port = world.executor(program=program, name='grpc-stream')
            assert asyncio.run(texts(port)) == ['hello 0', 'hello 1', 'hello 2']

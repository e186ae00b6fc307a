"""Endpoints that stream, through the gateway's HTTP port: GET /<endpoint> is answered with server-sent events, whether the Executor is
in a process of its own, in the gateway's, behind another one, or real Jina's; what goes wrong before and after the first event; clients
that go away or do not read; Executors that come and go."""
import asyncio
import contextlib
import http.client
import json
import socket
import subprocess

import pytest
from docarray import Document
from jina import Client

from support.flows import start_flow
from support.http import ask
from support.ports import free_port
from support.processes import HERE as CONFORMANCE, jina_of_this_python, wait_until
from test_samples import HERE

MODULE, ZOO = HERE / 'modules' / 'streaming.cpp', CONFORMANCE / 'executors' / 'zoo.cpp'

def flow_of(folder, colocate, before=''):
    (folder / 'flow.yml').write_text(f'''jtype: Flow
gateway: {{port: [0, 0], protocol: [grpc, http], title: Streams, description: Words as they come.}}
executors:
{before}
  - {{name: words, uses: Streaming, py_modules: {MODULE}, uses_with: {{folder: {folder}}}, colocate: {colocate}}}
''')
    return folder / 'flow.yml'


class Place:
    """A Flow with the folder that its Executor writes to."""

    def __init__(self, world, folder, *how):
        self.folder = folder
        self.flow = start_flow(world, flow_of(folder, *how), folder)
        self.port = self.flow.port('http')

    def get(self, path, body=None):
        return ask(self.port, path, body=body)

    def texts(self, path, body=None):
        answer = self.get(path, body)
        assert answer.status == 200, answer.text
        found = events(answer.text)
        assert found[-1] == ('end', None)
        return [data['text'] for name, data in found[:-1] if name == 'update']

    def said(self, name):
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / name).read_text()


@pytest.fixture(scope='module', params=['apart', 'together', 'behind another'])
def place(request, world, tmp_path_factory):
    before = f'  - {{name: zoo, uses: Zoo, py_modules: {ZOO}}}' if request.param == 'behind another' else ''
    with world.scope():
        yield Place(world, tmp_path_factory.mktemp('streams'), str(request.param == 'together').lower(), before)


def events(text):
    """(name, JSON) of each."""
    found = []
    for block in text.split('\r\n\r\n')[:-1]:
        fields = dict(line.split(': ', 1) for line in block.split('\r\n'))
        found.append((fields['event'], json.loads(fields['data']) if 'data' in fields else None))
    return found


def test_the_body_or_the_query_is_the_document(place):
    answer = place.get('/words', {'text': 'one two'})
    assert answer.headers['content-type'] == 'text/event-stream; charset=utf-8'
    assert (answer.headers['cache-control'], answer.headers['x-accel-buffering']) == ('no-cache', 'no')
    assert place.texts('/words', {'id': 'd', 'text': 'one two'}) == ['one', 'two']
    assert place.texts('/words?text=three+four&foo=1') == ['three', 'four']
    assert place.texts('/words') == []


def test_a_path_that_other_methods_have_too(place):
    assert place.texts('/search?text=a+b') == ['a', 'b']
    assert ask(place.port, '/index').status == 405


def test_real_jinas_client(place):
    async def texts(protocol, port):
        client = Client(host='127.0.0.1', port=port, protocol=protocol, asyncio=True)
        return [doc.text async for doc in client.stream_doc(on='/words', inputs=Document(id='d', text='one two three'))]
    for protocol in ('http', 'grpc'):
        assert asyncio.run(texts(protocol, place.flow.port(protocol))) == ['one', 'two', 'three']


def test_our_client(place, world):
    def run(endpoint, text):
        return subprocess.run([world.subject, 'client', f'http://127.0.0.1:{place.port}', '--on', endpoint, '--text', text, '--stream-doc'], capture_output=True, text=True, timeout=20)
    answer = run('/words', 'one two')
    assert answer.returncode == 0, answer.stderr
    assert [word in answer.stdout for word in ('one', 'two')] == [True, True]
    for endpoint in ('/boom', '/late'):
        failed = run(endpoint, 'x')
        assert failed.returncode == 1 and "ValueError('boom')" in failed.stderr, failed.stderr
    assert 'does not stream' in run('/upper', 'x').stderr


def test_what_the_function_raises(place):
    first = place.get('/boom?text=x')
    assert (first.status, first.json) == (499, {'detail': "ValueError('boom')"})
    (update, data), last = events(place.get('/late?text=x').text)
    assert (update, data['text']) == ('update', 'x')
    assert last == ('error', {'detail': "ValueError('boom')", 'status': 499})


def test_what_does_not_stream_is_refused(place):
    post = ask(place.port, '/words', 'POST', {'data': [{'text': 'x'}]})
    assert (post.status, post.headers['allow'], post.json['detail']) == (405, 'GET', 'Method Not Allowed: /words takes GET, not POST')
    get = place.get('/upper?text=x')
    assert get.status == 400 and 'POST /post with' in get.json['detail'], get.text
    assert place.get('/nowhere').json == {'detail': 'Not Found'}
    assert place.get('/words', {'weight': 'heavy'}).status == 422


def test_they_are_described(place):
    description = place.get('/openapi.json').json
    assert description['info']['title'] == 'Streams' and description['info']['description'] == 'Words as they come.'
    paths = {path for path, methods in description['paths'].items() if 'text/event-stream' in json.dumps(methods)}
    assert {'/words', '/boom', '/late', '/die', '/endless', '/search'} <= paths and '/upper' not in paths
    assert set(description['paths']['/search']) == {'get', 'post'}


def test_a_client_that_goes_away_ends_the_function(place):
    (place.folder / 'gone').unlink(missing_ok=True)
    connection = http.client.HTTPConnection('127.0.0.1', place.port, timeout=20)
    connection.request('GET', '/endless')
    assert connection.getresponse().read(20).startswith(b'event: update')
    connection.close()
    wait_until(lambda: place.said('gone'), 10, 'the function went on')


def test_a_client_that_does_not_read_holds_the_function_back(place):
    with socket.create_connection(('127.0.0.1', place.port), 20) as connection:
        connection.sendall(b'GET /endless HTTP/1.1\r\nHost: x\r\n\r\n')
        seen = []

        def rests():
            seen.append(int(place.said('made') or 0))
            return len(seen) > 3 and len(set(seen[-3:])) == 1 and seen[-1] > 1
        wait_until(rests, 20, 'the function was not held back')
        # What the sockets, a window of HTTP/2 and the queues hold: 16 Documents and some megabytes.
        assert seen[-1] < 300, 'more than 30 MB are on their way'


def test_real_jinas_executor(world):
    """Its generators too, in docarray v1."""
    with world.scope():
        _, executor = world.executor(program=jina_of_this_python())
        port = world.gateway({'zoo': executor}, ['http']).port['http']
        found = events(ask(port, '/stream', body={'id': 'd', 'text': 'hello'}).text)
        assert [data and data['text'] for _, data in found] == ['hello 0', 'hello 1', 'hello 2', None]


def test_an_executor_that_dies_is_named_in_the_last_event(world, tmp_path):
    with world.scope():
        place = Place(world, tmp_path, 'false')
        connection = http.client.HTTPConnection('127.0.0.1', place.port, timeout=20)
        connection.request('GET', '/die?text=x')
        answer = connection.getresponse()
        first = answer.read1()
        (tmp_path / 'go').write_text('')
        (update, _), (error, told) = events((first + answer.read()).decode())
        assert (update, error, told['status']) == ('update', 'error', 503) and 'deployment words' in told['detail'], told
        wait_until(lambda: place.get('/words?text=a').status == 200, 20, 'it did not come back')


def test_executors_come_and_go(world, tmp_path):
    with world.scope():
        executor = free_port()
        port = world.gateway({'words': executor}, ['http'], title='Come & go', description='Who is there.').port['http']
        information = ask(port, '/openapi.json').json['info']
        assert (information['title'], information['description']) == ('Come & go', 'Who is there.'), 'whoever can not be asked'
        assert '<title>Come &amp; go' in ask(port, '/docs').text
        nobody = ask(port, '/words?text=a')
        assert nobody.status == 503 and 'deployment words' in nobody.json['detail'], nobody.text

        def start(uses, module, **options):
            command = [world.subject, 'executor', '--uses', uses, '--py-modules', module, '--name', 'words', '--port', executor]
            return world.processes.start('words', [*command, *(part for name, value in options.items() for part in (f'--{name}', value))])
        process = start('Streaming', MODULE, **{'uses-with': json.dumps({'folder': str(tmp_path)})})
        wait_until(lambda: ask(port, '/words?text=a').status == 200, 120, 'its endpoints were not found')
        assert '/words' in ask(port, '/openapi.json').json['paths']
        world.processes.stop(process)
        wait_until(lambda: ask(port, '/words?text=a').status == 503, 20, 'it still streams')
        start('Zoo', ZOO)
        wait_until(lambda: ask(port, '/stream?text=a').status == 200, 120, 'the endpoints of the other one were not found')
        wait_until(lambda: ask(port, '/words?text=a').status == 404, 20, 'an endpoint of the one before is still there')
        assert '/words' not in ask(port, '/openapi.json').json['paths']

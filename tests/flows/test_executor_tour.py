"""examples/executors: a function of every kind, asked as docs/executors.md says; in processes of their own, in the gateway's, over HTTP."""
import json
import urllib.request

import pytest
from docarray import Document, DocumentArray
from jina import Client

from support.fixtures import ROOT
from support.flows import start_flow
from support.http import answers, ask
from support.ports import free_port

TOUR = ROOT / 'examples' / 'executors'


@pytest.fixture(scope='module', params=['in a process', 'in the gateway'])
def post(request, world, tmp_path_factory):
    """post(endpoint, texts, ...) of a Flow with the Tour alone."""
    folder = tmp_path_factory.mktemp('tour')
    port, colocate = free_port(), 'true' if request.param == 'in the gateway' else 'false'
    (folder / 'flow.yml').write_text(f'jtype: Flow\ngateway: {{port: {port}}}\nexecutors:\n'
                                     f'  - {{name: tour, uses: {TOUR / "config.yml"}, colocate: {colocate}}}\n')
    with world.scope():
        start_flow(world, folder / 'flow.yml', folder)
        client = Client(port=port)
        yield lambda on, texts, **options: client.post(on, DocumentArray(Document(text=text) for text in texts), **options)


def test_documents_in_place_with_parameters(post):
    assert post('/welcome', ['Ada']).texts == ['hi Ada']
    assert post('/welcome', ['Ada'], parameters={'name': 'Bob'}).texts == ['hi Bob']


def test_other_documents(post):
    assert post('/reverse', ['one', 'two', 'three']).texts == ['three', 'two', 'one']


def test_results(post):
    [response] = post('/count', ['one', 'two'], return_responses=True)
    assert list(response.parameters['__results__'].values()) == [{'count': 2}]


def test_a_coroutine(post):
    assert post('/slow', ['x']).texts == ['read from a database']


def test_a_batch_of_two_requests(post):
    docs = post('/embed', ['one', 'three'], request_size=2)
    assert [doc.embedding.tolist() for doc in docs] == [[3], [5]]
    assert [doc.tags['batch'] for doc in docs] == [2, 2]


def test_functions_of_several_threads_and_of_none(post):
    assert len({doc.tags['hash'] for doc in post('/hash', ['a', 'b', 'a'])}) == 2
    assert post('/whatever', ['untouched']).texts == ['untouched']


def test_a_function_bound_by_the_yaml_is_served_there_and_nowhere_else(post):
    assert post('/greet', ['Ada']).texts == ['Ada']


@pytest.fixture(scope='module')
def http(world):
    port = free_port()
    with world.scope():
        process = world.processes.start('tour', [world.subject, 'executor', '--uses', TOUR / 'tour.cpp', '--protocol', 'http', '--port', port])
        process.wait_ready(lambda: answers(port), deadline_s=120)
        yield port


def test_http(http):
    answer = ask(http, '/greet', method='POST', body={'data': [{'text': 'Ada'}]})
    assert answer.status == 200 and answer.json['data'][0]['text'] == 'hello Ada'


def test_a_generator_as_events(http):
    with urllib.request.urlopen(f'http://127.0.0.1:{http}/words?text=one+two+three', timeout=20) as answer:
        assert answer.headers['content-type'].startswith('text/event-stream')
        events = [json.loads(line[6:]) for line in answer.read().decode().splitlines() if line.startswith('data: {')]
    assert [event['text'] for event in events] == ['one', 'two', 'three']

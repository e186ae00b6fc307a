"""Real Jina's Client, over every protocol, through three set-ups in which one side is real Jina and the other is the subject."""
import asyncio
import collections

import numpy as np
import pytest
from docarray.score import NamedScore
from jina import Client, Document, DocumentArray
from jina.excepts import BadServer

from support.ports import ClosedPort

PROTOCOLS = ('grpc', 'http', 'websocket')
SET_UPS = ('subject gateway, real Executor', 'subject gateway, subject Executor', 'real gateway, subject Executor')


@pytest.fixture(params=SET_UPS)
def gateway(request, set_ups):
    return set_ups(request.param)


@pytest.fixture(params=PROTOCOLS)
def protocol(request):
    return request.param


@pytest.fixture
def client(gateway, protocol):
    return Client(host='127.0.0.1', port=gateway.port[protocol], protocol=protocol)


def texts(documents):
    return [document.text for document in documents]


def numbered(count):
    return DocumentArray([Document(id=f'd{number}', text=f'text {number}') for number in range(count)])


def test_documents_come_back_changed(client):
    answer = client.post('/upper', inputs=numbered(3))
    assert texts(answer) == ['TEXT 0', 'TEXT 1', 'TEXT 2']
    assert [document.id for document in answer] == ['d0', 'd1', 'd2']


def test_batches(client):
    answer = client.post('/upper', inputs=numbered(250), request_size=20)
    assert sorted(texts(answer)) == sorted(f'TEXT {number}' for number in range(250))


# Jina's HTTP and WebSocket clients wait for ever when results_in_order is set and the last answer comes before their own thread
# has told them that there are no more inputs; an Executor that takes its time keeps them out of that race.
UNHURRIED = {'seconds': 0.05}


def test_results_in_order(client):
    answer = client.post('/sleep', inputs=numbered(30), request_size=3, results_in_order=True, parameters=UNHURRIED)
    assert texts(answer) == [f'text {number}' for number in range(30)]


def test_a_large_batch(client):
    documents = DocumentArray([Document(id=f'd{number}', text='x' * 1000, tags={'n': number}) for number in range(1000)])
    answer = client.post('/echo', inputs=documents, request_size=1000)
    assert len(answer) == 1000 and {document.tags['n'] for document in answer} == set(range(1000))


def test_parameters_reach_their_executor(client):
    answer = client.post('/params', inputs=numbered(1), parameters={'k': 1, 'zoo__own': 'x', 'other__own': 'y', 'deep': {'list': [1, None, True]}})
    seen = answer[0].tags['seen'].replace('1.0', '1').replace(' ', '')
    assert '"own":"x"' in seen and '"k":1' in seen and '"list":[1,null,true]' in seen and 'other' not in seen


def test_results_in_parameters(client):
    answer = client.post('/results', inputs=numbered(2), return_responses=True)
    results, = answer[0].parameters['__results__'].values()
    assert results == {'count': 2, 'nested': {'ok': True}}


def test_target_executor(client):
    assert texts(client.post('/upper', inputs=numbered(1), target_executor='zoo')) == ['TEXT 0']
    assert texts(client.post('/upper', inputs=numbered(1), target_executor='other')) == ['text 0']


def test_an_endpoint_that_nobody_binds(client):
    assert texts(client.post('/nobody', inputs=numbered(2))) == ['text 0', 'text 1']


def test_new_documents_and_none(client):
    assert texts(client.post('/newdocs', inputs=numbered(1))) == ['new 0', 'new 1']
    assert len(client.post('/empty', inputs=numbered(1))) == 0


def test_executor_error(client):
    called = collections.Counter()
    client.post('/fail', inputs=numbered(1), on_error=lambda response: called.update(['error']),
                on_done=lambda response: called.update(['done']), on_always=lambda response: called.update(['always']))
    assert called == {'error': 1, 'always': 1}
    failed = []
    client.post('/fail', inputs=numbered(1), on_error=failed.append)
    status = failed[0].header.status
    assert status.code == status.ERROR and 'boom' in status.description
    # the next request is untouched
    assert texts(client.post('/upper', inputs=numbered(1))) == ['TEXT 0']


def test_an_error_does_not_end_the_stream(client):
    """Ten requests of one stream fail, each is answered."""
    failed = []
    client.post('/fail', inputs=numbered(10), request_size=1, continue_on_error=True, on_error=failed.append)
    assert len(failed) == 10


TENSORS = {
    'float32': np.arange(6, dtype='<f4').reshape(2, 3) / 4,
    'float64': np.array([0.1, -2.5, 1e300]),
    'int64': np.array([[1, -2], [2**53, 0]]),
    'uint8': np.arange(12, dtype='u1').reshape(2, 2, 3),
    'bool': np.array([True, False]),
}


@pytest.mark.parametrize('kind', TENSORS)
def test_tensors(client, kind):
    sent = TENSORS[kind]
    answer, = client.post('/echo', inputs=DocumentArray([Document(id='t', tensor=sent, embedding=sent)]))
    for got in (answer.tensor, answer.embedding):
        got = np.asarray(got)
        assert got.shape == sent.shape and np.array_equal(got.astype(sent.dtype), sent)


def test_every_field(client):
    document = Document(id='d1', blob=bytes(range(256)), tags={'s': 'x', 'n': 1.5, 'l': [1, 'a', None], 'o': {'p': {'q': [True]}}},
                        uri='http://example.org/a.png', modality='m', weight=0.5, offset=1.5, location=[1.0, 2.5])
    document.scores['cos'] = NamedScore(value=0.25)
    document.chunks.append(Document(id='c1', text='chunk'))
    document.chunks[0].matches.append(Document(id='cm1', text='match of a chunk'))
    document.matches.append(Document(id='m1', embedding=np.array([1.0, 2.0])))
    answer, = client.post('/echo', inputs=DocumentArray([document]))
    assert answer.blob == bytes(range(256))
    assert answer.tags == document.tags
    assert (answer.uri, answer.modality, answer.weight, answer.offset, list(answer.location)) == ('http://example.org/a.png', 'm', 0.5, 1.5, [1.0, 2.5])
    assert answer.scores['cos'].value == 0.25
    assert answer.chunks[0].text == 'chunk' and answer.chunks[0].matches[0].text == 'match of a chunk'
    assert list(np.asarray(answer.matches[0].embedding)) == [1.0, 2.0]


def test_unicode(client):
    answer, = client.post('/upper', inputs=DocumentArray([Document(id='ünï-😀', text='straße 漢字 😀')]))
    assert answer.id == 'ünï-😀' and answer.text.endswith('漢字 😀')


def test_is_flow_ready(client):
    assert client.is_flow_ready()


def test_unary_calls(gateway):
    client = Client(host='127.0.0.1', port=gateway.port['grpc'], protocol='grpc')
    answer = client.post('/upper', inputs=numbered(20), request_size=2, stream=False)
    assert sorted(texts(answer)) == sorted(f'TEXT {number}' for number in range(20))


@pytest.mark.parametrize('compression', ['Gzip', 'Deflate'])
def test_compressed_calls(gateway, compression):
    client = Client(host='127.0.0.1', port=gateway.port['grpc'], protocol='grpc')
    documents = DocumentArray([Document(text='compress me ' * 1000)])
    for stream in (True, False):
        answer, = client.post('/echo', inputs=documents, compression=compression, stream=stream)
        assert answer.text == documents[0].text


def test_asyncio_clients_at_once(gateway, protocol):
    async def one(number):
        client = Client(host='127.0.0.1', port=gateway.port[protocol], protocol=protocol, asyncio=True)
        answers = []
        async for answer in client.post('/upper', inputs=DocumentArray([Document(text=f'task {number}')])):
            answers += texts(answer)
        return answers

    async def all_of_them():
        return await asyncio.gather(*(one(number) for number in range(20)))

    assert asyncio.run(all_of_them()) == [[f'TASK {number}'] for number in range(20)]


def test_asyncio_stream_and_readiness(gateway, protocol):
    async def converse():
        client = Client(host='127.0.0.1', port=gateway.port[protocol], protocol=protocol, asyncio=True)
        assert await client.is_flow_ready()
        answers = []
        async for answer in client.post('/sleep', inputs=numbered(40), request_size=4, results_in_order=True, parameters=UNHURRIED):
            answers += texts(answer)
        return answers

    assert asyncio.run(converse()) == [f'text {number}' for number in range(40)]


def stream_doc(gateway, endpoint):
    async def converse():
        client = Client(host='127.0.0.1', port=gateway.port['grpc'], protocol='grpc', asyncio=True)
        return [document.text async for document in client.stream_doc(on=endpoint, inputs=Document(id='d', text='hello'))]
    return asyncio.run(converse())


def test_generator_endpoint(set_ups):
    assert stream_doc(set_ups('subject gateway, real Executor'), '/stream') == ['hello 0', 'hello 1', 'hello 2']


def test_streaming_from_an_endpoint_that_is_no_generator(gateway):
    with pytest.raises(BadServer, match='endpoint must be generator'):
        stream_doc(gateway, '/upper')


@pytest.fixture(scope='module')
def gateway_before_nothing(world):
    closed = ClosedPort()
    with world.scope():
        yield world.gateway({'zoo': closed.port}, PROTOCOLS, one_port=not world.subject_is_real, retries='0')
    closed.close()


def test_executor_down(gateway_before_nothing, protocol):
    client = Client(host='127.0.0.1', port=gateway_before_nothing.port[protocol], protocol=protocol)
    assert not client.is_flow_ready()
    with pytest.raises(ConnectionError, match='zoo|deployment'):
        client.post('/upper', inputs=numbered(1))

"""GatewayStreamer inside a gateway: all ways of sending Documents to the Executors."""
import pytest

from gateways import MODULES, start
from support.ports import ClosedPort


@pytest.fixture(scope='module')
def streams(world, upper):
    with world.scope():
        yield start(world, 'Streams', {'upper': upper}, modules=[MODULES / 'streams.cpp'])


def test_stream_docs_cuts_into_requests(streams):
    answer = streams.ask('/stream_docs?text=a&text=b&text=c&size=2')
    assert answer.json == [['A', 'B'], ['C']]


def test_stream_docs_takes_an_endpoint(streams):
    assert streams.ask('/stream_docs?text=a&endpoint=/upper').json == [['A']]
    assert streams.ask('/stream_docs?text=a&endpoint=/nobody').json == [['a']]  # unbound: comes back as it was


def test_stream_tells_of_routes_and_errors(streams):
    good = streams.ask('/stream?text=a').json
    assert good == [{'texts': ['A'], 'routes': ['gateway', 'upper'], 'error': None}]
    [failed] = streams.ask('/stream?text=a&endpoint=/raise').json
    assert failed['texts'] == ['a']
    assert 'always fails on /raise' in failed['error']


@pytest.mark.parametrize('how', ['post', 'blocking', 'callback', 'executor'])
def test_all_answers_put_together(streams, how):
    assert streams.ask(f'/{how}?text=a&text=b&text=c&size=2').json == ['A', 'B', 'C']


def test_an_executor_that_raised_is_no_success_of_post(streams):
    """`post` has no place for the error: it throws, the client gets an id, the log the error."""
    answer = streams.ask('/post?text=a&endpoint=/raise')
    assert answer.status == 500
    assert 'always fails' not in answer.text
    assert answer.json['id'] in streams.process.log()
    assert 'always fails on /raise' in streams.process.log()


@pytest.mark.parametrize('how', ['stream_docs', 'post', 'blocking', 'callback', 'executor'])
def test_an_executor_that_is_not_there(scoped, how):
    closed = ClosedPort()
    try:
        gateway = start(scoped, 'Streams', {'upper': closed.port}, modules=[MODULES / 'streams.cpp'])
        answer = gateway.ask(f'/{how}?text=a')
        assert answer.status in (500, 503)
        assert 'upper' in gateway.process.log()
        assert str(closed.port) in gateway.process.log()
    finally:
        closed.close()

"""Fixtures: the subject under test (JINA_BIN), real Jina beside it, and what runs for a whole session."""
import grpc
import pytest

from support.fixtures import *  # noqa: F401,F403: what every suite has
from support.processes import jina_of_this_python
from support.spy import Spy
from support.wire import CHANNEL_OPTIONS, SINGLE, call, data_request, message


@pytest.fixture(scope='session')
def python_zoo(world):
    """Port of a real Jina Executor with one endpoint per behaviour."""
    return world.executor()[1]


@pytest.fixture(scope='session')
def subject_zoo(world):
    """Port of the subject's own Executor: zoo.cpp, or zoo.py where the subject is real Jina."""
    return world.executor(program=world.subject)[1]


@pytest.fixture(scope='module')
def set_ups(world, python_zoo, subject_zoo):
    """set_ups(NAME) -> gateway, for clients; the subject serves all protocols on one port, which real Jina cannot.

    The Executors are asked for here, not where they are first needed: what starts inside the scope ends with it."""
    running = {}

    def get(name):
        if name not in running:
            program = jina_of_this_python() if name.startswith('real gateway') else world.subject
            zoo = python_zoo if name.endswith('real Executor') else subject_zoo
            one_port = program == world.subject and not world.subject_is_real
            running[name] = world.gateway({'zoo': zoo}, ('grpc', 'http', 'websocket'), program=program, one_port=one_port, timeout_send='20000')
        return running[name]
    with world.scope():
        yield get


@pytest.fixture(scope='session')
def spy(python_zoo):
    proxy = Spy(python_zoo)
    yield proxy
    proxy.close()


@pytest.fixture(scope='module')
def bad_input_gateway(world, python_zoo):
    """All protocols on one port, in front of a good Executor."""
    if world.subject_is_real:
        pytest.skip('how real Jina takes bad input is not tested here')
    with world.scope():
        yield world.gateway({'zoo': python_zoo}, ['grpc', 'http', 'websocket'], one_port=True)


@pytest.fixture
def gateway_port(bad_input_gateway):
    return bad_input_gateway.port['grpc']


@pytest.fixture
def nobody_else_notices(bad_input_gateway):
    """Around a test: a call that is under way gets its answer, and the process lives."""
    port = bad_input_gateway.port['grpc']
    request = data_request('/sleep', [{'id': 'd1', 'text': 'other'}], parameters={'seconds': 0.1}).SerializeToString()
    with grpc.insecure_channel(f'127.0.0.1:{port}', CHANNEL_OPTIONS) as channel:
        other = channel.unary_unary(SINGLE.path).future(request, timeout=20)
        yield
        assert message(SINGLE.response, other.result()).data.docs.docs[0].text == 'other'
    assert bad_input_gateway.process.alive()
    assert call(port, SINGLE, [request]).code == 'OK'

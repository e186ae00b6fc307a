"""Recorded WebSocket conversations with the gateway, and what it sends to the Executor for them."""
import pytest

from support import golden, http_case, ws_case
from support.compare import check

SPOKEN = golden.cases('ws', 'websocket')
PLAIN_HTTP = golden.cases('ws', 'http')


@pytest.fixture(scope='module')
def gateway(world, spy):
    with world.scope():
        yield world.gateway({'zoo': spy.port}, ['websocket'], timeout_send='1000')


@pytest.mark.parametrize('case', SPOKEN, ids=golden.name_of)
def test_gateway_converses_as_recorded(case, gateway, spy, world):
    check(golden.name_of(case), ws_case.expected(case), ws_case.replay(case, gateway.port['websocket'], spy), world.subject_is_real)


@pytest.mark.parametrize('case', PLAIN_HTTP, ids=golden.name_of)
def test_plain_http_on_the_websocket_port(case, gateway, spy, world):
    check(golden.name_of(case), http_case.expected(case), http_case.replay(case, gateway.port['websocket'], spy), world.subject_is_real)


def test_every_recorded_case_is_replayed():
    assert len(SPOKEN) == 37 and len(PLAIN_HTTP) == 3

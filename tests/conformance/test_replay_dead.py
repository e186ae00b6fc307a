"""Recorded requests to a gateway whose Executor's port is closed."""
import pytest

from support import golden, grpc_case, http_case, ws_case
from support.compare import check
from support.ports import ClosedPort

EXPOSED = {'/embed': {'http_path': '/emb', 'methods': ['GET']}}
REPLAY = {'grpc': grpc_case, 'http': http_case, 'websocket': ws_case}
CASES = [case for protocol in REPLAY for case in golden.cases('dead', protocol)]


@pytest.fixture(scope='module')
def closed_port():
    closed = ClosedPort()
    yield closed.port
    closed.close()


@pytest.fixture(scope='module')
def gateway(world, closed_port):
    with world.scope():
        yield world.gateway({'zoo': closed_port}, list(REPLAY), retries='0', expose_endpoints=EXPOSED)


@pytest.mark.parametrize('case', CASES, ids=golden.name_of)
def test_gateway_answers_as_recorded(case, gateway, world):
    kind = REPLAY[case['protocol']]
    check(golden.name_of(case), kind.expected(case), kind.replay(case, gateway.port[case['protocol']]), world.subject_is_real)


def test_every_recorded_case_is_replayed():
    assert len(CASES) == 12

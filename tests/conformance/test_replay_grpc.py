"""Recorded gRPC calls at the gateway, and what it sends to the Executor for them."""
import pytest

from support import golden, grpc_case, masks
from support.compare import check
from support.spy import Spy
from support.upstream import half_seconds
from support.wire import SINGLE, call, data_request

OF_ITS_OWN = ('first_request_upstream', 'gateway_endpoint_discovery', 'not_bound_after_discovery', 'blob_1mib')
REPLAYED = golden.cases('grpc', 'grpc', without=OF_ITS_OWN)
ARGUMENTS = {'timeout_send': '1000', 'deployments_metadata': {'zoo': {'x-dep': 'v1'}}}
HELLO = data_request('/upper', [{'id': 'd1', 'text': 'hello'}]).SerializeToString()


@pytest.fixture(scope='module')
def gateway(world, spy):
    """A gateway with one Executor behind the spy, and one request through it already."""
    with world.scope():
        started = world.gateway({'zoo': spy.port}, **ARGUMENTS)
        call(started.port['grpc'], SINGLE, [HELLO])
        yield started


@pytest.mark.parametrize('case', REPLAYED, ids=golden.name_of)
def test_gateway_answers_as_recorded(case, gateway, spy, world):
    check(golden.name_of(case), grpc_case.expected(case), grpc_case.replay(case, gateway.port['grpc'], spy), world.subject_is_real)


def test_a_mebibyte_comes_back(gateway):
    case = golden.case_named('grpc/blob_1mib')
    request, = golden.requests_of(case)
    got = call(gateway.port['grpc'], SINGLE, [request])
    assert got.code == 'OK'
    sent, answered = (masks.proto(SINGLE.request, data)['data'] for data in (request, got.messages[0]))
    assert sent['docs']['docs'][0]['blob'] == answered['docs']['docs'][0]['blob']


def test_endpoint_discovery_and_what_follows(world, spy):
    """On a gateway of its own: real Jina routes differently for ever after this call."""
    with world.scope():
        port = world.gateway({'zoo': spy.port}, **ARGUMENTS).port['grpc']
        call(port, SINGLE, [HELLO])
        for name in ('grpc/gateway_endpoint_discovery', 'grpc/not_bound_after_discovery'):
            case = golden.case_named(name)
            actual = grpc_case.replay(case, port, spy)
            for message in actual['messages']:  # what each endpoint takes: tested with the Executor
                message.pop('schemas', None)
            check(name, grpc_case.expected(case), actual, world.subject_is_real)


def test_first_request_on_a_fresh_gateway(world, python_zoo):
    """Which calls an Executor sees for the very first request, in no order."""
    spy = Spy(python_zoo)
    with world.scope():
        port = world.gateway({'zoo': spy.port}, **ARGUMENTS).port['grpc']
        assert spy.seen() == [], 'no call before the first request'
        assert call(port, SINGLE, [HELLO]).code == 'OK'
        actual = [{'method': seen.method, 'metadata': seen.metadata, 'timeout_s': half_seconds(seen.timeout_s)} for seen in spy.seen()]
    spy.close()
    recorded = golden.read_json('grpc/first_request_upstream.json')
    expected = [{'method': entry['method'], 'metadata': [pair for pair in entry['metadata'] if pair[0] != 'user-agent'],
                 'timeout_s': half_seconds(entry['timeout_s'])} for entry in recorded]
    check('grpc/first_request_upstream', {'calls': by_method(expected)}, {'calls': by_method(actual)}, world.subject_is_real)


def by_method(calls):
    return sorted(calls, key=lambda entry: entry['method'])


def test_every_recorded_case_is_replayed():
    assert len(REPLAYED) + len(OF_ITS_OWN) == len(golden.cases('grpc', 'grpc')) == 71

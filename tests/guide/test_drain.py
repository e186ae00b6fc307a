"""Stopping: health checks say so first, then no connection is taken any more, then what runs is finished."""
import os
import signal

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from gateways import EXAMPLES, MODULES, CustomGateway, answers, ask, start
from support.processes import wait_until

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
KINDS = {'built-in': [], 'custom': ['--uses', 'Everything', '--modules', str(MODULES / 'protocols.cpp')]}


@pytest.fixture(params=KINDS)
def gateway(request, scoped):
    """All protocols on one port, with some seconds between the signal and the end."""
    from support.ports import free_port
    port = free_port()
    command = [scoped.subject, 'gateway', '--port', str(port), '--protocol', 'grpc', 'http', 'websocket', '--drain-delay', '3000',
               *KINDS[request.param]]
    process = scoped.processes.start('gateway', command)
    process.wait_ready(lambda: answers(port), deadline_s=120)
    return CustomGateway(process, port)


def check(port):
    with grpc.insecure_channel(f'127.0.0.1:{port}', [('grpc.use_local_subchannel_pool', 1)]) as channel:
        return health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10).status


def test_health_turns_before_connections_are_refused(gateway):
    assert (gateway.ask('/readyz').status, gateway.ask('/readyz').json) == (200, {'status': 'ready'})
    assert check(gateway.port) == SERVING
    os.kill(gateway.process.pid, signal.SIGTERM)
    wait_until(lambda: gateway.ask('/readyz').status == 503, 3, '/readyz did not turn')
    # Whoever has not looked yet is served all the same.
    assert gateway.ask('/readyz').json == {'status': 'not ready'}
    assert check(gateway.port) == NOT_SERVING
    assert gateway.ask('/livez').status == 200
    assert gateway.ask('/dry_run').json['code'] == 0
    assert gateway.process.wait(20) == 0
    assert not answers(gateway.port)


def test_who_watches_is_told_and_not_waited_for(gateway):
    with grpc.insecure_channel(f'127.0.0.1:{gateway.port}') as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=30)
        assert next(watch).status == SERVING
        os.kill(gateway.process.pid, signal.SIGTERM)
        assert next(watch).status == NOT_SERVING
        with pytest.raises(grpc.RpcError) as ended:
            next(watch)
    assert ended.value.code() == grpc.StatusCode.UNAVAILABLE
    assert gateway.process.wait(8) == 0  # and not the grace time of 10 s


def test_without_a_delay_it_ends_at_once(scoped):
    mine = start(scoped, 'DummyHttpGateway', modules=[EXAMPLES / 'guide' / 'dummy_http_gateway.cpp'])
    os.kill(mine.process.pid, signal.SIGTERM)
    assert mine.process.wait(3) == 0


def test_routes_of_the_user_come_first(scoped):
    mine = start(scoped, 'OwnHealth', modules=[MODULES / 'own_health.cpp'])
    assert ask(mine.port, '/livez').text == 'mine'
    assert ask(mine.port, '/readyz').text == 'mine'

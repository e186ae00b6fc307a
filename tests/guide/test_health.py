"""Health checks of custom gateways, as an orchestrator makes them: the first port, in its first protocol."""
import subprocess

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from gateways import EXAMPLES, MODULES, start
from support.flows import start_flow
from support.ports import ClosedPort, free_port

MODULE = MODULES / 'protocols.cpp'


def ping(world, *words):
    return subprocess.run([world.subject, 'ping', *words], capture_output=True, text=True, timeout=60)


@pytest.fixture(scope='module')
def gateway(world):
    with world.scope():
        yield start(world, 'Everything', modules=[MODULE], protocol=['GRPC', 'HTTP', 'WEBSOCKET'])


def test_the_grpc_health_service(gateway):
    with grpc.insecure_channel(f'127.0.0.1:{gateway.port}') as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_get_root_is_200(gateway):
    assert gateway.ask('/').status == 200


def test_livez_and_readyz(gateway):
    assert gateway.ask('/livez').status == 200
    assert gateway.ask('/readyz').status == 200


@pytest.mark.parametrize('scheme', ['grpc', 'http', 'ws'])
def test_ping_by_protocol(world, gateway, scheme):
    answer = ping(world, f'{scheme}://127.0.0.1:{gateway.port}')
    assert answer.returncode == 0, answer.stderr
    assert 'ready' in answer.stdout


def test_ping_as_real_jina_spells_it(world, gateway):
    assert ping(world, 'gateway', f'http://127.0.0.1:{gateway.port}').returncode == 0


def test_real_jina_pings_it_too(gateway):
    from support.processes import jina_of_this_python
    answer = subprocess.run([jina_of_this_python(), 'ping', 'gateway', f'grpc://127.0.0.1:{gateway.port}'], capture_output=True, timeout=120)
    assert answer.returncode == 0


def test_a_server_of_its_own_passes_too(world, scoped):
    mine = start(scoped, 'MyGateway', modules=[EXAMPLES / 'guide' / 'my_gateway.cpp'], uses_with={'foo': 'bar'})
    assert ping(world, f'http://127.0.0.1:{mine.port}').returncode == 0


def test_an_unhealthy_gateway_is_not_ready(world, scoped):
    mine = start(scoped, 'Unhealthy', modules=[MODULE])
    answer = ping(world, f'http://127.0.0.1:{mine.port}')
    assert answer.returncode == 1
    assert '500' in answer.stderr and '200' in answer.stderr


def test_nobody_there(world):
    closed = ClosedPort()
    try:
        for scheme in ('grpc', 'http', 'ws'):
            answer = ping(world, f'{scheme}://127.0.0.1:{closed.port}', '--timeout', '2000')
            assert answer.returncode == 1
            assert 'not ready' in answer.stderr
    finally:
        closed.close()


def test_attempts(world, gateway):
    answer = ping(world, f'http://127.0.0.1:{gateway.port}', '--attempts', '3', '--min-successful-attempts', '3')
    assert answer.returncode == 0
    assert len(answer.stdout.splitlines()) == 3


def test_only_the_first_port_counts_for_a_flow(world, scoped, tmp_path):
    """A Flow is ready when its gateway's first port says so in the first protocol."""
    port, flow = free_port(), tmp_path / 'flow.yml'
    flow.write_text(f"""
jtype: Flow
gateway:
  uses: MyGrpc
  py_modules: {MODULE}
  port: {port}
  protocol: grpc
executors:
  - name: upper
    uses: BaseExecutor
""")
    start_flow(scoped, flow, tmp_path)
    assert ping(world, f'grpc://127.0.0.1:{port}').returncode == 0

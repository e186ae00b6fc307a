"""`jina ping`: the subject's at real Jina's gateway and Executor, real Jina's at the subject's, and what goes over the wire."""
import base64
import subprocess

import pytest

from support import golden
from support.ports import ClosedPort, free_port
from support.processes import ENVIRONMENT, jina_of_this_python
from support.spy import Spy
from support.tap import Tap

PROTOCOLS = ('grpc', 'http', 'websocket')
SCHEME = {'grpc': 'grpc', 'http': 'http', 'websocket': 'ws'}


def ping(program, *arguments):
    return subprocess.run([program, 'ping', *arguments], env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope='module')
def sides(world, python_zoo, subject_zoo):
    """(who pings, gateway, Executor port): once the subject pings real Jina, once the other way round."""
    real = jina_of_this_python()
    with world.scope():
        yield {'subject pings real Jina': (world.subject, world.gateway({'zoo': python_zoo}, PROTOCOLS, program=real), python_zoo),
               'real Jina pings subject': (real, world.gateway({'zoo': subject_zoo}, PROTOCOLS), subject_zoo)}


@pytest.fixture(params=['subject pings real Jina', 'real Jina pings subject'])
def side(request, sides):
    return sides[request.param]


@pytest.mark.parametrize('protocol', PROTOCOLS)
@pytest.mark.parametrize('target', ['flow', 'gateway'])
def test_all_is_well(side, target, protocol):
    program, gateway, _ = side
    result = ping(program, target, f'{SCHEME[protocol]}://127.0.0.1:{gateway.port[protocol]}')
    assert result.returncode == 0, result.stdout + result.stderr


def test_executor(side):
    program, gateway, executor_port = side
    assert ping(program, 'executor', f'127.0.0.1:{executor_port}').returncode == 0
    assert ping(program, 'gateway', f'127.0.0.1:{gateway.port["grpc"]}').returncode == 0


def test_executor_down(side, world):
    """The flow is not ready, its gateway is."""
    program = side[0]
    closed = ClosedPort()
    gateway_program = jina_of_this_python() if program == world.subject else world.subject
    with world.scope():
        gateway = world.gateway({'zoo': closed.port}, ['grpc'], program=gateway_program, retries='0')
        address = f'grpc://127.0.0.1:{gateway.port["grpc"]}'
        assert ping(program, 'flow', address).returncode == 1
        assert ping(program, 'gateway', address).returncode == 0
    closed.close()


@pytest.mark.parametrize('target', ['flow', 'gateway', 'executor'])
def test_nobody_listens(world, target):
    result = ping(world.subject, target, f'127.0.0.1:{free_port()}', '--timeout', '500')
    assert result.returncode == 1


def test_attempts(world, subject_zoo):
    closed = ClosedPort()
    assert ping(world.subject, 'executor', f'127.0.0.1:{subject_zoo}', '--attempts', '2', '--min-successful-attempts', '2').returncode == 0
    assert ping(world.subject, 'executor', f'127.0.0.1:{closed.port}', '--attempts', '2', '--min-successful-attempts', '1').returncode == 1
    closed.close()


def test_the_form_of_the_guide(world, sides):
    """`jina ping <protocol>://host:port`, which real Jina 3.25 does not take."""
    if world.subject_is_real:
        pytest.skip('real Jina wants a target first')
    gateway = sides['real Jina pings subject'][1]
    for protocol in PROTOCOLS:
        assert ping(world.subject, f'{SCHEME[protocol]}://127.0.0.1:{gateway.port[protocol]}').returncode == 0
    assert ping(world.subject, f'grpc://127.0.0.1:{free_port()}').returncode == 1


@pytest.fixture(scope='module')
def recorded():
    return golden.read_json('client/ping.json')


@pytest.mark.parametrize('target', ['flow', 'gateway', 'executor'])
def test_grpc_calls_are_the_recorded_ones(world, sides, recorded, target):
    spy = Spy(sides['real Jina pings subject'][1].port['grpc'])
    # Jina waits one second for gateways and Executors whatever --timeout says.
    timeout = [] if target == 'flow' else ['--timeout', '1000']
    result = ping(world.subject, target, f'grpc://127.0.0.1:{spy.port}', *timeout)
    calls = [{'method': seen.method, 'timeout_s': None if seen.timeout_s is None else float(round(seen.timeout_s)),
              'request_bytes': len(seen.requests[0])} for seen in spy.seen()]
    spy.close()
    assert {'exit': result.returncode, 'calls': calls} == recorded[f'grpc {target}']


@pytest.mark.parametrize('protocol', ['http', 'websocket'])
@pytest.mark.parametrize('target', ['flow', 'gateway'])
def test_http_and_websocket_calls_are_the_recorded_ones(world, sides, recorded, protocol, target):
    tap = Tap(sides['real Jina pings subject'][1].port[protocol])
    result = ping(world.subject, target, f'{SCHEME[protocol]}://127.0.0.1:{tap.port}')
    requests = tap.requests()
    tap.close()
    expected = recorded[f'{protocol} {target}']
    assert result.returncode == expected['exit']
    assert [(call['method'], call['path'], call['upgrade']) for call in requests] == \
        [(call['method'], call['path'], call.get('upgrade')) for call in expected['calls']]
    wanted = [[(frame['opcode'], base64.b64decode(frame['payload_base64'])) for frame in call.get('frames', [])] for call in expected['calls']]
    # a close frame answers the server's: who is first is chance, and nobody's contract
    assert [[(frame['opcode'], frame['payload']) for frame in call['frames'] if frame['opcode'] != 'close'] for call in requests] == wanted

"""`jina ping` over TLS, at a gateway whose certificate nobody signed but itself."""
import subprocess

import pytest

from gateways import MODULES, start
from support.ports import free_port

SCHEMES = ('grpcs', 'https', 'wss')


@pytest.fixture(scope='module')
def certificate(tmp_path_factory):
    """(certificate, key) for 127.0.0.1."""
    folder = tmp_path_factory.mktemp('tls')
    cert, key = folder / 'cert.pem', folder / 'key.pem'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj',
                    '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], check=True, capture_output=True)
    return cert, key


@pytest.fixture(scope='module', params=['built-in', 'custom'])
def port(request, world, certificate):
    with world.scope():
        cert, key = certificate
        port = free_port()
        custom = ['--uses', 'Everything', '--modules', str(MODULES / 'protocols.cpp')] if request.param == 'custom' else []
        process = world.processes.start('tls', [world.subject, 'gateway', '--port', str(port), '--protocol', 'grpc', 'http', 'websocket',
                                                '--ssl-certfile', str(cert), '--ssl-keyfile', str(key), *custom])
        process.wait_ready(lambda: ping(world, f'https://127.0.0.1:{port}', '--insecure').returncode == 0, deadline_s=120)
        yield port


def ping(world, *words):
    return subprocess.run([world.subject, 'ping', *map(str, words)], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize('scheme', SCHEMES)
def test_its_certificate_is_enough(world, port, certificate, scheme):
    answer = ping(world, f'{scheme}://127.0.0.1:{port}', '--ca', certificate[0])
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize('scheme', SCHEMES)
def test_without_it_the_message_says_what_to_do(world, port, scheme):
    answer = ping(world, f'{scheme}://127.0.0.1:{port}')
    assert answer.returncode == 1
    assert 'certificate verify failed' in answer.stderr
    assert '--ca FILE' in answer.stderr and '--insecure' in answer.stderr


@pytest.mark.parametrize('scheme', SCHEMES)
def test_unchecked(world, port, scheme):
    assert ping(world, f'{scheme}://127.0.0.1:{port}', '--insecure').returncode == 0


@pytest.mark.parametrize('kind', ['flow', 'gateway', 'executor'])
def test_the_form_of_jina_with_tls(world, port, certificate, kind):
    assert ping(world, kind, f'127.0.0.1:{port}', '--tls', '--ca', certificate[0]).returncode == 0


@pytest.mark.parametrize('scheme', ['grpc', 'http', 'ws'])
def test_plain_at_a_port_of_tls_is_not_ready(world, port, scheme):
    assert ping(world, f'{scheme}://127.0.0.1:{port}', '--timeout', '3000').returncode == 1


def test_the_client_takes_them_too(world, port, certificate):
    answer = subprocess.run([world.subject, 'client', f'https://127.0.0.1:{port}', '--text', 'x', '--ca', str(certificate[0])],
                            capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize('words, says', [
    (['grpc://127.0.0.1:1', '--insecure'], '--insecure has no meaning for grpc://127.0.0.1:1'),
    (['http://127.0.0.1:1', '--ca', 'x.pem'], '--ca has no meaning for http://127.0.0.1:1'),
])
def test_mistakes(world, words, says):
    answer = ping(world, *words)
    assert answer.returncode == 2
    assert says in answer.stderr


def test_a_ca_file_that_is_not_there(world, port):
    answer = ping(world, f'grpcs://127.0.0.1:{port}', '--ca', '/nowhere/ca.pem')
    assert answer.returncode == 1
    assert '/nowhere/ca.pem' in answer.stderr


def test_a_gateway_without_health_checks(world, scoped):
    """It is told what the guide asks of it."""
    mine = start(scoped, 'Nothing', modules=[MODULES / 'no_health.cpp'])
    answer = ping(world, f'http://127.0.0.1:{mine.port}')
    assert answer.returncode == 1
    assert 'a gateway that speaks HTTP or WebSocket has to answer GET / with 200' in answer.stderr
    answer = ping(world, f'grpc://127.0.0.1:{mine.port}')
    assert answer.returncode == 1

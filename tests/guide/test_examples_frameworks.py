"""Gateways on any server framework: every one of examples/ is built, started and asked as its README says."""
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess

import pytest

from gateways import EXAMPLES, answers, ask, run
from support.flows import start_flow
from support.ports import free_port

pytestmark = pytest.mark.timeout(600)  # modules are compiled, one of them with grpc++


class Example:
    """A copy of a folder of examples/ with a port of its own, and its Flow."""

    def __init__(self, world, folder, name):
        self.world, self.name, self.port, self.process = world, name, free_port(), None
        for each in (name, 'hello'):
            shutil.copytree(EXAMPLES / each, folder / each)
        self.folder = folder / name
        self.edit('54321', str(self.port))

    def edit(self, text, other):
        config = self.folder / 'config.yml'
        assert text in config.read_text()
        config.write_text(config.read_text().replace(text, other))

    def start(self):
        self.process = start_flow(self.world, self.folder / 'flow.yml', self.folder, deadline_s=300).process
        return self

    def ping(self, scheme):
        return subprocess.run([self.world.subject, 'ping', f'{scheme}://127.0.0.1:{self.port}'], capture_output=True, timeout=60).returncode

    def stops(self):
        """In order, and with it everything that it started."""
        os.kill(self.process.pid, signal.SIGTERM)
        assert self.process.wait(20) == 0, self.process.log()
        assert not answers(self.port)


@pytest.fixture
def example(scoped, tmp_path):
    return lambda name: Example(scoped, tmp_path, name)


def built(folder, prefix):
    """Builds an example against the installed package, as its CMakeLists.txt says."""
    run('cmake', '-S', folder, '-B', folder / 'build', '-G', 'Ninja', f'-DCMAKE_PREFIX_PATH={prefix}')
    run('cmake', '--build', folder / 'build')
    return folder / 'build'


def test_hello(example):
    hello = example('hello_gateway').start()
    assert ask(hello.port, '/hello?name=Ada').json == {'greeting': 'HELLO ADA'}
    assert ask(hello.port, '/hello').json == {'greeting': 'HELLO WORLD'}
    assert '/hello' in ask(hello.port, '/openapi.json').json['paths']
    assert hello.ping('http') == 0
    hello.stops()


def test_hello_is_twenty_lines():
    assert len((EXAMPLES / 'hello_gateway' / 'hello_gateway.cpp').read_text().splitlines()) <= 20


def test_cpp_httplib(example):
    httplib = example('httplib_gateway').start()
    assert ask(httplib.port, '/upper', method='POST', body='hello').text == 'HELLO'
    assert httplib.ping('http') == 0
    assert httplib.ping('grpc') == 1
    httplib.stops()


def test_cpp_httplib_while_requests_run(example):
    """Many threads wait for the Flow at once."""
    httplib = example('httplib_gateway').start()
    connections = [http.client.HTTPConnection('127.0.0.1', httplib.port, timeout=20) for _ in range(8)]
    for round_number in range(5):
        for number, connection in enumerate(connections):
            connection.request('POST', '/upper', f'text {number} {round_number}')
        for number, connection in enumerate(connections):
            assert connection.getresponse().read().decode() == f'TEXT {number} {round_number}'
    for connection in connections:
        connection.close()
    httplib.stops()


def test_grpcpp_with_a_proto_of_its_own(example, prefix):
    grpcpp = example('grpcpp_gateway')
    build = built(grpcpp.folder, prefix)
    grpcpp.start()
    assert run(build / 'say', f'127.0.0.1:{grpcpp.port}', 'hello').strip() == 'HELLO'
    assert grpcpp.ping('grpc') == 0
    assert grpcpp.ping('http') == 1
    grpcpp.stops()


def test_a_line_protocol(example):
    lines = example('line_protocol_gateway').start()
    with socket.create_connection(('127.0.0.1', lines.port), timeout=20) as client:
        client.sendall(b'hello\nwor')
        received = client.makefile()
        assert received.readline() == 'HELLO\n'
        client.sendall(b'ld\n')
        assert received.readline() == 'WORLD\n'
        assert lines.ping('http') == 0
        # A client that is connected does not keep the gateway from stopping.
        lines.stops()


def test_a_streamer_in_another_process(example, prefix):
    elsewhere = example('streamer_elsewhere')
    build = built(elsewhere.folder, prefix)
    elsewhere.edit('build/server', str(build / 'server'))
    elsewhere.start()
    assert ask(elsewhere.port, '/upper', method='POST', body='hello').text == 'HELLO'
    assert elsewhere.ping('http') == 0
    elsewhere.stops()
    # Without a gateway around it, it says what it lacks.
    alone = {name: value for name, value in os.environ.items() if name != 'JINA_STREAMER_ARGS'}
    done = subprocess.run([build / 'server', '127.0.0.1', str(free_port())], env=alone, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert 'JINA_STREAMER_ARGS' in done.stderr


@pytest.mark.parametrize('folder', sorted(path.parent.name for path in EXAMPLES.glob('*/config.yml')))
def test_every_file_is_in_the_readme(folder):
    readme = (EXAMPLES / folder / 'README.md').read_text()
    for path in (EXAMPLES / folder).iterdir():
        if path.name not in ('README.md', '.clang-format', 'build'):
            assert re.search(rf'`{re.escape(path.name)}`', readme), f'{path.name} is not in its README'

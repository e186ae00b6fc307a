"""Where jina::Client differs from real Jina's Client on purpose (docs/compatibility.md, "Client"): both before one HTTP server that
counts what is sent."""
import http.server
import json
import threading

import pytest
from jina import Client, Document, DocumentArray

from test_cpp_client import PROBE
from test_cpp_client import Client as CppClient

pytestmark = pytest.mark.skipif(not PROBE.exists(), reason=f'{PROBE} is not built')


class Counting(http.server.ThreadingHTTPServer):
    """Answers requests with `status`, each after `pause` seconds."""
    daemon_threads = True

    def __init__(self):
        super().__init__(('127.0.0.1', 0), Handler)
        self.status, self.pause, self.asked = 200, 0, 0
        self.over = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        self.answer(404, {})

    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        self.server.asked += 1
        self.server.over.wait(self.server.pause)
        status = {'code': 0 if self.server.status == 200 else 1, 'description': 'no'}
        try:
            self.answer(self.server.status, {'header': {'requestId': '', 'status': status}, 'data': [{'text': 'x'}], 'routes': []})
        except ConnectionError:  # the client gave up
            self.close_connection = True


@pytest.fixture
def server():
    with Counting() as made:
        yield made
        made.over.set()
        made.shutdown()


@pytest.fixture
def ours(server):
    client = CppClient('http', server.server_port)
    yield client
    client.close()


@pytest.fixture
def real(server):
    return Client(host='127.0.0.1', port=server.server_port, protocol='http')


def docs(count):
    return [{'id': str(number), 'text': 'x'} for number in range(count)]


@pytest.mark.parametrize('status', [400, 401, 404, 422])
def test_what_a_server_refuses_is_not_sent_again(server, ours, real, status):
    server.status = status
    assert 'failed' in ours.post('/post', docs(1), max_attempts=3, initial_backoff=1)
    assert server.asked == 1
    server.asked = 0
    with pytest.raises(Exception):
        real.post('/post', Document(text='x'), max_attempts=3, initial_backoff=0.001)
    assert server.asked == 3


@pytest.mark.parametrize('status', [500, 503])
def test_what_a_server_fails_at_is(server, ours, real, status):
    server.status = status
    assert 'failed' in ours.post('/post', docs(1), max_attempts=3, initial_backoff=1)
    assert server.asked == 3


def test_the_timeout_is_of_the_whole_post(server, ours, real):
    server.pause = 0.4  # of each of five requests that are sent one after the other
    late = ours.post('/post', docs(5), request_size=1, prefetch=1, timeout=1000)
    assert late['failed'] == 'DEADLINE_EXCEEDED' and server.asked < 5
    server.asked = 0
    answers = real.post('/post', DocumentArray(Document(text='x') for _ in range(5)), request_size=1, prefetch=1, timeout=1)
    assert len(answers) == 5 and server.asked == 5

"""Malformed HTTP/1.1 and JSON over raw sockets: the right status, a clear word about the place, everybody else untouched."""
import http.client
import json

import pytest

from support.raw import http1

pytestmark = pytest.mark.usefixtures('nobody_else_notices')
POST = b'POST /post HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

BAD_HTTP = {
    'no request line': (b'GARBAGE\r\n\r\n', {400}),
    'no version': (b'GET /\r\n\r\n', {400}),
    'unknown version': (b'GET / HTTP/9.9\r\nHost: x\r\n\r\n', {400, 505}),
    'control character in the target': (b'GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n', {400}),
    'header without colon': (b'GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n', {400}),
    'space before the colon': (b'GET / HTTP/1.1\r\nHost: x\r\nName : v\r\n\r\n', {400}),
    'null in a header value': (b'GET / HTTP/1.1\r\nHost: x\r\nName: a\x00b\r\n\r\n', {400}),
    'content-length is no number': (POST + b'Content-Length: abc\r\n\r\n{}', {400}),
    'content-length is negative': (POST + b'Content-Length: -1\r\n\r\n{}', {400}),
    'two different content-lengths': (POST + b'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}', {400}),
    'content-length and chunked': (POST + b'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', {400}),
    'chunk size is no number': (POST + b'Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n', {400}),
    'unknown transfer coding': (POST + b'Transfer-Encoding: nonsense\r\n\r\n', {400, 501}),
    'header of 200 kB': (b'GET / HTTP/1.1\r\nHost: x\r\nName: ' + b'a' * 200_000 + b'\r\n\r\n', {400, 431}),
    'target of 200 kB': (b'GET /' + b'a' * 200_000 + b' HTTP/1.1\r\nHost: x\r\n\r\n', {400, 414, 431}),
    'ten thousand headers': (b'GET / HTTP/1.1\r\nHost: x\r\n' + b'a: b\r\n' * 10_000 + b'\r\n', {400, 431}),
}


@pytest.mark.parametrize('name', BAD_HTTP)
def test_malformed_request(gateway_port, name):
    request, allowed = BAD_HTTP[name]
    status, head, body = http1(gateway_port, request)
    assert status in allowed, (status, head, body)


@pytest.mark.parametrize('request_bytes', [b'GET / HT', POST + b'Content-Length: 100\r\n\r\n{"data"', POST + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"d'])
def test_cut_off_request(gateway_port, request_bytes):
    """The client gives up in the middle: nothing to answer, or 400."""
    status, _, _ = http1(gateway_port, request_bytes, half_close=True)
    assert status in (None, 400)


def test_the_connection_after_a_bad_body_is_still_good(gateway_port):
    """A body that is no JSON is the request's fault, not the connection's."""
    connection = http.client.HTTPConnection('127.0.0.1', gateway_port, timeout=10)
    for _ in range(3):
        connection.request('POST', '/post', b'{"data": [', {'content-type': 'application/json'})
        answer = connection.getresponse()
        assert answer.status == 422
        answer.read()
        connection.request('GET', '/')
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    connection.close()


def post(port, body, **headers):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
    connection.request('POST', '/post', body, {'content-type': 'application/json', **headers})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, json.loads(text) if answer.getheader('content-type', '').startswith('application/json') else text


BAD_JSON = {
    'cut off': (b'{"data": [', 10),
    'trailing comma': (b'{"data": [],}', 12),
    'single quotes': (b"{'data': []}", 1),
    'rubbish after the end': (b'{"data": []} x', 13),
    'control character in a string': (b'{"data": [{"text": "a\x01b"}]}', 21),
    'bad escape': (b'{"data": [{"text": "\\q"}]}', 20),
    'bad number': (b'{"data": [{"weight": 01}]}', 22),
}


@pytest.mark.parametrize('name', BAD_JSON)
def test_malformed_json_names_the_place(gateway_port, name):
    body, position = BAD_JSON[name]
    status, answer = post(gateway_port, body)
    assert status == 422
    error, = answer['detail']
    assert error['type'] == 'value_error.jsondecode'
    assert error['loc'] == ['body', position] and error['ctx']['pos'] == position and error['ctx']['lineno'] == 1


def test_line_and_column_of_malformed_json(gateway_port):
    _, answer = post(gateway_port, b'{\n  "data": [\n    {"text": }\n  ]\n}')
    context = answer['detail'][0]['ctx']
    assert (context['lineno'], context['colno']) == (3, 14)


DEEP = {'lists': b'[' * 100_000, 'objects': b'{"a":' * 100_000, 'chunks': b'{"data":' + b'[{"chunks":' * 20_000 + b'[]' + b'}]' * 20_000 + b'}',
        'tags': b'{"data":[{"tags":' + b'{"a":' * 50_000 + b'1' + b'}' * 50_000 + b'}]}'}


@pytest.mark.parametrize('name', DEEP)
def test_deep_nesting_is_refused(gateway_port, name):
    status, _ = post(gateway_port, DEEP[name])
    assert 400 <= status <= 500


def test_a_field_of_the_wrong_type_is_named(gateway_port):
    status, answer = post(gateway_port, b'{"data": [{"id": "a"}, {"text": {"x": 1}}]}')
    assert status == 422
    assert answer['detail'][0]['loc'] == ['body', 'data', 1, 'text']


def test_random_bytes_as_body(gateway_port):
    import random
    source = random.Random(7)
    for _ in range(50):
        status, _ = post(gateway_port, source.randbytes(source.randrange(1, 2000)))
        assert status in (400, 422)


def test_mutated_json(gateway_port):
    """A good body with bytes changed: never a crash, never anything but an answer."""
    import random
    source = random.Random(11)
    good = json.dumps({'data': [{'id': 'd', 'text': 'x', 'tags': {'a': [1, None, {'b': 2.5}]}, 'tensor': [[1, 2], [3, 4]]}],
                       'execEndpoint': '/echo', 'parameters': {'p': 1}}).encode()
    for _ in range(150):
        body = bytearray(good)
        for _ in range(source.randrange(1, 4)):
            body[source.randrange(len(body))] = source.randrange(256)
        status, _ = post(gateway_port, bytes(body))
        assert status in (200, 400, 422, 500)

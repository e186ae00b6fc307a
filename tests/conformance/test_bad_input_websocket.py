"""Malformed WebSocket handshakes and frames over raw sockets: the right close code, everybody else untouched."""
import json

import pytest

from support.raw import WebSocket, http1

pytestmark = pytest.mark.usefixtures('nobody_else_notices')
TEXT, BINARY, CLOSE, PING = 0x81, 0x82, 0x88, 0x89

# What is sent after the handshake: a function of the connection; and the close code that answers it.
BAD_FRAMES = {
    'not masked': (lambda ws: ws.send(TEXT, b'{}', mask=False), 1002),
    'reserved bit': (lambda ws: ws.send(TEXT | 0x20, b'{}'), 1002),
    'unknown opcode': (lambda ws: ws.send(0x83, b'{}'), 1002),
    'unknown control opcode': (lambda ws: ws.send(0x8b), 1002),
    'fragmented control frame': (lambda ws: ws.send(0x09, b'x'), 1002),
    'control frame of 126 bytes': (lambda ws: ws.send(PING, b'x' * 126), 1002),
    'continuation of nothing': (lambda ws: ws.send(0x80, b'{}'), 1002),
    'text inside a fragmented text': (lambda ws: (ws.send(0x01, b'{'), ws.send(TEXT, b'}')), 1002),
    'close with one byte': (lambda ws: ws.send(CLOSE, b'\x03'), 1002),
    'close with a code that is none': (lambda ws: ws.send(CLOSE, b'\x00\x01'), 1002),
    'text is not UTF-8': (lambda ws: ws.send(TEXT, b'\xff\xfe'), 1007),
    'longer than anything': (lambda ws: ws.send(TEXT, b'', length=1 << 62), 1009),
}


@pytest.mark.parametrize('name', BAD_FRAMES)
def test_malformed_frame(gateway_port, name):
    send, code = BAD_FRAMES[name]
    with WebSocket(gateway_port) as connection:
        send(connection)
        assert connection.close_code() == code


BAD_MESSAGES = {
    'json: malformed': ('json', TEXT, b'{"data": [', 1007),
    'json: wrong type': ('json', TEXT, json.dumps({'data': [{'text': []}], 'execEndpoint': '/upper'}).encode(), 1007),
    'json: binary frame': ('json', BINARY, b'{}', 1003),
    'json: nested too deep': ('json', TEXT, b'{"data":' + b'[' * 50_000, 1007),
    'bytes: not a DataRequest': ('bytes', BINARY, b'\xff\xff\xff', 1007),
    'bytes: empty frame': ('bytes', BINARY, b'', 1007),
    'bytes: text frame': ('bytes', TEXT, b'hello', 1003),
}


@pytest.mark.parametrize('name', BAD_MESSAGES)
def test_message_that_is_no_request(gateway_port, name):
    subprotocol, opcode, payload, code = BAD_MESSAGES[name]
    with WebSocket(gateway_port, subprotocol) as connection:
        connection.send(opcode, payload)
        assert connection.close_code() == code


HANDSHAKE = b'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
BAD_HANDSHAKES = {
    'no key': (HANDSHAKE + b'Sec-WebSocket-Version: 13\r\n\r\n', {400}),
    'key of the wrong length': (HANDSHAKE + b'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: abc\r\n\r\n', {400}),
    'old version': (HANDSHAKE + b'Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n', {400, 426}),
    'no version': (HANDSHAKE + b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n', {400, 426}),
}


@pytest.mark.parametrize('name', BAD_HANDSHAKES)
def test_malformed_handshake(gateway_port, name):
    request, allowed = BAD_HANDSHAKES[name]
    status, head, _ = http1(gateway_port, request)
    assert status in allowed, head


def test_client_that_vanishes_in_a_frame(gateway_port):
    with WebSocket(gateway_port) as connection:
        connection.send(TEXT, b'{"data"', length=1000)


def test_client_that_vanishes_while_an_answer_is_pending(gateway_port):
    request = {'data': [{'id': 'a'}], 'execEndpoint': '/sleep', 'parameters': {'seconds': 0.3}}
    with WebSocket(gateway_port) as connection:
        connection.send(TEXT, json.dumps(request).encode())

"""Malformed HTTP/2, gRPC framing and protobuf over raw sockets: the right status on that stream, the others untouched."""
import gzip
import pathlib
import random
import re
import zlib

import pytest

from support.raw import EMPTY_SETTINGS, PREFACE, Http2, connected, grpc_frame, h2_frame, h2_frames, read_all
from support.wire import SINGLE, data_request, message

pytestmark = pytest.mark.usefixtures('nobody_else_notices')
OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = '0', '3', '8', '12', '13'
GOAWAY, PROTOCOL_ERROR, FRAME_SIZE_ERROR, COMPRESSION_ERROR = 7, 1, 6, 9
HELLO = data_request('/upper', [{'id': 'd1', 'text': 'hello'}]).SerializeToString()
SLOW = data_request('/sleep', [{'id': 'd1', 'text': 'slow'}], parameters={'seconds': 0.2}).SerializeToString()

BAD_CONNECTIONS = {
    'DATA on stream 0': (h2_frame(0, 0, 0, b'x'), {PROTOCOL_ERROR}),
    'HEADERS on stream 0': (h2_frame(1, 4, 0, b'\x82'), {PROTOCOL_ERROR}),
    'HEADERS on an even stream': (h2_frame(1, 5, 2, b'\x82\x84\x86\x41\x01x'), {PROTOCOL_ERROR}),
    'frame longer than allowed': (h2_frame(0, 0, 1, b'x' * 20_000), {FRAME_SIZE_ERROR, PROTOCOL_ERROR}),
    'SETTINGS of a wrong length': (h2_frame(4, 0, 0, b'xxxxx'), {FRAME_SIZE_ERROR}),
    'header block that is no HPACK': (h2_frame(1, 5, 1, b'\xff\xff\xff\xff\xff\xff'), {COMPRESSION_ERROR}),
    'CONTINUATION of nothing': (h2_frame(9, 4, 1, b''), {PROTOCOL_ERROR}),
    'PING of a wrong length': (h2_frame(6, 0, 0, b'short'), {FRAME_SIZE_ERROR}),
}


@pytest.mark.parametrize('name', BAD_CONNECTIONS)
def test_malformed_connection_ends_with_goaway(gateway_port, name):
    frames, codes = BAD_CONNECTIONS[name]
    with connected(gateway_port) as connection:
        connection.sendall(PREFACE + EMPTY_SETTINGS + frames)
        sent = h2_frames(read_all(connection))
    goaways = [int.from_bytes(payload[4:8], 'big') for kind, _, _, payload in sent if kind == GOAWAY]
    assert goaways and goaways[-1] in codes, sent


def test_random_bytes_after_the_preface(gateway_port):
    source = random.Random(3)
    for _ in range(20):
        with connected(gateway_port) as connection:
            connection.sendall(PREFACE + EMPTY_SETTINGS + source.randbytes(500))


@pytest.mark.parametrize('cut', [1, 10, 23])
def test_client_that_vanishes_in_the_preface(gateway_port, cut):
    with connected(gateway_port) as connection:
        connection.sendall(PREFACE[:cut])


BAD_CALLS = {
    'message cut off': (grpc_frame(HELLO, length=len(HELLO) + 10), {}, {INVALID_ARGUMENT, INTERNAL}),
    'prefix cut off': (b'\x00\x00', {}, {INVALID_ARGUMENT, INTERNAL}),
    'no message at all': (b'', {}, {INVALID_ARGUMENT, INTERNAL, UNIMPLEMENTED}),
    'two messages in a unary call': (grpc_frame(HELLO) * 2, {}, {INVALID_ARGUMENT, INTERNAL, UNIMPLEMENTED}),
    'length of 4 GiB': (grpc_frame(HELLO, length=0xffffffff), {}, {INVALID_ARGUMENT, INTERNAL, RESOURCE_EXHAUSTED}),
    'unknown flag': (grpc_frame(HELLO, flag=2), {}, {INVALID_ARGUMENT, INTERNAL}),
    'compressed without saying how': (grpc_frame(gzip.compress(HELLO), flag=1), {}, {INVALID_ARGUMENT, INTERNAL}),
    'unknown compression': (grpc_frame(HELLO, flag=1), {'grpc-encoding': 'nonsense'}, {UNIMPLEMENTED}),
    'gzip that is none': (grpc_frame(b'no gzip', flag=1), {'grpc-encoding': 'gzip'}, {INVALID_ARGUMENT, INTERNAL}),
    'gzip cut off': (grpc_frame(gzip.compress(HELLO)[:-9], flag=1), {'grpc-encoding': 'gzip'}, {INVALID_ARGUMENT, INTERNAL}),
    'deflate that is none': (grpc_frame(b'\x00\x01\x02', flag=1), {'grpc-encoding': 'deflate'}, {INVALID_ARGUMENT, INTERNAL}),
    'not a protobuf message': (grpc_frame(b'\xff\xff\xff'), {}, {INVALID_ARGUMENT}),
    'field longer than the message': (grpc_frame(b'\x0a\x7f\x01'), {}, {INVALID_ARGUMENT}),
    'wrong wire type of the header': (grpc_frame(b'\x08\x01' + b'\x0d\x00\x00\x00\x00'[:2]), {}, {INVALID_ARGUMENT}),
}


@pytest.mark.parametrize('name', BAD_CALLS)
def test_malformed_call(gateway_port, name):
    """A bad call among two good ones of the same connection."""
    body, headers, allowed = BAD_CALLS[name]
    with Http2(gateway_port) as client:
        slow = client.start(SINGLE.path, grpc_frame(SLOW))
        bad = client.start(SINGLE.path, body, more=list(headers.items()))
        good = client.start(SINGLE.path, grpc_frame(HELLO))
        slow, bad, good = client.wait(slow, bad, good)
    assert bad['headers'].get('grpc-status') in allowed, bad
    assert bad['headers'].get('grpc-message'), 'an error says what is wrong'
    for answer in (slow, good):
        assert answer['headers']['grpc-status'] == OK, answer
    assert message(SINGLE.response, good['body'][5:]).data.docs.docs[0].text == 'HELLO'


@pytest.mark.parametrize('encoding, compress', [('gzip', gzip.compress), ('deflate', zlib.compress), ('identity', None)])
def test_good_compression_is_taken(gateway_port, encoding, compress):
    body = grpc_frame(compress(HELLO), flag=1) if compress else grpc_frame(HELLO)
    with Http2(gateway_port) as client:
        answer, = client.wait(client.start(SINGLE.path, body, more=[('grpc-encoding', encoding)]))
    assert answer['headers']['grpc-status'] == OK


def resident_mb(process):
    return int(re.search(r'VmRSS:\s+(\d+)', pathlib.Path(f'/proc/{process.pid}/status').read_text())[1]) / 1000


def test_a_small_gzip_that_becomes_large_is_bounded(bad_input_gateway):
    """1 GiB of zeros in a megabyte: refused, or at least not kept in memory."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b''.join([pack.compress(bytes(1 << 20)) for _ in range(1 << 10)]) + pack.flush()
    with Http2(bad_input_gateway.port['grpc']) as client:
        client.h2.max_outbound_frame_size = 16384
        stream = client.start(SINGLE.path, end=False, more=[('grpc-encoding', 'gzip')], body=grpc_frame(b'', flag=1, length=len(bomb)))
        body = memoryview(bomb)
        while body and not client.answers[stream]['done']:
            room = min(client.h2.local_flow_control_window(stream), 16384, len(body))
            if room == 0:
                events = client.h2.receive_data(client.connection.recv(65536))
                if any(type(event).__name__ in ('StreamEnded', 'StreamReset') for event in events):
                    break
                continue
            client.h2.send_data(stream, bytes(body[:room]))
            client.flush()
            body = body[room:]
    assert resident_mb(bad_input_gateway.process) < 1500


BAD_REQUESTS = {
    'content type of the web': ('/jina.JinaSingleDataRequestRPC/process_single_data', 'POST', 'text/plain', {'415', '404', '405', '422'}),
    'GET on a method': ('/jina.JinaSingleDataRequestRPC/process_single_data', 'GET', None, {'404', '405'}),
}


@pytest.mark.parametrize('name', BAD_REQUESTS)
def test_a_request_that_is_no_call(gateway_port, name):
    path, method, content_type, allowed = BAD_REQUESTS[name]
    with Http2(gateway_port) as client:
        answer, = client.wait(client.start(path, b'' if method == 'GET' else b'x', method=method, content_type=content_type))
    assert answer['headers'][':status'] in allowed, answer


@pytest.mark.parametrize('path', ['/jina.JinaRPC/Nothing', '/no.such.Service/method', '/', '/x'])
def test_unknown_method(gateway_port, path):
    with Http2(gateway_port) as client:
        answer, = client.wait(client.start(path, grpc_frame(HELLO)))
    assert answer['headers']['grpc-status'] == UNIMPLEMENTED


@pytest.mark.parametrize('timeout', ['abc', '1x', '-1S', '123456789S', 'S'])
def test_malformed_deadline(gateway_port, timeout):
    with Http2(gateway_port) as client:
        answer, = client.wait(client.start(SINGLE.path, grpc_frame(HELLO), more=[('grpc-timeout', timeout)]))
    assert answer['headers']['grpc-status'] in (OK, INVALID_ARGUMENT, INTERNAL), answer


def test_cancelled_calls(gateway_port):
    with Http2(gateway_port) as client:
        for _ in range(50):
            stream = client.start(SINGLE.path, grpc_frame(SLOW))
            client.h2.reset_stream(stream)
            client.flush()
        answer, = client.wait(client.start(SINGLE.path, grpc_frame(HELLO)))
    assert answer['headers']['grpc-status'] == OK


def test_mutated_messages(gateway_port):
    """A good message with bytes changed: an answer or INVALID_ARGUMENT, never a crash."""
    source = random.Random(5)
    with Http2(gateway_port) as client:
        for _ in range(200):
            body = bytearray(HELLO)
            for _ in range(source.randrange(1, 4)):
                body[source.randrange(len(body))] = source.randrange(256)
            answer, = client.wait(client.start(SINGLE.path, grpc_frame(bytes(body))))
            assert answer['headers'].get('grpc-status') in ('0', '2', '3', '13'), answer

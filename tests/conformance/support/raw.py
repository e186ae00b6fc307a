"""Bytes straight onto a socket: HTTP/1.1 by hand, WebSocket frames by hand, HTTP/2 by the h2 library with its checks off."""
import base64
import contextlib
import os
import socket
import struct

import h2.config
import h2.connection
import h2.events

PREFACE = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
EMPTY_SETTINGS = b'\x00\x00\x00\x04\x00\x00\x00\x00\x00'


@contextlib.contextmanager
def connected(port, timeout_s=10):
    with socket.create_connection(('127.0.0.1', port), timeout=timeout_s) as connection:
        yield connection


def read_all(connection):
    """Everything until the peer closes."""
    data = b''
    try:
        while part := connection.recv(65536):
            data += part
    except ConnectionResetError:
        pass
    return data


def read_until(connection, mark):
    data = b''
    while mark not in data:
        part = connection.recv(65536)
        if not part:
            break
        data += part
    return data


def http1(port, request, half_close=False):
    """Sends these bytes; -> (status, header lines, rest) of the first answer, or (None, ...) when the peer only closed."""
    with connected(port) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
            connection.sendall(request)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        head = read_until(connection, b'\r\n\r\n')
        if not head:
            return None, '', b''
        head, _, rest = head.partition(b'\r\n\r\n')
        lines = head.decode('latin-1')
        length = next((int(line.split(':')[1]) for line in lines.split('\r\n') if line.lower().startswith('content-length:')), 0)
        while len(rest) < length:
            part = connection.recv(65536)
            if not part:
                break
            rest += part
        return int(lines.split(' ')[1]), lines, rest


def h2_frame(kind, flags, stream, payload=b''):
    return len(payload).to_bytes(3, 'big') + bytes([kind, flags]) + stream.to_bytes(4, 'big') + payload


def h2_frames(data):
    """[(kind, flags, stream, payload)] of what a server sent."""
    found = []
    while len(data) >= 9:
        length, kind, flags, stream = int.from_bytes(data[:3], 'big'), data[3], data[4], int.from_bytes(data[5:9], 'big')
        found.append((kind, flags, stream, data[9:9 + length]))
        data = data[9 + length:]
    return found


class WebSocket:
    """A client that sends any frame it is told to."""

    def __init__(self, port, subprotocol='json', path='/'):
        self.connection = socket.create_connection(('127.0.0.1', port), timeout=10)
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall((f'GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
                                 f'Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: {subprotocol}\r\n\r\n').encode())
        answer = read_until(self.connection, b'\r\n\r\n')
        assert answer.startswith(b'HTTP/1.1 101'), answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def send(self, first_byte, payload=b'', mask=True, length=None):
        length = len(payload) if length is None else length
        head = bytes([first_byte])
        bit = 0x80 if mask else 0
        if length < 126:
            head += bytes([bit | length])
        elif length < 1 << 16:
            head += bytes([bit | 126]) + struct.pack('>H', length)
        else:
            head += bytes([bit | 127]) + struct.pack('>Q', length)
        key = b'\x01\x02\x03\x04' if mask else b''
        if mask:
            payload = bytes(byte ^ key[position % 4] for position, byte in enumerate(payload))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.sendall(head + key + payload)

    def close_code(self):
        """The code of the close frame that the server sends, None when it only drops the connection; other frames are skipped."""
        data = b''
        while True:
            while len(data) < 2 or len(data) < 2 + (data[1] & 127):
                try:
                    part = self.connection.recv(65536)
                except ConnectionResetError:
                    part = b''
                if not part:
                    return None
                data += part
            length = data[1] & 127
            assert length < 126, 'a short frame was expected'
            if data[0] & 15 == 8:
                return int.from_bytes(data[2:4], 'big') if length >= 2 else 1005
            data = data[2 + length:]


class Http2:
    """An HTTP/2 client whose streams may say what they like; answers are collected per stream."""

    def __init__(self, port):
        self.connection = socket.create_connection(('127.0.0.1', port), timeout=20)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, validate_outbound_headers=False,
                                                                       normalize_outbound_headers=False, validate_inbound_headers=False))
        self.h2.initiate_connection()
        self.flush()
        self.answers = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def flush(self):
        self.connection.sendall(self.h2.data_to_send())

    def start(self, path, body=b'', method='POST', content_type='application/grpc', end=True, more=()):
        stream = self.h2.get_next_available_stream_id()
        headers = [(':method', method), (':scheme', 'http'), (':path', path), (':authority', 'x'), ('te', 'trailers'), *more]
        if content_type:
            headers.append(('content-type', content_type))
        self.answers[stream] = {'headers': {}, 'body': b'', 'reset': None, 'done': False}
        self.h2.send_headers(stream, headers, end_stream=end and not body)
        if body:
            self.h2.send_data(stream, body, end_stream=end)
        self.flush()
        return stream

    def wait(self, *streams):
        """Reads until these streams ended; -> their answers."""
        while not all(self.answers[stream]['done'] for stream in streams):
            data = self.connection.recv(65536)
            assert data, f'the server closed the connection; so far: {self.answers}'
            for event in self.h2.receive_data(data):
                answer = self.answers.get(getattr(event, 'stream_id', None))
                if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
                    answer['headers'].update((text(name), text(value)) for name, value in event.headers)
                elif isinstance(event, h2.events.DataReceived):
                    answer['body'] += event.data
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamReset):
                    answer.update(reset=int(event.error_code), done=True)
                elif isinstance(event, h2.events.StreamEnded):
                    answer['done'] = True
                elif isinstance(event, h2.events.ConnectionTerminated):
                    raise AssertionError(f'the server said GOAWAY {event.error_code}')
            self.flush()
        return [self.answers[stream] for stream in streams]


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def grpc_frame(message, flag=0, length=None):
    return bytes([flag]) + (len(message) if length is None else length).to_bytes(4, 'big') + message

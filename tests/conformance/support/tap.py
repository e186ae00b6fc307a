"""A TCP proxy that keeps what the client sent, and reads it as HTTP requests and WebSocket frames."""
import socket
import threading

OPCODES = {1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong'}


class Tap:
    def __init__(self, target_port):
        self._target_port, self._streams = target_port, []
        self._listener = socket.create_server(('127.0.0.1', 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(('127.0.0.1', self._target_port))
            kept = bytearray()
            self._streams.append(kept)
            threading.Thread(target=pump, args=(client, server, kept), daemon=True).start()
            threading.Thread(target=pump, args=(server, client, None), daemon=True).start()

    def requests(self):
        """[{method, path, upgrade, frames}] of all connections so far."""
        return [request for kept in self._streams for request in parse(bytes(kept))]


def pump(source, target, kept):
    try:
        while data := source.recv(65536):
            if kept is not None:
                kept += data
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def parse(data):
    found = []
    while b'\r\n\r\n' in data:
        head, data = data.split(b'\r\n\r\n', 1)
        first, *lines = head.decode().split('\r\n')
        headers = {name.lower(): value for name, value in (line.split(': ', 1) for line in lines)}
        method, path, _ = first.split(' ')
        length = int(headers.get('content-length', 0))
        body, data = data[:length], data[length:]
        upgrade = headers.get('upgrade')
        found.append({'method': method, 'path': path, 'upgrade': upgrade, 'body': body, 'frames': frames(data) if upgrade else []})
        if upgrade:
            break
    return found


def frames(data):
    found = []
    while len(data) >= 2:
        opcode, length, at = data[0] & 15, data[1] & 127, 2
        if length == 126:
            length, at = int.from_bytes(data[2:4], 'big'), 4
        elif length == 127:
            length, at = int.from_bytes(data[2:10], 'big'), 10
        key = data[at:at + 4] if data[1] & 128 else b''
        at += len(key)
        payload = data[at:at + length]
        if key:
            payload = bytes(byte ^ key[position % 4] for position, byte in enumerate(payload))
        found.append({'opcode': OPCODES.get(opcode, opcode), 'fin': bool(data[0] & 128), 'masked': bool(key), 'payload': payload})
        data = data[at + length:]
    return found

"""Free ports for processes that cannot tell which one they got, and ports that surely refuse."""
import random
import socket

_given = set()


def free_port():
    """A port below the ephemeral range, free now and not handed out before in this run."""
    for _ in range(1000):
        port = random.randrange(20000, 32000)
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(('0.0.0.0', port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError('no free port between 20000 and 32000')


class ClosedPort:
    """A port that refuses connections for as long as this object lives: bound, but nobody listens."""

    def __init__(self):
        self._socket = socket.socket()
        self._socket.bind(('127.0.0.1', 0))
        self.port = self._socket.getsockname()[1]

    def close(self):
        self._socket.close()

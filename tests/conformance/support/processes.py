"""Starts the programs under test, waits until they answer, stops them by their own process id."""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import grpc
from grpc_health.v1 import health_pb2

from support.ports import free_port

HERE = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = {
    **os.environ,
    'JINA_OPTOUT_TELEMETRY': '1',
    'JINA_HIDE_SURVEY': '1',
    'JINA_LOG_LEVEL': os.environ.get('JINA_LOG_LEVEL', 'ERROR'),
    'PYTHONDONTWRITEBYTECODE': '1',
    'no_proxy': '*',
}


class NotReady(Exception):
    pass


def wait_until(question, deadline_s, what):
    """Asks until `question()` is true, in steps that grow from 10 to 250 ms."""
    end, pause = time.monotonic() + deadline_s, 0.01
    while True:
        if question():
            return
        if time.monotonic() > end:
            raise NotReady(f'{what} within {deadline_s} s')
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


def listening(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(('127.0.0.1', port)) == 0


def healthy(port, timeout_s=1.0):
    """Does the gRPC health service on `port` say SERVING?"""
    with grpc.insecure_channel(f'127.0.0.1:{port}', [('grpc.use_local_subchannel_pool', 1)]) as channel:
        check = channel.unary_unary('/grpc.health.v1.Health/Check',
                                    request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
                                    response_deserializer=health_pb2.HealthCheckResponse.FromString)
        try:
            return check(health_pb2.HealthCheckRequest(), timeout=timeout_s).status == health_pb2.HealthCheckResponse.SERVING
        except grpc.RpcError:
            return False


class Process:
    """One program, in a process group of its own so that what it starts can be stopped too."""

    def __init__(self, command, log_path, environment=None, stdin=subprocess.DEVNULL):
        self.command, self.log_path = [str(part) for part in command], log_path
        self._log = open(log_path, 'wb')
        # It ends with the tests even where these are killed: a process group of its own gets no signal of the terminal.
        self._process = subprocess.Popen(['setpriv', '--pdeathsig', 'KILL', *self.command], stdin=stdin, stdout=self._log, stderr=subprocess.STDOUT,
                                         env={**ENVIRONMENT, **(environment or {})}, start_new_session=True, cwd=HERE)

    @property
    def pid(self):
        return self._process.pid

    @property
    def stdin(self):
        return self._process.stdin

    def exit_code(self):
        return self._process.poll()

    def alive(self):
        return self.exit_code() is None

    def log(self):
        return self.log_path.read_text(errors='replace')

    def wait_ready(self, question, deadline_s=60):
        def ask():
            if not self.alive():
                raise NotReady(f'{" ".join(self.command)} ended with {self.exit_code()} before it was ready:\n{self.log()[-4000:]}')
            return question()
        try:
            wait_until(ask, deadline_s, f'{self.command[0]} was not ready')
        except NotReady as error:
            raise NotReady(f'{error}\n{self.log()[-4000:]}') from None

    def wait(self, timeout_s):
        return self._process.wait(timeout_s)

    def stop(self, grace_s=4):
        if self.alive():
            self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_s)
        with contextlib.suppress(ProcessLookupError):  # the rest of its own group
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()


class Processes:
    """Everything a test session started; the logs stay readable for failure reports."""

    def __init__(self, log_folder):
        self._log_folder, self._count = log_folder, 0
        self.running = []

    def start(self, name, command, environment=None, **options):
        self._count += 1
        process = Process(command, self._log_folder / f'{self._count:03}-{name}.log', environment, **options)
        self.running.append(process)
        return process

    def stop(self, process):
        process.stop()
        if process in self.running:
            self.running.remove(process)

    def stop_all(self):
        for process in reversed(list(self.running)):
            self.stop(process)


def jina_of_this_python():
    return str(pathlib.Path(sys.executable).parent / 'jina')


def is_real_jina(program):
    """Real Jina is a Python script; ours is a binary."""
    with open(program, 'rb') as file:
        return file.read(4) != b'\x7fELF'


def chain_of(*names):
    """Graph description start -> names... -> end."""
    nodes = ['start-gateway', *names, 'end-gateway']
    return {a: [b] for a, b in zip(nodes, nodes[1:])}


__all__ = ['HERE', 'NotReady', 'Process', 'Processes', 'chain_of', 'free_port', 'healthy', 'is_real_jina', 'jina_of_this_python',
           'listening', 'wait_until']

"""The gateways that are measured, and how each is started before the same Executor."""
import dataclasses
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time


def free_port(given=set()):
    """A port below the ephemeral range, so that outgoing connections of the load do not take it."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(('0.0.0.0', port))
            except OSError:
                continue
        if port not in given:
            given.add(port)
            return port


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(('127.0.0.1', port)) == 0


class Program:
    """A started program and everything it starts, measured and stopped as one."""

    def __init__(self, command, log_path):
        self.log_path = log_path
        environment = {**os.environ, 'JINA_OPTOUT_TELEMETRY': '1', 'JINA_HIDE_SURVEY': '1', 'JINA_LOG_LEVEL': 'ERROR'}
        self.started = time.monotonic()
        with open(log_path, 'wb') as log:
            self._process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                             start_new_session=True, env=environment)
        self.command = command

    def wait_ready(self, question, deadline_s=60):
        """-> seconds from start to the first yes."""
        while not question():
            if self._process.poll() is not None:
                raise RuntimeError(f'{self.command[0]} ended with {self._process.returncode}:\n{self.log_path.read_text()[-2000:]}')
            if time.monotonic() - self.started > deadline_s:
                raise RuntimeError(f'{self.command[0]} was not ready within {deadline_s} s')
            time.sleep(0.002)
        return time.monotonic() - self.started

    def _members(self):
        """[the fields of /proc/PID/stat after the name] of it and all that it started, whatever session they are in."""
        parents, fields_of = {}, {}
        for folder in pathlib.Path('/proc').glob('[0-9]*'):
            try:
                fields_of[folder] = (folder / 'stat').read_text().rpartition(')')[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(fields_of[folder][1])
        for folder, fields in fields_of.items():
            ancestor = int(folder.name)
            while ancestor != self._process.pid and ancestor in parents:
                ancestor = parents[ancestor]
            if ancestor == self._process.pid or int(fields[3]) == self._process.pid:
                yield folder, fields

    def cpu_seconds(self):
        return sum(int(fields[11]) + int(fields[12]) for _, fields in self._members()) / os.sysconf('SC_CLK_TCK')

    def resident_mb(self):
        pages = sum(int((folder / 'statm').read_text().split()[1]) for folder, _ in self._members())
        return pages * os.sysconf('SC_PAGE_SIZE') / 1e6

    def stop(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self._process.pid, signal.SIGKILL)  # the rest of its own session
        except ProcessLookupError:
            pass
        self._process.wait()


@dataclasses.dataclass
class Peer:
    name: str
    command: list
    grpc_port: int
    http_port: int = None
    streams: int = 16   # calls in flight per connection


def jina_gateway(name, program, backend_port, streams, one_port, extra=()):
    grpc_port = free_port()
    http_port = grpc_port if one_port else free_port()
    ports = [grpc_port] if one_port else [grpc_port, http_port]
    command = [program, 'gateway', '--protocol', 'grpc', 'http', '--port', *ports,
               '--graph-description', json.dumps({'start-gateway': ['echo'], 'echo': ['end-gateway']}),
               '--deployments-addresses', json.dumps({'echo': [f'127.0.0.1:{backend_port}']}), *extra]
    return Peer(name, command, grpc_port, http_port, streams)


def ours(program, backend_port, _folder):
    return jina_gateway('this project', program, backend_port, 16, one_port=True)


def real_jina(program, backend_port, _folder):
    return jina_gateway('Jina 3.25.2', program, backend_port, 4, one_port=False)


def nghttpx(program, backend_port, _folder):
    port = free_port()
    return Peer('nghttpx', [program, '--conf=/dev/null', f'-f127.0.0.1,{port};no-tls', f'-b127.0.0.1,{backend_port};;proto=h2', '-n1',
                            '--single-thread'], port)


def envoy(program, backend_port, folder):
    port = free_port()
    address = lambda number: {'socket_address': {'address': '127.0.0.1', 'port_value': number}}  # noqa: E731
    manager = {'@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
               'codec_type': 'HTTP2', 'stat_prefix': 'in',
               'route_config': {'virtual_hosts': [{'name': 'all', 'domains': ['*'], 'routes': [
                   {'match': {'prefix': '/'}, 'route': {'cluster': 'backend', 'timeout': '0s'}}]}]},
               'http_filters': [{'name': 'router', 'typed_config': {
                   '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router'}}]}
    cluster = {'name': 'backend', 'type': 'STATIC',
               'typed_extension_protocol_options': {'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
                   '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
                   'explicit_http_config': {'http2_protocol_options': {}}}},
               'load_assignment': {'cluster_name': 'backend', 'endpoints': [
                   {'lb_endpoints': [{'endpoint': {'address': address(backend_port)}}]}]}}
    config = {'static_resources': {'listeners': [{'address': address(port), 'filter_chains': [
        {'filters': [{'name': 'http', 'typed_config': manager}]}]}], 'clusters': [cluster]}}
    path = folder / 'envoy.json'
    path.write_text(json.dumps(config))
    return Peer('Envoy', [program, '--concurrency', '1', '--disable-hot-restart', '-l', 'error', '-c', path], port)


def find_programs(our_binary):
    """[(maker, program)] of the peers that are on this machine; ours first."""
    here = pathlib.Path(sys.executable).parent
    envoys = list(here.parent.glob('lib/python*/site-packages/envoy/_bin/envoy'))
    found = [(ours, our_binary if our_binary and os.access(our_binary, os.X_OK) else None),
             (real_jina, here / 'jina' if (here / 'jina').exists() else None),
             (nghttpx, shutil.which('nghttpx', path=os.environ['PATH'] + ':/usr/sbin')),
             (envoy, envoys[0] if envoys else None)]
    for maker, program in found:
        if program is None:
            print(f'{maker.__name__}: not found, left out', file=sys.stderr)
    return [(maker, program) for maker, program in found if program]

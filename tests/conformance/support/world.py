"""Gateways and Executors as the tests ask for them: which program, which arguments, ready when returned."""
import contextlib
import http.client
import json

from support.ports import free_port
from support.processes import HERE, chain_of, healthy, is_real_jina, jina_of_this_python, listening


def answers_root(port):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=2)
    try:
        connection.request('GET', '/')
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Gateway:
    """A running gateway; `port['grpc']` and so on say where."""

    def __init__(self, process, ports):
        self.process, self.port = process, ports


class World:
    def __init__(self, processes, subject):
        self.processes, self.subject = processes, subject
        self.subject_is_real = is_real_jina(subject)

    def gateway(self, addresses, protocols=('grpc',), graph=None, program=None, one_port=False, environment=None, **options):
        """Starts `jina gateway`. `addresses`: {name: port or [ports]}; options become --arguments, objects as JSON."""
        program = program or self.subject
        ports = {}
        for protocol in protocols:
            ports[protocol] = next(iter(ports.values())) if one_port and ports else free_port()
        addresses = {name: [f'grpc://127.0.0.1:{port}' for port in ([value] if isinstance(value, int) else value)]
                     for name, value in addresses.items()}
        command = [program, 'gateway', '--protocol', *protocols, '--port', *(list(ports.values())[:1] if one_port else ports.values()),
                   '--graph-description', json.dumps(graph or chain_of(*addresses)), '--deployments-addresses', json.dumps(addresses)]
        for name, value in options.items():
            command.append('--' + name.replace('_', '-'))
            if value is not True:
                command.append(value if isinstance(value, str) else json.dumps(value))
        process = self.processes.start('gateway', command, environment)
        for protocol, port in ports.items():
            process.wait_ready(lambda: healthy(port) if protocol == 'grpc' else answers_root(port))
        return Gateway(process, ports)

    def executor(self, program=None, name='zoo', uses='Zoo', modules=None, environment=None, **options):
        """Starts `jina executor`; returns (process, port)."""
        program = program or jina_of_this_python()
        if modules is None:
            modules = HERE / 'zoo.py' if is_real_jina(program) else HERE / 'executors' / 'zoo.cpp'
        port = free_port()
        command = [program, 'executor', '--uses', uses, '--py-modules', str(modules), '--name', name, '--port', str(port)]
        if is_real_jina(program):
            command.append('--native')
        for key, value in options.items():
            command.append('--' + key.replace('_', '-'))
            if value is not True:
                command.append(value if isinstance(value, str) else json.dumps(value))
        process = self.processes.start(name.replace('/', '_'), command, environment)
        ready = answers_root if options.get('protocol') == 'HTTP' else healthy
        process.wait_ready(lambda: ready(port), deadline_s=180)  # a C++ module is compiled first
        return process, port

    def python_executors(self, specifications):
        """Several real Executors (and heads) out of one Python process. {name: [arguments]} -> {name: port}."""
        ports = {name: free_port() for name in specifications}
        argv = {name: [*arguments, '--name', name, '--port', str(ports[name])] for name, arguments in specifications.items()}
        python = jina_of_this_python().rsplit('/', 1)[0] + '/python'
        process = self.processes.start('executors', [python, HERE / 'executor_farm.py', json.dumps(argv)])
        for port in ports.values():
            process.wait_ready(lambda: listening(port) and healthy(port))
        return process, ports

    def heads(self, specifications, program=None):
        """Heads of sharded Executors, of real Jina or of `program`. {name: [arguments]} -> {name: port}."""
        if not specifications:
            return {}
        if program is None or is_real_jina(program):
            return self.python_executors(specifications)[1]
        ports = {name: free_port() for name in specifications}
        for name, arguments in specifications.items():
            process = self.processes.start(name.replace('/', '_'), [program, 'executor', '--name', name, '--port', str(ports[name]), *arguments])
            process.wait_ready(lambda: healthy(ports[name]))
        return ports

    @contextlib.contextmanager
    def scope(self):
        """Whatever is started inside is stopped at the end."""
        before = list(self.processes.running)
        try:
            yield self
        finally:
            for process in reversed([p for p in self.processes.running if p not in before]):
                self.processes.stop(process)

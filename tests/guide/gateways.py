"""Custom gateways as the guide's tests start them."""
import json
import os
import pathlib
import subprocess

from support.http import Answer, answers, ask
from support.ports import free_port
from support.processes import chain_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = pathlib.Path(__file__).resolve().parent / 'modules'
EXAMPLES = ROOT / 'examples'


def command(world, uses, executors=None, modules=(), port=None, protocol=('HTTP',), uses_with=None, graph=None, **options):
    """The words of `jina gateway`. `executors`: {name: port or [ports]}; further options become --arguments."""
    executors = executors or {}
    addresses = {name: [f'grpc://127.0.0.1:{each}' for each in ([value] if isinstance(value, int) else value)]
                 for name, value in executors.items()}
    words = [world.subject, 'gateway', '--uses', str(uses)]
    if modules:
        words += ['--py-modules', *map(str, modules)]
    if port is not None:
        words += ['--port', *map(str, [port] if isinstance(port, int) else port)]
    if protocol:
        words += ['--protocol', *protocol]
    if executors:
        words += ['--graph-description', json.dumps(graph or chain_of(*executors)), '--deployments-addresses', json.dumps(addresses)]
    if uses_with is not None:
        words += ['--uses-with', json.dumps(uses_with)]
    for name, value in options.items():
        words.append('--' + name.replace('_', '-'))
        if value is not True:
            words += [value if isinstance(value, str) else json.dumps(value)]
    return words


class CustomGateway:
    def __init__(self, process, port):
        self.process, self.port = process, port

    def ask(self, path='/', **request):
        return ask(self.port, path, **request)


def start(world, uses, executors=None, modules=(), port=None, ready=None, environment=None, **options):
    """Starts a custom gateway and waits until it answers (`ready(port)`, HTTP by default)."""
    port = port or free_port()
    words = command(world, uses, executors, modules, port, **options)
    process = world.processes.start('custom-gateway', words, environment)
    process.wait_ready(lambda: (ready or answers)(port), deadline_s=120)  # its module is compiled first
    return CustomGateway(process, port)


def run_to_end(world, words, timeout_s=60, environment=None):
    """Runs a command that should end by itself. -> (exit code, what it wrote)"""
    process = world.processes.start('ends', words, environment)
    try:
        return process.wait(timeout_s), process.log()
    finally:
        world.processes.stop(process)


def run(*command, cwd=None, **environment):
    """Runs a command that has to succeed. -> what it wrote"""
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **environment}, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, f'{command} failed:\n{done.stdout[-6000:]}'
    return done.stdout

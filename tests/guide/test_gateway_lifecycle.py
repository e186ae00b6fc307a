"""A gateway's life: made, set up, run, shut down; and what is said when one of them goes wrong."""
import contextlib
import json
import os
import signal
import socket

import pytest

from gateways import EXAMPLES, MODULES, ask, command, run_to_end, start
from support.flows import start_flow
from support.ports import free_port
from support.processes import healthy, listening, wait_until

BAD = MODULES / 'bad_gateways.cpp'
LINES = MODULES / 'line_gateway.cpp'


def bad(world, name, **options):
    """Runs a class of bad_gateways.cpp that ends by itself. -> (exit code, log)"""
    return run_to_end(world, command(world, name, modules=[BAD], port=free_port(), protocol=None, **options), timeout_s=120)


def start_quietly(world, name, port=None, **options):
    """Starts one that listens nowhere and waits until it says that it is ready."""
    words = command(world, name, modules=[BAD], port=port or free_port(), protocol=None, **options)
    process = world.processes.start('quiet', words, {'JINA_LOG_LEVEL': 'INFO'})
    process.wait_ready(lambda: f'gateway {name} serves' in process.log(), deadline_s=120)
    return process


# ---- a good one --------------------------------------------------------------------------------------------------------------------

def test_any_server_and_any_protocol(scoped, upper):
    gateway = start(scoped, LINES, {'upper': upper}, uses_with={'greeting': 'good day'}, ready=listening)
    with socket.create_connection(('127.0.0.1', gateway.port), timeout=20) as connection:
        lines = connection.makefile('rw')
        assert lines.readline() == 'good day\n'
        for word in ('one', 'two'):
            lines.write(word + '\n')
            lines.flush()
            assert lines.readline() == word.upper() + '\n'
    gateway.process.stop()
    assert gateway.process.exit_code() == 0


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(scoped, number):
    process = start_quietly(scoped, 'Quiet')
    os.kill(process.pid, number)
    assert process.wait(20) == 0


def test_parameters_have_defaults(scoped):
    gateway = start(scoped, 'LineGateway', modules=[LINES], ready=listening)
    with socket.create_connection(('127.0.0.1', gateway.port), timeout=20) as connection:
        assert connection.makefile().readline() == 'hello\n'


def test_the_only_class_of_a_module_needs_no_name(scoped):
    words = [scoped.subject, 'gateway', '--modules', str(LINES), '--port', str(free_port())]
    process = scoped.processes.start('unnamed', words, {'JINA_LOG_LEVEL': 'INFO'})
    process.wait_ready(lambda: 'gateway LineGateway serves' in process.log(), deadline_s=120)


def test_a_free_port_is_chosen_when_none_is_given(scoped):
    words = [scoped.subject, 'gateway', '--uses', str(LINES)]
    process = scoped.processes.start('no-port', words, {'JINA_LOG_LEVEL': 'INFO'})
    process.wait_ready(lambda: 'gateway LineGateway serves' in process.log(), deadline_s=120)
    port = int(process.log().split('0.0.0.0:')[1].split()[0])
    assert listening(port)


# ---- bad ones: the message names class and file, the exit code says that it went wrong ------------------------------------------------

def assert_names(log, name):
    assert f"'{name}'" in log
    assert 'bad_gateways.cpp' in log


def test_a_constructor_that_throws(world):
    code, log = bad(world, 'ThrowsInConstructor')
    assert code == 1
    assert_names(log, 'ThrowsInConstructor')
    assert 'constructor' in log and 'there is no index.bin' in log


def test_setup_server_that_throws(world):
    code, log = bad(world, 'ThrowsInSetup')
    assert code == 1
    assert_names(log, 'ThrowsInSetup')
    assert 'setup_server() failed: IndexMissing: there is no index.bin' in log


@pytest.mark.parametrize('name', ['NeverSetUp', 'BlocksInSetup'])
def test_setup_server_that_never_ends(world, name):
    code, log = bad(world, name, timeout_ready='300')
    assert code == 1
    assert_names(log, name)
    assert 'setup_server()' in log and '--timeout-ready' in log


def test_run_server_that_returns_early(world):
    code, log = bad(world, 'ReturnsEarly')
    assert code == 1
    assert_names(log, 'ReturnsEarly')
    assert 'run_server() returned although nobody called shutdown()' in log


def test_run_server_that_throws(world):
    code, log = bad(world, 'ThrowsInRun')
    assert code == 1
    assert_names(log, 'ThrowsInRun')
    assert 'run_server() failed: IndexMissing: the index went away' in log


def test_shutdown_that_throws(scoped):
    process = start_quietly(scoped, 'ThrowsInShutdown')
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(20) == 1
    assert 'shutdown() failed: IndexMissing: the index can not be written' in process.log()


def test_shutdown_that_never_ends(scoped):
    """It gets the grace time, then it is cancelled."""
    process = start_quietly(scoped, 'NeverShutDown')
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(40) == 1
    assert_names(process.log(), 'NeverShutDown')
    assert 'shutdown() did not return within the grace time' in process.log()


def test_a_second_signal_ends_it_at_once(scoped):
    process = start_quietly(scoped, 'NeverShutDown')
    os.kill(process.pid, signal.SIGTERM)
    # Two at once may count as one, so more of them follow until it is gone.
    with contextlib.suppress(ProcessLookupError):
        wait_until(lambda: os.kill(process.pid, signal.SIGTERM) or not process.alive(), 20, 'still there')
    assert process.wait(5) == 128 + signal.SIGTERM


def test_a_blocked_thread_is_told_once(scoped):
    process = start_quietly(scoped, 'BlocksAWhile')
    process.wait_ready(lambda: 'awake again' in process.log())
    warnings = [line for line in process.log().splitlines() if 'blocks the I/O thread' in line]
    assert len(warnings) == 1
    assert_names(warnings[0], 'BlocksAWhile')
    assert 'run_server()' in warnings[0] and 'run_blocking' in warnings[0]


@pytest.mark.parametrize('arguments, says', [
    ({}, 'index'),
    ({'index': 'x', 'top_k': 'many'}, 'top_k'),
    ({'index': 'x', 'tok_k': 3}, 'top_k'),
])
def test_wrong_arguments(world, arguments, says):
    """Missing, of another type, unknown: the message says which one, and what there is."""
    code, log = bad(world, 'TakesArguments', uses_with=arguments)
    assert code == 2
    assert_names(log, 'TakesArguments')
    assert says in log


def test_an_unknown_argument_lists_those_there_are(world):
    _, log = bad(world, 'TakesArguments', uses_with={'indx': 'x'})
    assert "did you mean 'index'" in log
    assert 'index' in log and 'top_k' in log


def test_a_class_that_is_not_there(world):
    code, log = bad(world, 'Quite')
    assert code == 1
    assert "did you mean 'Quiet'" in log
    assert 'ThrowsInSetup' in log  # those there are


def test_a_class_that_is_an_executor(world):
    code, log = bad(world, 'NoGateway')
    assert code != 0
    assert_names(log, 'NoGateway')
    assert 'is an Executor, not a Gateway' in log and 'jina executor --uses NoGateway' in log


def test_two_gateways_of_one_name(world):
    words = command(world, 'Quiet', modules=[BAD, MODULES / 'same_name.cpp'], port=free_port(), protocol=None)
    code, log = run_to_end(world, words, timeout_s=120)
    assert code == 1
    assert_names(log, 'Quiet')
    assert 'same_name.cpp' in log


def test_a_port_that_is_taken(world):
    with socket.socket() as other:
        other.bind(('127.0.0.1', 0))
        other.listen()
        port = other.getsockname()[1]
        code, log = run_to_end(world, command(world, 'Quiet', modules=[BAD], port=port, protocol=None), timeout_s=120)
    assert code == 1
    assert_names(log, 'Quiet')
    assert f'port {port}' in log and 'already in use' in log


# ---- arguments of the runtime: command line before YAML before defaults --------------------------------------------------------------

def write_config(folder, **keys):
    config = folder / 'config.yml'
    config.write_text(json.dumps({'jtype': 'Attributes', 'py_modules': str(MODULES / 'attributes.cpp'), **keys}))
    return config


def test_keys_of_the_yaml_take_effect(scoped, tmp_path):
    port = free_port()
    config = write_config(tmp_path, port=port, protocol=['http', 'grpc'], host='127.0.0.1', name='yaml', timeout_send=1500, prefetch=7)
    process = scoped.processes.start('configured', [scoped.subject, 'gateway', '--uses', str(config)])
    process.wait_ready(lambda: listening(port), deadline_s=120)
    attributes, arguments = ask(port, '/').json, ask(port, '/runtime_args').json
    assert attributes['port'] == port
    assert attributes['protocols'] == ['HTTP', 'GRPC']
    assert attributes['host'] == '127.0.0.1'
    assert attributes['name'] == 'yaml'
    assert arguments['timeout_send'] == 1500  # milliseconds, as on the command line
    assert arguments['prefetch'] == 7
    assert healthy(port)


def test_the_command_line_wins(scoped, tmp_path):
    config = write_config(tmp_path, port=free_port(), name='yaml', prefetch=7)
    port = free_port()
    words = [scoped.subject, 'gateway', '--uses', str(config), '--port', str(port), '--name', 'words']
    process = scoped.processes.start('configured', words)
    process.wait_ready(lambda: listening(port), deadline_s=120)
    assert ask(port, '/').json['name'] == 'words'
    assert ask(port, '/runtime_args').json['prefetch'] == 7


def test_parameters_of_the_command_line_win(scoped, tmp_path):
    config = tmp_path / 'config.yml'
    config.write_text(json.dumps({'jtype': 'LineGateway', 'py_modules': str(LINES), 'with': {'greeting': 'from the file'}}))
    port = free_port()
    words = [scoped.subject, 'gateway', '--uses', str(config), '--port', str(port), '--uses-with', 'greeting=from the words']
    process = scoped.processes.start('configured', words)
    process.wait_ready(lambda: listening(port), deadline_s=120)
    with socket.create_connection(('127.0.0.1', port), timeout=20) as connection:
        assert connection.makefile().readline() == 'from the words\n'


# ---- the built-in classes by name -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize('name, speaks', [('HTTPGateway', 'http'), ('WebSocketGateway', 'http'), ('GRPCGateway', 'grpc'),
                                          ('CompositeGateway', 'grpc')])
def test_a_built_in_class_decides_its_protocol(scoped, name, speaks):
    port = free_port()
    process = scoped.processes.start(name, [scoped.subject, 'gateway', '--uses', name, '--port', str(port)])
    process.wait_ready(lambda: listening(port))
    if speaks == 'grpc':
        assert healthy(port)
    else:
        assert ask(port, '/').status == 200
        assert ask(port, '/status').status == 200
        assert not healthy(port)


def test_a_built_in_class_wins_over_the_protocol(scoped):
    """As in Jina; but it is told."""
    port = free_port()
    process = scoped.processes.start('conflict', [scoped.subject, 'gateway', '--uses', 'HTTPGateway', '--protocol', 'grpc', '--port', str(port)])
    process.wait_ready(lambda: listening(port))
    assert ask(port, '/').status == 200
    assert 'HTTPGateway speaks HTTP; protocol GRPC is ignored' in process.log()


def test_arguments_of_a_built_in_class(scoped, tmp_path):
    config = tmp_path / 'config.yml'
    config.write_text('!HTTPGateway\nwith:\n  title: From the file\n  no_crud_endpoints: true\n  nonsense: 1\n')
    port = free_port()
    process = scoped.processes.start('with', [scoped.subject, 'gateway', '--uses', str(config), '--port', str(port)])
    process.wait_ready(lambda: listening(port))
    document = ask(port, '/openapi.json').json
    assert document['info']['title'] == 'From the file'
    assert '/post' in document['paths'] and '/index' not in document['paths']
    assert "'nonsense' has no effect" in process.log()


# ---- in a Flow -------------------------------------------------------------------------------------------------------------------------

def run_flow(world, tmp_path, gateway):
    flow = tmp_path / 'flow.yml'
    flow.write_text(json.dumps({'jtype': 'Flow', 'gateway': gateway}))
    return start_flow(world, flow, tmp_path).process


@pytest.mark.parametrize('parameters', ['with', 'uses_with'])
def test_a_flow_with_a_class(scoped, tmp_path, parameters):
    port = free_port()
    module = EXAMPLES / 'guide' / 'config' / 'custom_gateway.cpp'
    run_flow(scoped, tmp_path, {'uses': 'MyCustomGateway', 'py_modules': str(module), parameters: {'arg1': 'flow'}, 'port': port,
                                'protocol': 'http'})
    assert ask(port, '/').json == {'arg1': 'flow', 'arg2': 'nobody'}


def test_a_flow_with_a_configuration(scoped, tmp_path):
    """Its port and protocol are those that the Flow asks for its health."""
    port = free_port()
    config = write_config(tmp_path, port=port, protocol='http')
    run_flow(scoped, tmp_path, {'uses': str(config)})
    assert ask(port, '/').json['name'] == 'gateway/rep-0'

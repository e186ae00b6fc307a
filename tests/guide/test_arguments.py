"""Gateway arguments: what the runtime injects, and parameters of the user's own, from weakest to strongest."""

import pytest

from gateways import EXAMPLES, MODULES, CustomGateway, command, run_to_end, start
from support.flows import start_flow
from support.http import ask
from support.ports import free_port


@pytest.fixture(scope='module')
def attributes(world, upper):
    with world.scope():
        gateway = start(world, 'Attributes', {'upper': upper}, modules=[MODULES / 'attributes.cpp'], name='front', host='127.0.0.1',
                        protocol=['HTTP', 'GRPC'], title='Attributes', environment={'JINA_LOG_LEVEL': 'INFO'})
        yield gateway


def test_name(attributes):
    assert attributes.ask('/').json['name'] == 'front'


def test_port_ports_protocols_and_host(attributes):
    answer = attributes.ask('/').json
    assert answer['port'] == attributes.port
    assert answer['ports'] == [attributes.port]
    assert answer['protocols'] == ['HTTP', 'GRPC']
    assert answer['host'] == '127.0.0.1'


def test_all_are_there_in_the_constructor(attributes):
    assert attributes.ask('/').json['in_constructor'] == {'name': 'front', 'port': attributes.port, 'tracing': False}


def test_logger(attributes):
    """Its lines carry the gateway's name."""
    lines = [line for line in attributes.process.log().splitlines() if 'the constructor of front may log' in line]
    assert len(lines) == 1 and lines[0].startswith('front')


def test_runtime_args_hold_every_argument(attributes):
    arguments = attributes.ask('/runtime_args').json
    assert arguments['port'] == [attributes.port]
    assert arguments['title'] == 'Attributes'
    assert arguments['prefetch'] == 1000  # the default of one that was not given
    assert arguments['deployments_addresses'].keys() == {'upper'}


def test_tracing_off(attributes):
    """Spans go nowhere, and cost nothing but a comparison: they have no identifiers."""
    assert attributes.ask('/').json['tracing'] is False
    assert attributes.ask('/spans').json == {'enabled': False, 'trace': '', 'same_trace': True}


def test_tracing_on(scoped):
    # Nobody listens at the exporter's address: that must not be in the way of anything.
    gateway = start(scoped, 'Attributes', modules=[MODULES / 'attributes.cpp'], tracing=True, traces_exporter_host='http://127.0.0.1',
                    traces_exporter_port=str(free_port()))
    assert gateway.ask('/').json['tracing'] is True
    answer = gateway.ask('/spans').json
    assert answer['enabled'] and answer['same_trace'] and answer['trace'].startswith('00-')


def test_metrics_of_its_own(scoped):
    port_monitoring = free_port()
    gateway = start(scoped, 'Attributes', modules=[MODULES / 'attributes.cpp'], monitoring=True, port_monitoring=str(port_monitoring))
    assert [gateway.ask('/count').json, gateway.ask('/count').json] == [True, True]
    lines = ask(port_monitoring, '/metrics').text.splitlines()
    assert {'counted_total{kind="test"} 2', 'level 7', 'took_seconds_count 2', 'took_seconds_sum 1'} <= set(lines)


def test_without_monitoring_metrics_go_nowhere(attributes):
    assert attributes.ask('/count').json is False


CONFIG = """
jtype: MyCustomGateway
py_modules: {module}
with:
  arg1: from the file
  arg2: from the file
port: {port}
protocol: HTTP
"""


@pytest.fixture
def config(tmp_path):
    """Writes a config.yml for the guide's class; gives (path, port)."""
    port = free_port()
    path = tmp_path / 'config.yml'
    path.write_text(CONFIG.format(module=EXAMPLES / 'guide' / 'config' / 'custom_gateway.cpp', port=port))
    return path, port


def test_parameters_from_the_yaml(scoped, config):
    path, port = config
    gateway = start(scoped, path, port=port, protocol=None)
    assert gateway.ask('/').json == {'arg1': 'from the file', 'arg2': 'from the file'}


def test_uses_with_is_stronger_than_the_yaml(scoped, config):
    path, port = config
    gateway = start(scoped, path, port=port, protocol=None, uses_with={'arg2': 'from the command line'})
    assert gateway.ask('/').json == {'arg1': 'from the file', 'arg2': 'from the command line'}


def test_the_default_is_weakest(scoped, config):
    path, port = config
    path.write_text(path.read_text().replace('  arg2: from the file\n', ''))
    gateway = start(scoped, path, port=port, protocol=None)
    assert gateway.ask('/').json == {'arg1': 'from the file', 'arg2': 'nobody'}


@pytest.mark.parametrize('uses_with, says', [
    ({}, ['arg1']),
    ({'arg1': 'x', 'arg3': 'y'}, ['arg3', 'arg2']),  # a suggestion
    ({'arg1': [1, 2]}, ['arg1', 'text']),
])
def test_wrong_parameters_end_the_start(world, uses_with, says):
    code, log = run_to_end(world, command(world, 'MyCustomGateway', modules=[EXAMPLES / 'guide' / 'config' / 'custom_gateway.cpp'],
                                          port=free_port(), uses_with=uses_with))
    assert code != 0
    assert 'MyCustomGateway' in log
    for word in says:
        assert word in log


def test_a_flow_sets_them_too(scoped, config, tmp_path):
    path, _ = config
    port, flow = free_port(), tmp_path / 'flow.yml'
    flow.write_text(f"""
jtype: Flow
gateway:
  uses: {path.name}
  uses_with: {{arg2: from the Flow}}
  port: {port}
  protocol: http
executors:
  - name: upper
    uses: BaseExecutor
""")
    running = start_flow(scoped, flow, tmp_path)
    assert running.ready['gateway']['http'].endswith(f':{port}')
    assert CustomGateway(running.process, port).ask('/').json == {'arg1': 'from the file', 'arg2': 'from the Flow'}

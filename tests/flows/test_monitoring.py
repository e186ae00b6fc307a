"""What --monitoring serves: the metrics of real Jina, by name, labels and count, for gateways, Executors and heads."""
import concurrent.futures
import pathlib
import re
import subprocess
import urllib.request

import pytest
from docarray import DocumentArray
from jina import Client
from prometheus_client.parser import text_string_to_metric_families

from support.flows import start_flow
from support.ports import free_port
from support.processes import healthy, jina_of_this_python, wait_until
from support.wire import STREAM_DOC, call, message

HERE = pathlib.Path(__file__).resolve().parent
MODULE = HERE / 'modules' / 'monitored'


def scrape(port, path='/metrics'):
    """{(name, ((label, value), ...)): value}"""
    with urllib.request.urlopen(f'http://127.0.0.1:{port}{path}', timeout=10) as answer:
        assert answer.headers['Content-Type'] == 'text/plain; version=0.0.4; charset=utf-8'
        text = answer.read().decode()
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text) for sample in family.samples}


def comparable(samples):
    """Times differ from run to run, and sizes with what programs write into headers: of those only that they are there."""
    def counts(name):
        return name.endswith(('_count', '_total')) or name == 'jina_number_of_pending_requests'
    return {key: value if counts(key[0]) else None for key, value in samples.items()}


class Monitored:
    """A Flow of an Executor and a sharded one, by file."""
    PROCESSES = ['gateway', 'enc', 'head', 'shard-0', 'shard-1']

    def __init__(self, folder, suffix):
        self.ports = {name: free_port() for name in ['grpc', *self.PROCESSES]}
        self.path = folder / f'flow{suffix}.yml'
        p = self.ports
        self.path.write_text(f'''
jtype: Flow
with: {{monitoring: true, port: {p['grpc']}, port_monitoring: {p['gateway']}}}
executors:
- {{name: enc, uses: Monitored, py_modules: [{MODULE}{suffix}], port_monitoring: {p['enc']}}}
- name: sh
  uses: Monitored
  py_modules: [{MODULE}{suffix}]
  shards: 2
  polling: ALL
  port_monitoring: [{p['head']}, {p['shard-0']}, {p['shard-1']}]
''')

    def ask(self):
        client = Client(port=self.ports['grpc'])
        client.post('/foo', DocumentArray.empty(3), request_size=2)
        client.post('/bad', DocumentArray.empty(1), continue_on_error=True)
        assert client.is_flow_ready()

    def metrics(self):
        return {name: comparable(scrape(self.ports[name])) for name in self.PROCESSES}


def test_the_metrics_are_those_of_jina(scoped, tmp_path):
    real = Monitored(tmp_path, '.py')
    (tmp_path / 'here').mkdir()
    python, cpp = Monitored(tmp_path / 'here', '.py'), Monitored(tmp_path / 'here', '.cpp')

    def under_jina():
        process = scoped.processes.start('real-flow', [jina_of_this_python(), 'flow', '--uses', str(real.path)], {'JINA_LOG_LEVEL': 'ERROR'})
        process.wait_ready(lambda: healthy(real.ports['grpc']), deadline_s=120)

    with concurrent.futures.ThreadPoolExecutor(2) as both:
        for each in (both.submit(under_jina), both.submit(start_flow, scoped, python.path, tmp_path / 'here')):
            each.result()
        # While the threads live: what they start ends with them.
        start_flow(scoped, cpp.path, tmp_path / 'here')
        for flow in (real, python, cpp):
            flow.ask()
        expected, with_python, with_cpp = real.metrics(), python.metrics(), cpp.metrics()
    assert ('jina_document_processed_total', (('executor', 'Monitored'), ('executor_endpoint', '/foo'), ('runtime_name', 'enc/rep-0'))) in expected['enc']
    for name in Monitored.PROCESSES:
        assert with_python[name] == expected[name], f'{name}, with Executors in Python'
        assert with_cpp[name] == expected[name], f'{name}, with Executors in C++'


def test_an_executor_here_behind_a_gateway_of_jina(scoped):
    def counted(program, suffix):
        port_monitoring = free_port()
        _, port = scoped.executor(program=program, name='enc', uses='Monitored', modules=f'{MODULE}{suffix}', monitoring=True,
                                  port_monitoring=port_monitoring)
        gateway = scoped.gateway({'enc': port}, program=jina_of_this_python())
        client = Client(port=gateway.port['grpc'])
        client.post('/foo', DocumentArray.empty(4), request_size=2)
        client.post('/bad', DocumentArray.empty(1), continue_on_error=True)
        return comparable(scrape(port_monitoring))

    if scoped.subject_is_real:
        pytest.skip('compares with real Jina')
    assert counted(scoped.subject, '.cpp') == counted(jina_of_this_python(), '.py')


def flow_of(folder, more='', executor=''):
    path = folder / 'flow.yml'
    path.write_text(f'''
jtype: Flow
with: {{monitoring: true, protocol: [grpc, http]{more}}}
executors:
- {{name: enc, uses: Monitored, py_modules: [{MODULE}.cpp]{executor}}}
''')
    return path


def rows(flow):
    """Where the metrics of a Flow are, by process."""
    return {name: int(re.fullmatch(r'http://127\.0\.0\.1:(\d+)/metrics', url)[1]) for name, url in flow.ready['metrics'].items()}


@pytest.fixture
def ours(scoped):
    if scoped.subject_is_real:
        pytest.skip('of this project alone')
    return scoped


def test_ports_that_are_not_given_are_in_the_table(ours, tmp_path):
    flow = start_flow(ours, flow_of(tmp_path, executor=', replicas: 2'), tmp_path)
    found = rows(flow)
    assert set(found) == {'gateway/rep-0', 'enc/rep-0', 'enc/rep-1'}
    for name, port in found.items():
        assert re.search(rf'^ *{name} +metrics +http://127.0.0.1:{port}/metrics$', flow.process.log(), re.M)
        assert ('jina_successful_requests_total', (('runtime_name', name),)) in scrape(port)


def test_io_threads_share_the_metrics(ours, tmp_path):
    flow = start_flow(ours, flow_of(tmp_path, ', io_threads: 3'), tmp_path)
    for _ in range(12):  # each a connection of its own
        assert flow.ask('/post', method='POST', body={'data': [{'text': 'a'}], 'execEndpoint': '/foo'}).status == 200
    found = scrape(rows(flow)['gateway/rep-0'])
    assert found['jina_successful_requests_total', (('runtime_name', 'gateway/rep-0'),)] == 12
    assert found['jina_number_of_pending_requests', (('runtime_name', 'gateway/rep-0'),)] == 0


def test_an_executor_in_the_gateway_counts_under_its_own_name(ours, tmp_path):
    flow = start_flow(ours, flow_of(tmp_path, executor=', colocate: true'), tmp_path)
    Client(port=flow.port('grpc')).post('/foo', DocumentArray.empty(3))
    assert set(rows(flow)) == {'gateway/rep-0'}
    found = scrape(rows(flow)['gateway/rep-0'])
    assert found['jina_successful_requests_total', (('runtime_name', 'gateway/rep-0'),)] == 1
    assert found['jina_successful_requests_total', (('runtime_name', 'enc/rep-0'),)] == 1
    labels = (('executor', 'Monitored'), ('executor_endpoint', '/foo'), ('runtime_name', 'enc/rep-0'))
    assert found['jina_document_processed_total', labels] == 3
    assert found['jina_part_seconds_count', (('runtime_name', 'enc/rep-0'),)] == 1


def test_retries_and_lost_executors_count(ours):
    port_monitoring = free_port()
    process, port = ours.executor(program=ours.subject, name='enc', uses='Monitored', modules=f'{MODULE}.cpp')
    gateway = ours.gateway({'enc': port}, monitoring=True, port_monitoring=port_monitoring, retries='1')
    process.stop()
    with pytest.raises(ConnectionError):
        Client(port=gateway.port['grpc']).post('/foo', DocumentArray.empty(1))
    found = scrape(port_monitoring)
    labels = (('runtime_name', 'gateway'),)
    assert found['jina_failed_requests_total', labels] == 1
    assert found['jina_number_of_pending_requests', labels] == 0
    assert found['jina_sending_request_seconds_count', labels] == found['jina_sent_request_bytes_count', labels] >= 2
    assert found['jina_received_response_bytes_count', labels] == 0


def test_a_port_that_is_taken_is_told(ours):
    port_monitoring = free_port()
    ours.gateway({}, graph={}, monitoring=True, port_monitoring=port_monitoring)
    second = subprocess.run([ours.subject, 'gateway', '--port', str(free_port()), '--monitoring', '--port-monitoring', str(port_monitoring)],
                            capture_output=True, text=True, timeout=30)
    assert second.returncode == 1
    assert '--port-monitoring: ' in second.stderr and str(port_monitoring) in second.stderr


def test_people_get_an_index(ours):
    port_monitoring = free_port()
    ours.gateway({}, graph={}, monitoring=True, port_monitoring=port_monitoring)
    request = urllib.request.Request(f'http://127.0.0.1:{port_monitoring}/', headers={'Accept': 'text/html'})
    with urllib.request.urlopen(request, timeout=10) as answer:
        page = answer.read().decode()
    assert 'Metrics of gateway' in page and 'jina_receiving_request_seconds' in page


def test_a_stream_of_documents_is_one_request_and_ends(ours):
    ports = [free_port(), free_port()]
    _, executor = ours.executor(program=ours.subject, name='zoo', monitoring=True, port_monitoring=ports[0])
    gateway = ours.gateway({'zoo': executor}, monitoring=True, port_monitoring=ports[1])
    request = message(STREAM_DOC.request)
    request.header.exec_endpoint = '/stream'
    request.document.text = 'x'
    outcome = call(gateway.port['grpc'], STREAM_DOC, [request.SerializeToString()])
    assert outcome.code == 'OK' and len(outcome.messages) == 3

    def counted():
        there, here = scrape(ports[0]), scrape(ports[1])
        zoo, front = (('runtime_name', 'zoo'),), (('runtime_name', 'gateway'),)
        return {
            'executor': there['jina_successful_requests_total', zoo],
            'function': there['jina_process_request_seconds_count', (('executor', 'Zoo'), ('executor_endpoint', '/stream'), *zoo)],
            'pending': here['jina_number_of_pending_requests', front],
            'gateway': here['jina_successful_requests_total', front],
            'calls': here['jina_sending_request_seconds_count', front],
            'sent': here['jina_sent_request_bytes_count', front],
            'answers': here['jina_received_response_bytes_count', front],
        }
    # The client has its answer a moment before all is counted.
    wait_until(lambda: counted() == {'executor': 1, 'function': 1, 'pending': 0, 'gateway': 1, 'calls': 1, 'sent': 1, 'answers': 3}, 5, 'not counted so')

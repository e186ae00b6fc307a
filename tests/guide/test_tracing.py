"""Tracing: one trace from the client through gateway, Executors and user code, exported as OTLP; real Jina on either side."""
import asyncio
import json
import os
import signal

import pytest
import websockets

from gateways import MODULES, ask, command, run_to_end, start
from support.collector import Collector
from support.ports import ClosedPort, free_port
from support.processes import jina_of_this_python, listening
from support.wire import CALL, SINGLE, STREAM_DOC, call, data_request, message

GUIDE = MODULES.parent


class Trace:
    """A client's trace: what it sends."""

    def __init__(self, sampled=True):
        self.id, self.span_id = os.urandom(16).hex(), os.urandom(8).hex()
        self.headers = {'traceparent': f'00-{self.id}-{self.span_id}-0{int(sampled)}', 'tracestate': 'client=1'}


@pytest.fixture(scope='module')
def collector():
    collector = Collector()
    yield collector
    collector.close()


def exporting(collector, protocol='grpc', **variables):
    """Arguments and environment of a process that exports to the collector soon after a span ended."""
    port = collector.grpc_port if protocol == 'grpc' else collector.http_port
    arguments = {'tracing': True, 'traces_exporter_host': 'http://127.0.0.1', 'traces_exporter_port': str(port)}
    environment = {'OTEL_BSP_SCHEDULE_DELAY': '50', 'OTEL_EXPORTER_OTLP_PROTOCOL': protocol, **variables}
    return {**arguments, 'environment': environment}


def traced_executor(world, collector, real, name='upper', protocol='grpc', **variables):
    program, module = (jina_of_this_python(), GUIDE / 'traced_upper.py') if real else (world.subject, MODULES / 'traced_upper.cpp')
    return world.executor(program=program, name=name, uses='TracedUpper', modules=module,
                          **exporting(collector, 'grpc' if real else protocol, **variables))[1]


def send(protocol, port, endpoint, trace=None):
    """One Document over a protocol, with the headers of the trace. -> its text in the answer"""
    headers = trace.headers if trace else {}
    request = {'data': [{'text': 'a'}], 'execEndpoint': endpoint}
    if protocol == 'http':
        return ask(port, '/post', 'POST', request, headers).json['data'][0]['text']
    if protocol == 'websocket':
        async def talk():
            async with websockets.connect(f'ws://127.0.0.1:{port}/', subprotocols=['json'], extra_headers=headers) as socket:
                await socket.send(json.dumps(request))
                answer = json.loads(await socket.recv())
                await socket.send('{}')
                await socket.wait_closed()
                return answer['data'][0]['text']
        return asyncio.run(talk())
    method = {'single': SINGLE, 'call': CALL}[protocol]
    outcome = call(port, method, [data_request(endpoint, [{'text': 'a'}]).SerializeToString()], list(headers.items()))
    assert outcome.code == 'OK', outcome.details
    return message(method.response, outcome.messages[0]).data.docs.docs[0].text


def one(spans, **wanted):
    found = [span for span in spans if all(getattr(span, key) == value for key, value in wanted.items())]
    assert len(found) == 1, f'{wanted}: {found or spans}'
    return found[0]


def has(*names):
    return lambda spans: set(names) <= {span.name for span in spans}


SERVER_NAMES = {'http': 'POST /post', 'websocket': '/', 'single': SINGLE.path, 'call': CALL.path}


@pytest.fixture(scope='module', params=['to real Jina', 'to our Executor', 'over HTTP, to our Executor'])
def flow(request, world, collector):
    with world.scope():
        exported = 'http/protobuf' if 'HTTP' in request.param else 'grpc'
        real = 'real' in request.param
        upper = traced_executor(world, collector, real, protocol=exported)
        gateway = world.gateway({'upper': upper}, ['grpc', 'http', 'websocket'], one_port=True, **exporting(collector, exported))
        yield real, upper, gateway.port['grpc']


@pytest.mark.parametrize('protocol', list(SERVER_NAMES))
def test_one_trace_from_the_client_to_user_code(flow, collector, protocol):
    real, upper, port = flow
    trace = Trace()
    assert send(protocol, port, '/up', trace) == 'A'
    spans = collector.wait_for(has(SERVER_NAMES[protocol], '/up', 'upper', SINGLE.path), trace.id)
    spans = collector.wait_for(lambda all: len(all) >= (6 if protocol == 'websocket' else 5), trace.id)

    server = one(spans, name=SERVER_NAMES[protocol], kind='SERVER', service='gateway')
    assert server.parent_id == trace.span_id
    above = server
    if protocol == 'websocket':
        above = one(spans, name='/ websocket message', kind='INTERNAL')
        assert above.parent_id == server.id
    client = one(spans, name=SINGLE.path, kind='CLIENT', service='gateway')
    assert client.parent_id == above.id and client.trace_state == 'client=1'
    assert client.attributes.items() >= {'rpc.system': 'grpc', 'rpc.service': 'jina.JinaSingleDataRequestRPC',
                                         'rpc.method': 'process_single_data', 'rpc.grpc.status_code': 0, 'jina.deployment': 'upper',
                                         'jina.address': f'127.0.0.1:{upper}', 'jina.try': 1, 'jina.endpoint': '/up'}.items()
    executor = one(spans, name=SINGLE.path, kind='SERVER', service='upper')
    assert executor.parent_id == client.id
    endpoint = one(spans, name='/up', kind='INTERNAL', service='upper')
    assert endpoint.parent_id == (client.id if real else executor.id)  # Jina's stands beside its server span
    user = one(spans, name='upper', service='upper')
    assert user.parent_id == endpoint.id and user.attributes == {'docs': 1}
    assert server.start <= client.start <= executor.start <= endpoint.start <= user.start
    assert user.end <= endpoint.end <= executor.end <= client.end <= server.end


def test_attributes_of_an_http_request(flow, collector):
    _, _, port = flow
    trace = Trace()
    assert ask(port, '/nothing?key=secret', headers={**trace.headers, 'user-agent': 'me'}).status == 404
    [span] = collector.wait_for(has('GET'), trace.id)
    assert span.attributes.items() >= {'http.method': 'GET', 'http.scheme': 'http', 'http.host': f'127.0.0.1:{port}', 'http.flavor': '1.1',
                                       'http.target': '/nothing', 'http.user_agent': 'me', 'http.status_code': 404,
                                       'net.peer.ip': '127.0.0.1'}.items()
    assert 'secret' not in str(span.attributes) and span.error is None
    assert send('http', port, '/up', trace := Trace()) == 'A'
    server = one(collector.wait_for(has('POST /post'), trace.id), name='POST /post')
    assert server.attributes['http.route'] == '/post' and server.attributes['http.status_code'] == 200
    assert server.resource['telemetry.sdk.name'] == 'jina' and server.scope == 'gateway'


def test_an_executor_that_raises(flow, collector):
    _, _, port = flow
    trace = Trace()
    send('single', port, '/boom', trace)
    spans = collector.wait_for(lambda all: len(all) >= 4, trace.id)
    endpoint = one(spans, name='/boom', kind='INTERNAL')
    assert 'boom' in endpoint.error and 'ValueError' in endpoint.error
    [(name, attributes)] = endpoint.events
    assert name == 'exception' and attributes['exception.type'] == 'ValueError'
    client = one(spans, kind='CLIENT')
    assert client.attributes['jina.executor_error'] is True and client.error is None
    assert one(spans, name=SINGLE.path, service='gateway', kind='SERVER').error is None


def test_a_client_without_a_trace_begins_one(flow, collector):
    _, _, port = flow
    before = {span.id for span in collector.spans()}
    send('http', port, '/up')
    spans = collector.wait_for(lambda all: any(s.name == 'POST /post' and s.id not in before for s in all))
    server = [s for s in spans if s.name == 'POST /post' and s.id not in before][0]
    assert server.parent_id == ''
    collector.wait_for(has('upper'), server.trace_id)


def test_a_trace_that_its_client_does_not_sample_is_not_recorded(flow, collector):
    _, _, port = flow
    silent, loud = Trace(sampled=False), Trace()
    assert send('single', port, '/up', silent) == 'A'
    assert send('single', port, '/up', loud) == 'A'
    collector.wait_for(has('upper', SINGLE.path), loud.id)
    assert collector.spans(silent.id) == []


def test_stream_doc(flow, collector):
    _, _, port = flow
    trace = Trace()
    request = message(STREAM_DOC.request)
    request.header.exec_endpoint = '/up'
    call(port, STREAM_DOC, [request.SerializeToString()], list(trace.headers.items()))
    spans = collector.wait_for(lambda all: len(all) >= 3, trace.id)
    server = one(spans, name=STREAM_DOC.path, kind='SERVER', service='gateway')
    client = one(spans, name=STREAM_DOC.path, kind='CLIENT')
    assert server.parent_id == trace.span_id and client.parent_id == server.id
    assert one(spans, kind='SERVER', service='upper').parent_id == client.id


@pytest.mark.parametrize('endpoint', ['/up', '/up_later', '/boom', '/unknown'])
def test_real_jinas_gateway_in_front_of_our_executor(world, scoped, collector, endpoint):
    upper = traced_executor(scoped, collector, real=False)
    gateway = scoped.gateway({'upper': upper}, ['http'], program=jina_of_this_python(), **exporting(collector))
    trace = Trace()
    assert send('http', gateway.port['http'], endpoint, trace) == ('A' if 'up' in endpoint else 'a')
    name = '/default' if endpoint == '/unknown' else endpoint
    spans = collector.wait_for(lambda all: has('POST /post', name)(all) and {'SERVER', 'CLIENT'} <= {s.kind for s in all if s.name == SINGLE.path},
                               trace.id)
    client = one(spans, name=SINGLE.path, kind='CLIENT')
    assert client.service == 'gateway' and one(spans, name='POST /post').parent_id == trace.span_id
    executor = one(spans, name=SINGLE.path, kind='SERVER')
    assert executor.parent_id == client.id and one(spans, name=name).parent_id == executor.id


def test_branches_and_floating_executors_are_in_the_same_trace(scoped, collector):
    port = traced_executor(scoped, collector, real=False)
    graph = {'start-gateway': ['a', 'b', 'aside'], 'a': ['end-gateway'], 'b': ['end-gateway'], 'aside': []}
    gateway = scoped.gateway({'a': port, 'b': port, 'aside': port}, graph=graph, **exporting(collector))
    trace = Trace()
    send('single', gateway.port['grpc'], '/up', trace)
    spans = collector.wait_for(lambda all: len(all) >= 1 + 3 * 4, trace.id)
    server = one(spans, service='gateway', kind='SERVER')
    clients = [span for span in spans if span.kind == 'CLIENT']
    assert sorted(span.attributes['jina.deployment'] for span in clients) == ['a', 'aside', 'b']
    assert {span.parent_id for span in clients} == {server.id}


def test_each_try_has_a_span(scoped, collector):
    closed = ClosedPort()
    gateway = scoped.gateway({'upper': closed.port}, ['http'], retries=1, **exporting(collector))
    trace = Trace()
    assert ask(gateway.port['http'], '/post', 'POST', {'data': [{}]}, trace.headers).status == 503
    closed.close()
    spans = collector.wait_for(has('POST /post'), trace.id)
    clients = sorted((span for span in spans if span.kind == 'CLIENT'), key=lambda span: span.start)
    assert [span.attributes['jina.try'] for span in clients] == [1, 2]
    assert all(span.error.startswith('UNAVAILABLE') and span.attributes['rpc.grpc.status_code'] == 14 for span in clients)
    assert one(spans, name='POST /post').error is not None


def test_without_tracing_a_gateway_passes_the_trace_on(scoped, collector):
    upper = traced_executor(scoped, collector, real=False)
    gateway = scoped.gateway({'upper': upper}, ['grpc', 'http', 'websocket'], one_port=True).port['grpc']
    for protocol in SERVER_NAMES:
        trace = Trace()
        assert send(protocol, gateway, '/up', trace) == 'A'
        spans = collector.wait_for(has(SINGLE.path, 'upper'), trace.id)
        server = one(spans, name=SINGLE.path)
        assert server.parent_id == trace.span_id and server.trace_state == 'client=1'
    assert send('http', gateway, '/up') == 'A'


@pytest.fixture(scope='module')
def custom(world, collector):
    with world.scope():
        upper = traced_executor(world, collector, real=False)
        yield start(world, 'Traced', {'upper': upper}, modules=[MODULES / 'traced.cpp'], protocol=['GRPC', 'HTTP', 'WEBSOCKET'],
                    name='front', **exporting(collector))


def test_spans_of_a_handler(custom, collector):
    trace = Trace()
    assert custom.ask('/ask/me?text=abc', headers=trace.headers).json == 'ABC'
    spans = collector.wait_for(lambda all: len(all) >= 6, trace.id)
    route = one(spans, name='GET /ask/{what}', kind='SERVER')
    assert route.service == 'front' and route.parent_id == trace.span_id and route.attributes['http.target'] == '/ask/me'
    handler = one(spans, name='ask')
    assert handler.parent_id == route.id and handler.kind == 'INTERNAL' and handler.attributes == {'length': 3}
    client = one(spans, kind='CLIENT')
    assert client.parent_id == handler.id
    assert one(spans, kind='SERVER', service='upper').parent_id == client.id


def test_a_handler_that_throws(custom, collector):
    trace = Trace()
    assert custom.ask('/fail', headers=trace.headers).status == 500
    [span] = collector.wait_for(has('GET /fail'), trace.id)
    assert span.error is not None and span.attributes['http.status_code'] == 500


@pytest.mark.parametrize('protocol', list(SERVER_NAMES))
def test_jinas_protocols_of_a_custom_gateway(custom, collector, protocol):
    trace = Trace()
    assert send(protocol, custom.port, '/up', trace) == 'A'
    spans = collector.wait_for(lambda all: {'front', 'upper'} <= {s.service for s in all if s.kind == 'SERVER'}, trace.id)
    assert one(spans, name=SERVER_NAMES[protocol], service='front', kind='SERVER').parent_id == trace.span_id


def test_a_websocket_of_a_custom_gateway(custom, collector):
    trace = Trace()

    async def talk():
        async with websockets.connect(f'ws://127.0.0.1:{custom.port}/talk', extra_headers=trace.headers) as socket:
            await socket.send('x')
            return await socket.recv()
    version, trace_id, span_id, flags = asyncio.run(talk()).split('-')
    spans = collector.wait_for(has('/talk', 'talk'), trace.id)
    connection = one(spans, name='/talk', kind='SERVER')
    assert connection.parent_id == trace.span_id and connection.attributes['http.scheme'] == 'ws'
    span = one(spans, name='talk')
    assert (span.trace_id, span.id, span.parent_id) == (trace_id, span_id, connection.id)


def test_all_kinds_of_values_arrive(custom, collector):
    trace = Trace()
    parent = custom.ask('/all_kinds', headers=trace.headers).json
    span = one(collector.wait_for(has('kinds', 'GET /all_kinds'), trace.id), name='kinds')
    assert span.parent_id == parent.split('-')[2] and span.scope == 'kinds'
    none = span.attributes.pop('none')
    assert none != none
    assert span.attributes == {'yes': True, 'no': False, 'zero': 0, 'least': -2**63, 'half': 0.5, 'text': 'grüß', 'empty': '',
                               'broken': 'a?b'}
    assert type(span.attributes['yes']) is bool and type(span.attributes['zero']) is int
    assert span.events == [('looked', {'at': 3}),
                           ('exception', {'exception.type': 'std::runtime_error', 'exception.message': 'no luck'})]
    assert span.error == 'no luck'


@pytest.mark.parametrize('protocol', ['grpc', 'http/protobuf'])
def test_a_collector_that_refuses_is_asked_again(scoped, protocol):
    collector = Collector(refusals=1)
    try:
        gateway = scoped.gateway({}, ['http'], graph={'start-gateway': ['end-gateway']}, **exporting(
            collector, protocol, OTEL_EXPORTER_OTLP_COMPRESSION='gzip', OTEL_EXPORTER_OTLP_HEADERS='api-key=a%20b',
            OTEL_SERVICE_NAME='shop', OTEL_RESOURCE_ATTRIBUTES='team=x', K8S_POD_NAME='pod-1'))
        trace = Trace()
        ask(gateway.port['http'], '/status', headers=trace.headers)
        [span] = collector.wait_for(has('GET /status'), trace.id)
        assert span.resource.items() >= {'service.name': 'shop', 'service.instance.id': 'gateway', 'team': 'x', 'k8s.pod.name': 'pod-1'}.items()
        assert collector.requests >= 2 and all(headers['api-key'] == 'a b' for headers in collector.headers)
        if protocol == 'http/protobuf':
            assert set(collector.encodings) == {'gzip'}
    finally:
        collector.close()


def test_what_is_left_is_sent_at_the_end(scoped, collector):
    gateway = scoped.gateway({}, ['http'], graph={'start-gateway': ['end-gateway']},
                             **exporting(collector, OTEL_BSP_SCHEDULE_DELAY='3600000'))
    trace = Trace()
    ask(gateway.port['http'], '/status', headers=trace.headers)
    assert collector.spans(trace.id) == []
    os.kill(gateway.process.pid, signal.SIGTERM)
    assert gateway.process.wait(10) == 0
    assert [span.name for span in collector.spans(trace.id)] == ['GET /status']


def test_a_collector_that_is_not_there_costs_spans_and_one_warning(scoped):
    closed = ClosedPort()
    gateway = scoped.gateway({}, ['http'], graph={'start-gateway': ['end-gateway']}, tracing=True, traces_exporter_host='http://127.0.0.1',
                             traces_exporter_port=str(closed.port),
                             environment={'JINA_LOG_LEVEL': 'INFO', 'OTEL_BSP_SCHEDULE_DELAY': '20', 'OTEL_BSP_MAX_QUEUE_SIZE': '8'})
    for _ in range(50):
        assert ask(gateway.port['http'], '/status', timeout=5).status == 200
    gateway.process.wait_ready(lambda: 'can not be sent' in gateway.process.log())
    os.kill(gateway.process.pid, signal.SIGTERM)
    assert gateway.process.wait(10) == 0
    log = gateway.process.log()
    assert log.count('can not be sent to') == 1 and f'http://127.0.0.1:{closed.port}' in log
    assert log.count('the queue of spans is full (8)') == 1
    assert '0 spans exported' in log
    closed.close()


@pytest.mark.parametrize('options, variables, words', [
    ({'traces_exporter_host': 'ftp://collector'}, {}, ["--traces-exporter-host", "'ftp'", 'http://localhost:4317']),
    ({'traces_exporter_port': '70000'}, {}, ['--traces-exporter-port', '70000']),
    ({}, {'OTEL_EXPORTER_OTLP_PROTOCOL': 'http/json'}, ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf']),
    ({}, {'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT': 'http://'}, ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'names no host']),
])
def test_wrong_settings_are_one_clear_message(scoped, options, variables, words):
    code, log = run_to_end(scoped, command(scoped, 'HTTPGateway', tracing=True, **options), environment=variables)
    assert code == 2 and len(log.strip().splitlines()) == 1, log
    assert all(word in log for word in words), log


def test_a_flow_traces_all_of_its_processes(scoped, collector, tmp_path):
    port = free_port()
    flow = tmp_path / 'flow.yml'
    flow.write_text(f'''jtype: Flow
with:
  port: {port}
  protocol: http
  tracing: true
  traces_exporter_host: http://127.0.0.1
  traces_exporter_port: {collector.grpc_port}
executors:
- name: first
  uses: TracedUpper
  py_modules: {MODULES / 'traced_upper.cpp'}
- name: second
  uses: TracedUpper
  py_modules: {MODULES / 'traced_upper.cpp'}
''')
    process = scoped.processes.start('flow', [scoped.subject, 'flow', '--uses', flow], {'OTEL_BSP_SCHEDULE_DELAY': '50'})
    process.wait_ready(lambda: answers_dry_run(port), deadline_s=120)
    trace = Trace()
    assert send('http', port, '/up', trace) == 'A'
    spans = collector.wait_for(lambda all: len(all) >= 1 + 2 * 4, trace.id)
    assert {span.service for span in spans} == {'gateway/rep-0', 'first/rep-0', 'second/rep-0'}


def answers_dry_run(port):
    try:
        return ask(port, '/dry_run', timeout=2).json.get('code') == 0
    except (OSError, ValueError):
        return False


@pytest.mark.parametrize('protocol', ['grpc', 'http/protobuf'])
def test_the_opentelemetry_collector_takes_our_spans(scoped, collector, tmp_path, protocol):
    """The real one in between: it decodes what we send, and sends it on."""
    program = os.environ.get('JINA_OTEL_COLLECTOR')
    if not program:
        pytest.skip('JINA_OTEL_COLLECTOR names no OpenTelemetry collector')
    ports = {'grpc': free_port(), 'http/protobuf': free_port()}
    config = tmp_path / 'collector.yml'
    config.write_text(f'''receivers:
  otlp:
    protocols:
      grpc: {{endpoint: 127.0.0.1:{ports["grpc"]}}}
      http: {{endpoint: 127.0.0.1:{ports["http/protobuf"]}}}
exporters:
  otlphttp: {{endpoint: http://127.0.0.1:{collector.http_port}, compression: none}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [otlphttp]}}
''')
    process = scoped.processes.start('otel-collector', [program, '--config', config])
    process.wait_ready(lambda: all(listening(port) for port in ports.values()))
    gateway = scoped.gateway({}, ['http'], graph={'start-gateway': ['end-gateway']}, tracing=True, traces_exporter_host='http://127.0.0.1',
                             traces_exporter_port=str(ports[protocol]),
                             environment={'OTEL_BSP_SCHEDULE_DELAY': '50', 'OTEL_EXPORTER_OTLP_PROTOCOL': protocol,
                                          'OTEL_EXPORTER_OTLP_COMPRESSION': 'gzip'})
    trace = Trace()
    ask(gateway.port['http'], '/status', headers=trace.headers)
    [span] = collector.wait_for(has('GET /status'), trace.id)
    assert span.service == 'gateway' and span.parent_id == trace.span_id and span.attributes['http.status_code'] == 200

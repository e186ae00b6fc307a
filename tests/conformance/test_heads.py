"""Heads of sharded Executors: real Jina's and the subject's answer alike, in front of Python and C++ shards, behind either gateway."""
import json
import os
import re
import signal

import grpc
import pytest

from support import golden, grpc_case, topologies
from support.compare import check, mismatches
from support.ports import free_port
from support.processes import HERE, healthy, jina_of_this_python
from support.wire import CALL, CHANNEL_OPTIONS, DISCOVERY, DRY_RUN, SINGLE, STREAM_DOC, call, data_request, message, tree

POLLING = json.dumps({'/all': 'ALL', '/seen': 'ALL', '/res': 'ALL', '/newdoc': 'ALL', '/fail_s': 'ALL', '*': 'ANY'})
PODS = ('s/shard-0/rep-0', 's/shard-1/rep-0', 's/uses_before-0', 's/uses_after-0')
WORKERS = ('python', 'c++', 'mixed')
LAYOUTS = ('plain', 'no_reduce', 'around', 'after', 'one_dead', 'all_dead')
ENDPOINTS = ('/all', '/search', '/index', '/seen', '/res', '/newdoc')
DEAD = ('one_dead', 'all_dead')
POD_NUMBER = re.compile(r'(shard)-\d')
DOCUMENTS = [{'id': 'a', 'text': 'one'}, {'id': 'b', 'text': 'two'}]


def endpoints_of(layout):
    """Real Jina's second call to a dead shard waits for gRPC's back-off: it is asked once."""
    return ENDPOINTS[:1] if layout in DEAD else ENDPOINTS


def tag_arguments(pod):
    shard = re.search(r'shard-(\d)', pod)
    return {'uses_with': {'sets': 'text,tags,match'}, 'shards': 2, **({'shard_id': int(shard[1])} if shard else {})}


@pytest.fixture(scope='module')
def workers(world):
    """{kind: {pod: port}}: the same Executors written in Python and in C++, and some of each."""
    with world.scope():
        words = {pod: ['--uses', 'Tag', '--py-modules', str(HERE / 'zoo.py'),
                       *(str(word) for key, value in tag_arguments(pod).items()
                         for word in ('--' + key.replace('_', '-'), json.dumps(value)))] for pod in PODS}
        python = world.python_executors(words)[1]
        native = python if world.subject_is_real else {
            pod: world.executor(program=world.subject, name=pod, uses='Tag', modules=HERE / 'executors' / 'tag.cpp', **tag_arguments(pod))[1]
            for pod in PODS}
        yield {'python': python, 'c++': native,
               'mixed': {pod: (python if number % 2 else native)[pod] for number, pod in enumerate(PODS)}}


@pytest.fixture(scope='module')
def dead_ports():
    return [free_port(), free_port()]


@pytest.fixture(scope='module')
def heads(world, workers, dead_ports):
    """heads(layout, workers, program) -> port; each is started once."""
    running = {}

    def address(port):
        return f'127.0.0.1:{port}'

    def start(layout, kind, program):
        key = layout, kind, program
        if key not in running:
            ports = dict(workers[kind])
            if layout in ('one_dead', 'all_dead'):
                ports['s/shard-1/rep-0'] = dead_ports[1]
            if layout == 'all_dead':
                ports['s/shard-0/rep-0'] = dead_ports[0]
            arguments = ['--runtime-cls', 'HeadRuntime', '--pod-role', 'HEAD', '--polling', POLLING, '--shards', '2', '--connection-list',
                         json.dumps({str(shard): [address(ports[f's/shard-{shard}/rep-0'])] for shard in (0, 1)})]
            if layout == 'no_reduce':
                arguments.append('--no-reduce')
            if layout == 'around':
                arguments += ['--uses-before-address', address(ports['s/uses_before-0'])]
            if layout in ('around', 'after'):
                arguments += ['--uses-after-address', address(ports['s/uses_after-0'])]
            running[key] = world.heads({'s/head': arguments}, program)['s/head']
        return running[key]

    with world.scope():
        yield start


def without_times(answer):
    """What can be compared: no times, no stack traces; routes by name."""
    answer['routes'] = [route['executor'] for route in answer.get('routes', [])]
    status = answer.get('header', {}).get('status')
    if status:
        status.get('exception', {}).pop('stacks', None)
        if not status.get('code'):
            del answer['header']['status']  # SUCCESS, written out or not
    return answer


def asked(port, endpoint, masked=False, metadata=None):
    """Everything that came back for one request."""
    request = data_request(endpoint, DOCUMENTS, parameters={'p': 1})
    request.routes.add(executor='gateway')  # as a gateway sends it
    outcome = call(port, SINGLE, [request.SerializeToString()], metadata=metadata)
    answers = [without_times(tree(message(SINGLE.response, answer))) for answer in outcome.messages]
    # The order of metadata says nothing.
    result = {'code': outcome.code, 'details': outcome.details, 'answers': answers, 'trailing': sorted(outcome.trailing_metadata)}
    return json.loads(POD_NUMBER.sub(r'\1-<n>', json.dumps(result, default=repr, sort_keys=True))) if masked else result


def asked_as_gateway(port, endpoint):
    return asked(port, endpoint, masked=endpoint == '/index', metadata=[('endpoint', endpoint)])


@pytest.mark.parametrize('layout, kind', [(layout, kind) for layout in LAYOUTS for kind in (WORKERS[:1] if layout in DEAD else WORKERS)])
def test_head_answers_like_real_jina(layout, kind, heads, world):
    real, subject = heads(layout, kind, jina_of_this_python()), heads(layout, kind, world.subject)
    for endpoint in endpoints_of(layout):
        expected, actual = asked_as_gateway(real, endpoint), asked_as_gateway(subject, endpoint)
        assert not mismatches(expected, actual), f'{layout}, {kind} shards, {endpoint}'
    if layout == 'all_dead':
        assert expected['code'] == 'UNAVAILABLE' and expected['details'].startswith('|Head: Failed to connect')


@pytest.mark.parametrize('layout', ('plain', 'no_reduce', 'around', 'after'))
def test_cpp_shards_answer_like_python_shards_behind_a_real_head(layout, heads):
    real = jina_of_this_python()
    for endpoint in ENDPOINTS:
        expected, actual = (asked_as_gateway(heads(layout, kind, real), endpoint) for kind in ('python', 'c++'))
        assert not mismatches(expected, actual), endpoint


def test_any_goes_round(heads, world):
    def texts(port):
        answers = [asked(port, '/index', metadata=[('endpoint', '/index')])['answers'][0] for _ in range(4)]
        return [answer['data']['docs']['docs'][0]['text'] for answer in answers]
    seen = texts(heads('plain', 'python', world.subject))
    assert seen[0] != seen[1] and seen[:2] == seen[2:]


@pytest.mark.parametrize('layout', ('plain', 'around'))
def test_discovery_names_what_a_real_head_names(layout, heads, world):
    def endpoints(port):
        return set(tree(message(DISCOVERY.response, call(port, DISCOVERY, [b'']).messages[0]))['endpoints'])
    assert endpoints(heads(layout, 'python', world.subject)) == endpoints(heads(layout, 'python', jina_of_this_python()))


def test_call_streams_and_dry_run(heads, world):
    request = data_request('/search', DOCUMENTS).SerializeToString()
    for program in (jina_of_this_python(), world.subject):
        port = heads('plain', 'python', program)
        streamed = call(port, CALL, [request, request], metadata=[('endpoint', '/search')])
        assert (streamed.code, len(streamed.messages)) == ('OK', 2)
        assert call(port, DRY_RUN, [b'']).code == 'UNIMPLEMENTED'


def test_stream_doc_reaches_a_shard(world, workers):
    """Real heads do not serve it; the subject's hands it on."""
    if world.subject_is_real:
        pytest.skip('real heads have no stream_doc')
    with world.scope():
        ports = [world.executor(name=f's/shard-{shard}/rep-0')[1] for shard in (0, 1)]
        connections = json.dumps({str(shard): f'127.0.0.1:{port}' for shard, port in enumerate(ports)})
        head = world.heads({'s/head': ['--runtime-cls', 'HeadRuntime', '--connection-list', connections]}, world.subject)['s/head']
        request = message(STREAM_DOC.request)
        request.header.exec_endpoint = '/stream'
        request.document.id, request.document.text = 'd', 'x'
        outcome = call(head, STREAM_DOC, [request.SerializeToString()])
        assert outcome.code == 'OK', outcome.details
        assert [message(STREAM_DOC.response, answer).document.text for answer in outcome.messages] == ['x 0', 'x 1', 'x 2']


def test_a_head_that_stops_answers_what_runs(world, workers):
    if world.subject_is_real:
        pytest.skip('how real heads stop is not tested here')
    with world.scope():
        shard = world.executor()[1]
        port = free_port()
        head = world.processes.start('head', [world.subject, 'executor', '--runtime-cls', 'HeadRuntime', '--port', str(port),
                                              '--connection-list', json.dumps({'0': f'127.0.0.1:{shard}'})])
        head.wait_ready(lambda: healthy(port))
        request = data_request('/sleep', DOCUMENTS, parameters={'seconds': 0.5}).SerializeToString()
        with grpc.insecure_channel(f'127.0.0.1:{port}', CHANNEL_OPTIONS) as channel:
            calls = channel.stream_stream(CALL.path)(iter([data_request('/echo').SerializeToString(), request]), timeout=20)
            next(calls)  # it is under way by now
            os.kill(head.pid, signal.SIGTERM)
            assert message(CALL.response, next(calls)).data.docs.docs[0].id == 'a'
        assert head.wait(20) == 0, head.log()


SETUPS = {  # gateway, head, shards: s the subject's, r real Jina's
    'real gateway, our head, c++ shards': 'rs c++',
    'real gateway, our head, mixed shards': 'rs mixed',
    'real gateway, our head, python shards': 'rs python',
    'real gateway, real head, c++ shards': 'rr c++',
    'our gateway, real head, python shards': 'sr python',
    'our gateway, our head, mixed shards': 'ss mixed',
}


@pytest.mark.parametrize('layout', ('plain', 'no_reduce', 'around'))
def test_all_mixtures_answer_like_real_jina_alone(layout, heads, world):
    programs = {'r': jina_of_this_python(), 's': world.subject}

    def answers(setup):
        (gateway, head), kind = setup.split()
        head_port = heads(layout, kind, programs[head])
        with world.scope():
            port = world.gateway({'s': head_port}, program=programs[gateway]).port['grpc']
            results = {}
            for endpoint in ENDPOINTS:
                result = asked(port, endpoint, masked=endpoint == '/index')
                result['details'] = result['details'].replace(str(head_port), '<head>')
                results[endpoint] = result
            return results

    expected = answers('rr python')
    for name, setup in SETUPS.items():
        actual = answers(setup)
        for endpoint in ENDPOINTS:
            assert not mismatches(expected[endpoint], actual[endpoint]), f'{layout}: {name}: {endpoint}'


@pytest.mark.parametrize('gateway', ('real', 'subject'))
def test_dead_shards_behind_a_gateway(gateway, heads, world):
    if world.subject_is_real:
        pytest.skip('real heads are slow to see that a shard is dead')
    program = world.subject if gateway == 'subject' else jina_of_this_python()
    with world.scope():
        half = world.gateway({'s': heads('one_dead', 'python', world.subject)}, program=program).port['grpc']
        answer = asked(half, '/all')
        assert answer['code'] == 'OK' and [doc['id'] for doc in answer['answers'][0]['data']['docs']['docs']] == ['a', 'b']
        none = world.gateway({'s': heads('all_dead', 'python', world.subject)}, program=program).port['grpc']
        answer = asked(none, '/all')
        assert answer['code'] == 'UNAVAILABLE'
        assert re.match(r"\|Head: Failed to connect to worker \(Executor\) pod at address \{'127.0.0.1:\d+'\}\. It may be down\. "
                        r"\|Gateway: Communication error with deployment s at address\(es\) \{'127.0.0.1:\d+'\}", answer['details'])


@pytest.mark.parametrize('topology', ('shards', 'shards_no_reduce'))
def test_recorded_cases_with_our_head(topology, world):
    cases = [case for case in golden.cases('topology', 'grpc') if case['id'].split('.')[0] == topology]
    assert cases
    with world.scope():
        gateway = topologies.start(world, topology, head_program=world.subject)
        call(gateway.port['grpc'], SINGLE, [data_request('_jina_dry_run_', [{'id': 'w'}]).SerializeToString()])
        for case in cases:
            expected, actual = grpc_case.expected(case), grpc_case.replay(case, gateway.port['grpc'])
            if 'which shard/replica' in case.get('volatile', []):
                expected, actual = (json.loads(re.sub(r'(shard|rep)-\d', r'\1-<n>', json.dumps(value, default=repr)))
                                    for value in (expected, actual))
            check(golden.name_of(case), expected, actual, world.subject_is_real)


@pytest.mark.parametrize('arguments, says', [
    (['--connection-list', '{}'], 'connection-list: it names no shard'),
    (['--connection-list', '{"x": ["h:1"]}'], "'x' is not the number of a shard"),
    (['--connection-list', '[1]'], '--connection-list: expected a JSON object'),
    (['--connection-list', '{"0": ["h:1"]}', '--polling', 'SOME'], "polling: 'SOME' is neither ANY nor ALL"),
    (['--connection-list', '{"0": ["h:1"]}', '--polling', '{"/go": "SOME"}'], "polling: 'SOME' is neither ANY nor ALL"),
    (['--connection-list', '{"0": ["h"]}'], "addresses of deployment '0'"),
])
def test_mistakes_are_named(arguments, says, world):
    if world.subject_is_real:
        pytest.skip('the words are ours')
    process = world.processes.start('head', [world.subject, 'executor', '--runtime-cls', 'HeadRuntime', *arguments])
    assert process.wait(20) == 2, process.log()
    assert says in process.log()

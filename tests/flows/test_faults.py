"""Executors that die or misbehave under load: what was promised is kept, and the answer says who it was."""
import os
import resource
import shutil
import signal
import threading

import pytest

from faulty_flow import Load, faulty, start_faulty

REPLICAS = ['faulty/rep-0', 'faulty/rep-1']


@pytest.fixture
def flow(world, tmp_path):
    """One for each test: a process that ended before is started again after a pause."""
    started = start_faulty(world, tmp_path, [faulty(replicas=2)], 'protocol: [http, grpc]')
    yield started
    started.flow.stop()


def failed(answer):
    """What the status of an answer says, None when it is good."""
    status = answer.json['header']['status']
    if answer.status == 200 and (status is None or status['code'] == 0):
        return None
    return status['description']


def all_answered(load, at_least):
    assert len(load.answers) >= at_least
    assert [text for text in map(failed, load.answers) if text] == []


def test_killed_replicas_under_load_lose_nothing(flow):
    with Load(lambda: flow.post('/slow'), threads=8, at_least=400) as load:
        for pod in REPLICAS:
            flow.kill(pod)
    all_answered(load, 400)


def test_killed_replicas_lose_nothing_of_a_real_jina_client(flow):
    from jina import Client, Document, DocumentArray
    client = Client(host='127.0.0.1', port=flow.flow.port('grpc'), protocol='grpc')
    got, failures, left = [], [], list(REPLICAS)

    def on_done(response):
        got.extend(int(doc.text.split(' from ')[0]) for doc in response.docs)
        if left and len(got) >= 200 * (3 - len(left)):
            flow.kill(left.pop(0))

    client.post('/slow', DocumentArray([Document(text=f'{number}') for number in range(600)]), request_size=2, prefetch=50,
                on_done=on_done, on_error=failures.append, return_responses=False)
    assert failures == [] and left == []
    assert sorted(got) == list(range(600))


def test_a_throwing_endpoint_fails_its_request_alone(flow):
    before = [flow.pid(pod) for pod in REPLICAS]
    answer = flow.post('/throw')
    assert failed(answer) == "std::runtime_error('this endpoint always fails')"
    assert answer.json['header']['status']['exception']['executor'] == 'Faulty'
    assert [flow.pid(pod) for pod in REPLICAS] == before


@pytest.mark.parametrize('endpoint, ended', [('/segv', 'signal 11 (Segmentation fault)'), ('/abort', 'signal 6 (Aborted)')])
def test_a_request_that_kills_its_executor_fails_and_the_others_survive(flow, endpoint, ended):
    with Load(lambda: flow.post('/slow'), threads=6, at_least=150) as load:
        answer = flow.post(endpoint)
    assert 'Communication error with deployment faulty' in failed(answer)
    all_answered(load, 150)
    flow.wait_log(f'was killed by {ended}')
    log = flow.log()
    assert 'where it was:' in log and 'jina: backtrace' not in log
    report = log.split(f'was killed by {ended}', 1)[1].split('report: ', 1)[1].split('\n', 1)[0]
    with open(report) as file:
        text = file.read()
    assert report.startswith(str(flow.folder / 'workspace')) and ended in text and 'jina::ExecutorHost::' in text
    assert f'Faulty::{endpoint[1:]}(' in text or not shutil.which('addr2line')


def test_too_many_documents_are_an_answer(flow):
    answer = flow.post('/many', timeout=60)
    assert answer.status == 200 and len(answer.json['data']) == 100_001
    assert failed(flow.post()) is None


def test_a_leak_ends_at_the_limit_and_the_rest_goes_on(flow):
    for pod in REPLICAS:
        with open(f'/proc/{flow.pid(pod)}/statm') as file:
            has = int(file.read().split()[0]) * resource.getpagesize()
        resource.prlimit(flow.pid(pod), resource.RLIMIT_AS, (has + (100 << 20), has + (100 << 20)))
    assert 'std::bad_alloc' in failed(flow.post('/leak', timeout=60))
    for pod in REPLICAS:  # what is full stays full
        flow.kill(pod)
    assert failed(flow.post()) is None


def test_a_stopped_replica_loses_nothing(flow):
    """SIGSTOP for three seconds: it neither answers nor refuses. What it has waits, the other one answers what comes later."""
    stopped = flow.pid(REPLICAS[0])
    os.kill(stopped, signal.SIGSTOP)
    goes_on = threading.Timer(3, os.kill, (stopped, signal.SIGCONT))
    goes_on.start()
    with Load(lambda: flow.post('/slow', timeout=30), threads=8, at_least=200) as load:
        goes_on.join()
    all_answered(load, 200)


def test_a_killed_gateway_comes_back_on_its_port(flow):
    flow.kill('gateway/rep-0')
    assert failed(flow.post()) is None


def test_a_hanging_replica_is_passed_over(world, tmp_path):
    flow = start_faulty(world, tmp_path, [faulty(replicas=2)], 'protocol: http, timeout_send: 300, retries: 0')
    assert 'timed out' in failed(flow.post('/hang'))
    with Load(flow.post, threads=2, at_least=40) as load:
        pass
    all_answered(load, 40)
    flow.launcher.stop(0)

"""Dynamic batching, asked of a real Python Executor and of the subject's own: the same clients see the same batches and answers."""
import concurrent.futures
import itertools
import random
import time

import grpc
import pytest

from support.processes import HERE
from support.wire import CHANNEL_OPTIONS, SINGLE, data_request, message, same_bytes


@pytest.fixture(scope='module')
def executors(world):
    """{'python': port, 'subject': port}"""
    own = HERE / ('batches.py' if world.subject_is_real else 'executors/batches.cpp')
    batching = {'/set_outside': {'preferred_batch_size': 2, 'timeout': 300}}
    with world.scope():
        started = {'python': (None, HERE / 'batches.py'), 'subject': (world.subject, own)}
        yield {side: world.executor(program=program, name='batches', uses='Batches', modules=modules, uses_dynamic_batching=batching)[1]
               for side, (program, modules) in started.items()}


def ask(port, endpoint, requests, then=None):
    """Sends all requests at once, in this order; each is (texts, parameters). -> [(answer, seconds)]

    `then` is called when they have arrived.
    """
    with grpc.insecure_channel(f'127.0.0.1:{port}', CHANNEL_OPTIONS) as channel:
        grpc.channel_ready_future(channel).result(timeout=20)
        method = channel.unary_unary(SINGLE.path, same_bytes, same_bytes)
        begin = time.monotonic()

        def done_at(call):
            ended = concurrent.futures.Future()
            call.add_done_callback(lambda _: ended.set_result(time.monotonic() - begin))
            return call, ended

        calls = []
        for number, (texts, parameters) in enumerate(requests):
            request = data_request(endpoint, [{'id': f'{number}-{place}', 'text': text} for place, text in enumerate(texts)],
                                   request_id=f'r{number}', parameters=parameters)
            calls.append(done_at(method.future(request.SerializeToString(), timeout=20)))
        if then is not None:
            method(data_request('/not_bound').SerializeToString(), timeout=20)  # the connection keeps the order
            then()
        return [(message(SINGLE.response, call.result()), ended.result(timeout=1)) for call, ended in calls]


def seen(answers):
    """What matters of the answers: per request its error, and of its Documents id, text and the size of their batch."""
    return [{'request': answer.header.request_id, 'error': answer.header.status.exception.name,
             'docs': [(document.id, document.text, document.tags['size'] if 'size' in document.tags else None)
                      for document in answer.data.docs.docs]}
            for answer, _ in answers]


GROUPS = itertools.count()


def both(executors, endpoint, requests):
    """Asks both, compares, returns what the subject answered.

    All get a parameter that no other call has, and so a queue of their own: in real Jina the timer of a batch that was full before
    its time goes on, and hurries the next batch of that queue. Here it does not.
    """
    group = next(GROUPS)
    requests = [(texts, {**(parameters or {}), 'group': group}) for texts, parameters in requests]
    expected = ask(executors['python'], endpoint, requests)
    actual = ask(executors['subject'], endpoint, requests)
    assert seen(actual) == seen(expected)
    return actual


def sizes(answers):
    return [[document.tags['size'] for document in answer.data.docs.docs] for answer, _ in answers]


def one(text='a', parameters=None):
    return [text], parameters


def test_a_full_batch_does_not_wait(executors):
    answers = both(executors, '/four', [one(text) for text in 'abcd'])
    assert sizes(answers) == [[4], [4], [4], [4]]
    assert max(seconds for _, seconds in answers) < 0.3


def test_an_incomplete_batch_waits_for_its_timeout(executors):
    answers = both(executors, '/late', [one(), one('b'), (['c', 'd'], None)])
    assert sizes(answers) == [[4], [4], [4, 4]]
    assert min(seconds for _, seconds in answers) >= 0.29


def test_slices_cross_requests(executors):
    answers = both(executors, '/four', [(list('abc'), None), (list('def'), None)])
    assert sizes(answers) == [[4, 4, 4], [4, 2, 2]]


def test_a_large_request_is_cut(executors):
    answers = both(executors, '/four', [(list('abcdefghij'), None)])
    assert sizes(answers) == [[4] * 8 + [2] * 2]


def test_parameters_that_differ_do_not_mix(executors):
    answers = both(executors, '/late', [one('a', {'end': '1', 'k': 2}), one('b', {'end': '2', 'k': 2}),
                                         one('c', {'k': 2, 'end': '1'}), one('d')])
    assert sizes(answers) == [[2], [1], [2], [1]]
    assert [answer.data.docs.docs[0].text for answer, _ in answers] == ['a1', 'b2', 'c1', 'd']


def test_an_exception_is_for_all_requests_in_the_slice(executors):
    answers = both(executors, '/fail', [one('bad'), one('innocent')])
    assert [entry['error'] for entry in seen(answers)] == ['ValueError', 'ValueError']


def test_an_exception_is_for_no_other_slice(executors):
    """The first two fill a slice, which is run before the others are looked at."""
    answers = both(executors, '/fail', [one('a'), one('b'), (['c', 'bad'], None)])
    assert [entry['error'] for entry in seen(answers)] == ['', '', 'ValueError']
    assert [document.text for document in answers[2][0].data.docs.docs] == ['c', 'bad'], 'as they came in'


def test_an_exception_in_a_part_of_a_request_is_for_all_of_it(executors):
    answers = both(executors, '/fail', [(['a', 'b', 'bad', 'c'], None)])
    assert [entry['error'] for entry in seen(answers)] == ['ValueError']
    assert [document.text for document in answers[0][0].data.docs.docs] == ['a', 'b', 'bad', 'c'], 'as they came in'


def test_another_number_of_documents_is_an_error(executors):
    answers = both(executors, '/fewer', [one('a'), one('b')])
    assert [entry['error'] for entry in seen(answers)] == ['ValueError', 'ValueError']


def test_results_are_an_error(executors):
    answers = both(executors, '/results', [one('a'), one('b')])
    assert [entry['error'] for entry in seen(answers)] == ['TypeError', 'TypeError']


def test_batching_that_is_set_from_outside(executors):
    answers = both(executors, '/set_outside', [one('a'), one('b')])
    assert sizes(answers) == [[2], [2]]


def test_many_clients_at_once_get_their_own_documents(executors):
    """How requests fall into batches depends on when they come; what is in the answers does not."""
    choose = random.Random(5)
    requests = [([f'text {number} {place}' for place in range(choose.randint(1, 6))], None) for number in range(200)]
    for port in executors.values():
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            parts = list(pool.map(lambda part: ask(port, '/eight', part), [requests[start::4] for start in range(4)]))
        batches = {}
        for start, answers in enumerate(parts):
            for (texts, _), (answer, _) in zip(requests[start::4], answers):
                documents = answer.data.docs.docs
                assert [document.text for document in documents] == [text.upper() for text in texts]
                for document in documents:
                    batches.setdefault(document.tags['call'], []).append(document.tags['size'])
        assert all(members == [len(members)] * len(members) for members in batches.values()), 'a batch is as large as it says'
        assert max(map(len, batches.values())) == 8
        assert len(batches) <= 2 * sum(len(texts) for texts, _ in requests) / 8


def test_what_waits_is_answered_when_the_executor_stops(world):
    own = HERE / ('batches.py' if world.subject_is_real else 'executors/batches.cpp')
    with world.scope():
        process, port = world.executor(program=world.subject, name='batches', uses='Batches', modules=own,
                                       uses_dynamic_batching={'/four': {'preferred_batch_size': 100, 'timeout': 60_000}})
        answers = ask(port, '/four', [one('a'), one('b', {'k': 1})], then=process.stop)
        assert sizes(answers) == [[1], [1]]
        assert max(seconds for _, seconds in answers) < 20

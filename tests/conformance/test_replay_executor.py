"""Recorded gRPC calls made directly at an Executor, now at the subject's own (C++ for this project)."""
import pytest

from support import golden, grpc_case
from support.compare import check

CASES = golden.cases('executor', 'grpc')


@pytest.mark.parametrize('case', CASES, ids=golden.name_of)
def test_executor_answers_as_recorded(case, subject_zoo, world):
    expected, actual = grpc_case.expected(case), grpc_case.replay(case, subject_zoo)
    if case['id'] == 'x_endpoints':  # a set on the wire, in no order
        for outcome in (expected, actual):
            for message in outcome['messages']:
                message['endpoints'] = sorted(message['endpoints'])
    check(golden.name_of(case), expected, actual, world.subject_is_real)


def test_every_recorded_case_is_replayed():
    assert len(CASES) == 9

"""Recorded requests to whole Flows: chains, fan-in, conditions, floating Executors, shards behind a real head."""
import contextlib
import re

import pytest

from support import golden, grpc_case, topologies
from support.compare import check
from support.wire import SINGLE, call, data_request

CASES = golden.cases('topology', 'grpc')
POD_NUMBER = re.compile(r'(shard|rep)-\d')


def topology_of(case):
    return case['id'].split('.')[0]


@pytest.fixture(scope='module')
def flow(world):
    """flow(NAME) -> gateway of that Flow; one Flow runs at a time, for as long as the cases ask for it."""
    running = {}
    with contextlib.ExitStack() as last:
        def start(topology):
            if topology not in running:
                last.close()
                running.clear()
                last.enter_context(world.scope())
                gateway = running[topology] = topologies.start(world, topology)
                call(gateway.port['grpc'], SINGLE, [data_request('_jina_dry_run_', [{'id': 'w'}]).SerializeToString()])
            return running[topology]
        yield start


def pod_numbers_masked(value):
    if isinstance(value, dict):
        return {POD_NUMBER.sub(r'\1-<n>', key): pod_numbers_masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [pod_numbers_masked(item) for item in value]
    return POD_NUMBER.sub(r'\1-<n>', value) if isinstance(value, str) else value


@pytest.mark.parametrize('case', CASES, ids=golden.name_of)
def test_flow_answers_as_recorded(case, flow, world):
    expected, actual = grpc_case.expected(case), grpc_case.replay(case, flow(topology_of(case)).port['grpc'])
    if 'which shard/replica' in case.get('volatile', []):
        expected, actual = pod_numbers_masked(expected), pod_numbers_masked(actual)
    check(golden.name_of(case), expected, actual, world.subject_is_real)


def test_every_recorded_case_is_replayed():
    assert len(CASES) == 26
    assert {topology_of(case) for case in CASES} == set(topologies.NAMES)

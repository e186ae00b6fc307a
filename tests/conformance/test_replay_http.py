"""Recorded HTTP requests at the gateway, and what it sends to the Executor for them."""
import pytest

from support import golden, http_case
from support.compare import check

EXPOSED = {'/echo': {'summary': 'my echo'}, '/upper': {'http_path': '/up', 'methods': ['POST']},
           '/embed': {'http_path': '/emb', 'methods': ['GET']}}
WITH_OPTIONS = [case for case in golden.cases('http', 'http') if case['id'].startswith(('opt_', 'cors_'))]
PLAIN = [case for case in golden.cases('http', 'http') if case not in WITH_OPTIONS]


@pytest.fixture(scope='module')
def gateway(world, spy):
    with world.scope():
        yield world.gateway({'zoo': spy.port}, ['http'], timeout_send='1000', expose_endpoints=EXPOSED)


@pytest.fixture(scope='module')
def gateway_with_options(world, python_zoo):
    with world.scope():
        yield world.gateway({'zoo': python_zoo}, ['http'], timeout_send='1000', cors=True, no_debug_endpoints=True, no_crud_endpoints=True,
                            title='T', description='D', expose_endpoints={'/echo': {}})


@pytest.mark.parametrize('case', PLAIN, ids=golden.name_of)
def test_gateway_answers_as_recorded(case, gateway, spy, world):
    check(golden.name_of(case), http_case.expected(case), http_case.replay(case, gateway.port['http'], spy), world.subject_is_real)


@pytest.mark.parametrize('case', WITH_OPTIONS, ids=golden.name_of)
def test_gateway_with_options_answers_as_recorded(case, gateway_with_options, world):
    expected, actual = http_case.expected(case), http_case.replay(case, gateway_with_options.port['http'])
    if case['id'] == 'opt_openapi':  # recorded in short: title, description, and which methods each path has
        document = actual['json']
        actual['json'] = {'info': document['info'], 'paths': {path: sorted(item) for path, item in document['paths'].items()}}
    check(golden.name_of(case), expected, actual, world.subject_is_real)


def test_every_recorded_case_is_replayed():
    assert len(PLAIN) + len(WITH_OPTIONS) == 106

"""The samples of the guide: each runs, and is about as short as its Python counterpart."""
import re
import shutil

import pytest

from gateways import EXAMPLES, ROOT, answers, ask, start
from support.ports import free_port

GUIDE = EXAMPLES / 'guide'

# Lines of each sample in Jina's guide, counted from the first to the last of its block.
PYTHON_LINES = {
    ('my_gateway.cpp', 'parameters'): 7,
    ('my_gateway.cpp', 'setup'): 14,
    ('my_gateway.cpp', 'run'): 8,
    ('my_gateway.cpp', 'shutdown'): 9,
    ('dummy_http_gateway.cpp', 'all'): 15,
    ('stream_docs_gateway.cpp', 'all'): 19,
    ('config/config.yml', None): 6,
}


def lines_of(file, part):
    inside, count = part is None, 0
    for line in (GUIDE / file).read_text().splitlines():
        mark = re.match(r'^\s*(?://|#) \[(/?)([\w-]+)\]\s*$', line)
        if mark:
            if mark[2] == part:
                inside = not mark[1]
        elif inside:
            count += 1
    return count


@pytest.mark.parametrize('file, part', PYTHON_LINES, ids=lambda value: str(value))
def test_at_most_a_third_longer_than_in_python(file, part):
    assert 0 < lines_of(file, part) <= 1.3 * PYTHON_LINES[file, part]


def test_a_gateway_with_a_server_of_its_own(scoped):
    gateway = start(scoped, 'MyGateway', modules=[GUIDE / 'my_gateway.cpp'], uses_with={'foo': 'bar'})
    assert gateway.ask('/').json == {'message': 'custom-gateway'}
    assert gateway.ask('/foo').json == {'foo': 'bar'}
    gateway.process.stop()
    assert gateway.process.exit_code() == 0


def test_routes_only(scoped):
    gateway = start(scoped, 'DummyHttpGateway', modules=[GUIDE / 'dummy_http_gateway.cpp'])
    assert gateway.ask('/').json == {'message': 'custom-http-gateway'}
    assert gateway.ask('/openapi.json').json['info']['title'] == 'Custom HTTP Gateway'
    assert gateway.ask('/docs').status == 200


def test_documents_through_the_flow(scoped, upper):
    gateway = start(scoped, 'MyGateway', {'upper': upper}, modules=[GUIDE / 'stream_docs_gateway.cpp'])
    assert gateway.ask('/?text=hello').json == {'result': 'HELLO'}
    refused = gateway.ask('/')
    assert refused.status == 422
    assert refused.json == {'detail': [{'loc': ['query', 'text'], 'msg': 'field required', 'type': 'value_error.missing'}]}


def test_a_configuration(scoped, tmp_path):
    """All that config.yml says takes effect: the class, the module beside it, its parameters, port and protocol."""
    for name in ('config.yml', 'custom_gateway.cpp'):
        shutil.copy(GUIDE / 'config' / name, tmp_path)
    port = free_port()
    config = tmp_path / 'config.yml'
    config.write_text(config.read_text().replace('12345', str(port)))
    process = scoped.processes.start('configured', [scoped.subject, 'gateway', '--uses', str(config)])
    process.wait_ready(lambda: answers(port), deadline_s=120)
    assert ask(port).json == {'arg1': 'hello', 'arg2': 'world'}


def test_the_page_quotes_what_was_run_here():
    page = (ROOT / 'docs' / 'customize-the-gateway.md').read_text()
    for file in ('my_gateway.cpp', 'dummy_http_gateway.cpp', 'stream_docs_gateway.cpp', 'config/config.yml'):
        assert f'<!-- snippet: examples/guide/{file}' in page

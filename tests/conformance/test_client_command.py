"""`jina client`: where Documents come from and how answers are shown, over every protocol."""
import json
import subprocess

import pytest

PROTOCOLS = {'grpc': 'grpc', 'http': 'http', 'ws': 'websocket'}


@pytest.fixture(scope='module')
def gateway(world, python_zoo):
    if world.subject_is_real:
        pytest.skip('real Jina has no such command')
    with world.scope():
        yield world.gateway({'zoo': python_zoo}, list(PROTOCOLS.values()), one_port=True)


@pytest.fixture(params=PROTOCOLS)
def ask(request, world, gateway):
    """ask(*words, input=...) -> (exit code, output, error output)"""
    url = f'{request.param}://127.0.0.1:{gateway.port[PROTOCOLS[request.param]]}'

    def run(*words, input=''):
        done = subprocess.run([world.subject, 'client', url, *map(str, words)], input=input, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr
    return run


def texts(lines):
    return [json.loads(line)['text'] for line in lines.splitlines()]


def test_answers_whole(ask):
    code, out, _ = ask('--on', '/upper', '--text', 'a', 'b', '--parameters', 'k=1')
    answer = json.loads(out)
    assert code == 0 and [doc['text'] for doc in answer['data']] == ['A', 'B'] and answer['parameters'] == {'k': 1.0}
    code, out, _ = ask('--on', '/upper', '--text', 'a', 'b', 'c', '--request-size', 1, '--compact', '--return-responses')
    assert code == 0 and len(out.splitlines()) == 3


def test_documents_and_tables(ask):
    code, out, _ = ask('--on', '/upper', '--lines', '-', '--request-size', 2, '--results-in-order', '--output', 'documents', input='one\ntwo\n\nthree\n')
    assert (code, texts(out)) == (0, ['ONE', 'TWO', 'THREE'])
    code, out, _ = ask('--on', '/upper', '--text', 'one', '--output', 'table')
    assert code == 0 and out.splitlines()[0].split() == ['id', 'content', 'more'] and 'ONE' in out


def test_json_lines(ask, tmp_path):
    file = tmp_path / 'docs.jsonl'
    file.write_text('{"id": "d1", "text": "x", "tags": {"a": "b"}}\n{"id": "d2", "text": "y"}\n')
    code, out, _ = ask('--on', '/echo', '--jsonl', file, '--output', 'documents')
    assert code == 0 and [json.loads(line)['id'] for line in out.splitlines()] == ['d1', 'd2']
    file.write_text('{"id": "d1", "text": "x"}\n{"id": \n')
    code, out, error = ask('--on', '/upper', '--jsonl', file, '--output', 'documents', '--request-size', 1)
    assert (code, texts(out)) == (1, ['X'])  # what was sent before is answered
    assert f'{file}:2:' in error and 'not valid JSON' in error


def test_files(ask, tmp_path):
    (tmp_path / 'a.png').write_bytes(b'12345')
    code, out, _ = ask('--on', '/echo', '--files', tmp_path / 'a.png', '--output', 'documents')
    doc = json.loads(out)
    assert code == 0 and doc['mime_type'] == 'image/png' and doc['uri'].endswith('a.png') and doc['blob']
    code, _, error = ask('--files', tmp_path / 'gone.png')
    assert code == 1 and 'gone.png: No such file' in error


def test_an_executor_that_raises(ask):
    code, out, error = ask('--on', '/fail', '--text', 'a', 'b', 'c', '--request-size', 1, '--continue-on-error', '--compact')
    assert code == 1 and len(out.splitlines()) == 3 and error.count("the request failed: ValueError('boom', 42)") == 3
    code, out, _ = ask('--on', '/fail', '--text', 'a', '--output', 'documents')
    assert (code, out) == (1, '')


def test_sources_do_not_mix(ask):
    code, _, error = ask('--text', 'a', '--lines', '-')
    assert code == 2 and '--text and --lines are both given' in error

"""Flow files with mistakes: `jina check` says what is wrong, and where, in the words of NN_name.expected; `jina flow` refuses them in
the same words, without starting anything.

JINA_BAD_FLOWS_WRITE=1 writes the .expected files anew, to be read before they are committed.
"""
import json
import os
import pathlib
import re
import socket
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
FILES = sorted(path.name for path in HERE.glob('[0-9]*.yml'))
JINA = os.environ.get('JINA_BIN', str(HERE.parents[2] / 'build' / 'dev' / 'bin' / 'jina'))

# Nothing of the machine counts: no interpreter, no engine, no colours.
ENVIRONMENT = {'PATH': '/nowhere', 'HOME': '/nowhere', 'TERM': 'dumb'}


def jina(*words, **environment):
    done = subprocess.run([JINA, *words], cwd=HERE, env={**ENVIRONMENT, **environment}, capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.replace(str(HERE), '<here>'), done.stderr.replace(str(HERE), '<here>')


def errors_of(check_output):
    """[(place, sentence)] of the errors that `jina check` printed."""
    return re.findall(r'^(?:(\S+): )?error: (.*)$', check_output, re.MULTILINE)


def test_there_are_enough():
    assert len(FILES) >= 60


@pytest.mark.parametrize('name', FILES)
def test_check_says_what_is_wrong(name):
    expected = (HERE / name).with_suffix('.expected')
    code, out, err = jina('check', name)
    if os.environ.get('JINA_BAD_FLOWS_WRITE'):
        expected.write_text(out)
    assert (out, err) == (expected.read_text(), '')
    assert code == (1 if errors_of(out) else 0)


@pytest.mark.parametrize('name', FILES)
def test_flow_refuses_in_the_same_words(name):
    errors = errors_of((HERE / name).with_suffix('.expected').read_text())
    if not errors:
        pytest.skip('only warnings: it would start')
    code, out, err = jina('flow', '--uses', name)
    said = re.findall(r'^jina flow: error: (.*)$', err, re.MULTILINE)
    assert said == [f'{place}: {sentence}' if place else sentence for place, sentence in errors]
    assert (code, out) == (1, '')


def test_strict_makes_warnings_errors():
    warnings = next(name for name in FILES if name.endswith('warnings_only.yml'))
    assert jina('check', warnings)[0] == 0
    code, out, _ = jina('check', '--strict', warnings)
    assert code == 1
    assert 'warning:' not in out


def test_a_port_that_is_taken():
    with socket.socket() as taken:
        taken.bind(('0.0.0.0', 0))
        taken.listen()
        port = taken.getsockname()[1]
        flow = f'jtype: Flow\nexecutors:\n  - name: a\n    port: {port}\n'
        path = HERE / 'taken_port.tmp.yml'
        path.write_text(flow)
        try:
            code, out, _ = jina('check', path.name)
        finally:
            path.unlink()
    assert code == 1
    assert out.startswith(f'taken_port.tmp.yml:4:11: error: a: port {port}: Address already in use; stop the server that has it')


def test_json_for_programs():
    code, out, _ = jina('check', '--format', 'json', next(name for name in FILES if name.endswith('needs_misspelt.yml')))
    (item,) = json.loads(out)
    assert code == 1
    assert item == {'severity': 'error', 'file': item['file'], 'line': 5, 'column': 12, 'hint': "did you mean 'encoder'?",
                    'message': "indexer needs 'encodr', which is not in this Flow"}


def test_annotations_for_github():
    name = next(name for name in FILES if name.endswith('needs_misspelt.yml'))
    _, out, _ = jina('check', '--format', 'github', name)
    assert out == f"::error file={name},line=5,col=12::indexer needs 'encodr', which is not in this Flow; did you mean 'encoder'?\n"


def test_colours_on_a_terminal():
    """A pseudo-terminal stands in for a person's."""
    import pty
    terminal, other = pty.openpty()
    name = next(name for name in FILES if name.endswith('needs_misspelt.yml'))
    process = subprocess.Popen([JINA, 'check', name], cwd=HERE, env={**ENVIRONMENT, 'TERM': 'xterm'}, stdout=other, stderr=other,
                               stdin=subprocess.DEVNULL)
    os.close(other)
    text = b''
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        text += part
    process.wait(30)
    os.close(terminal)
    assert b'\x1b[1;31merror\x1b[0m' in text
    assert b'\x1b[1;31m^~~~~~\x1b[0m' in text


def test_deployment_alone():
    code, out, _ = jina('check', 'parts/deployment.yml')
    assert code == 1
    assert out.startswith("parts/deployment.yml:4:13: error: replicas: 'lots' is not a whole number")


@pytest.mark.parametrize('name, kind', [('upper.yml', 'Executor'), ('lower.yml', 'Executor')])
def test_files_of_classes(name, kind):
    code, out, _ = jina('check', f'parts/{name}')
    if name == 'upper.yml':
        assert code == 1
        assert "parts/upper.yml:3:3: error: Upper: there is no argument 'sufix'; did you mean 'suffix'?" in out
    else:
        assert (code, out) == (0, f'parts/{name}: nothing wrong with this {kind}\n')

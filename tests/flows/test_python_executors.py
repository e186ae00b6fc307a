"""Flows whose Executors are in Python: started with the machine's own Jina, beside C++ ones, behind our gateway."""
import os
import stat
import subprocess
import sys

import pytest

from support.flows import start_flow

# As Jina's documentation has it: Executors in a file, a Flow in another.
EXECUTORS = '''from jina import DocumentArray, Executor, requests


class FooExecutor(Executor):
    def __init__(self, greeting: str = 'foo', **kwargs):
        super().__init__(**kwargs)
        self.greeting = greeting

    @requests
    def foo(self, docs: DocumentArray, **kwargs):
        for doc in docs:
            doc.text += f'{self.greeting} was here;'


class BarExecutor(Executor):
    @requests(on='/bar')
    def bar(self, docs: DocumentArray, parameters, **kwargs):
        for doc in docs:
            doc.text += f'bar was here with {parameters.get("x")} on {self.runtime_args.name};'
'''

CPP = '''#include <jina/executor.hpp>
#include <jina/module.hpp>

class Upper : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add_default(&Upper::upper); }
  void upper(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) {
      std::string text(doc.text());
      for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
      doc.set_text(text);
    }
  }
};

JINA_MODULE(registry) { registry.add<Upper>("Upper"); }
'''


@pytest.fixture
def folder(tmp_path):
    (tmp_path / 'executors.py').write_text(EXECUTORS)
    (tmp_path / 'upper.cpp').write_text(CPP)
    (tmp_path / 'foo.yml').write_text('jtype: FooExecutor\nwith:\n  greeting: config\nmetas:\n  py_modules:\n    - executors.py\n')
    return tmp_path


def write_flow(folder, text):
    path = folder / 'flow.yml'
    path.write_text(text)
    return path


def texts(flow, endpoint='/bar', text='', **parameters):
    answer = flow.ask('/post', method='POST', body={'data': [{'text': text}], 'execEndpoint': endpoint, 'parameters': parameters})
    return [doc['text'] for doc in answer.json['data']]


def test_a_flow_of_the_documentation_runs_unchanged(world, folder):
    flow = start_flow(world, write_flow(folder, '''jtype: Flow
version: '1'
with:
  protocol: http
executors:
  - uses: FooExecutor
    name: fooExecutor
    py_modules: executors.py
  - uses: BarExecutor
    name: barExecutor
    py_modules:
      - executors.py
    uses_with:
      unused: 1
'''), folder)
    assert texts(flow, x=3) == ['foo was here;bar was here with 3.0 on barExecutor/rep-0;']
    flow.stop()


def test_python_and_cpp_in_one_flow(world, folder):
    flow = start_flow(world, write_flow(folder, '''jtype: Flow
with: {protocol: http}
executors:
  - {name: first, uses: foo.yml, replicas: 2}
  - {name: upper, uses: Upper, py_modules: upper.cpp}
  - {name: last, uses: executors.FooExecutor, uses_with: {greeting: dotted}}
'''), folder)
    assert {texts(flow)[0] for _ in range(4)} == {'CONFIG WAS HERE;dotted was here;'}
    assert set(flow.ready['executors']) == {'first/rep-0', 'first/rep-1', 'upper/rep-0', 'last/rep-0'}
    flow.stop()


@pytest.fixture
def interpreter(folder):
    """A program that is this Python and says that it was used."""
    path = folder / 'bin' / 'python3'
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\necho used >> {folder}/used\nexec {sys.executable} "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


ONE = 'jtype: Flow\nwith: {protocol: http}\nexecutors:\n  - {name: a, uses: FooExecutor, py_modules: executors.py%s}\n'


@pytest.mark.parametrize('way', ['key', 'argument', 'variable', 'path'])
def test_ways_to_name_the_interpreter(world, folder, interpreter, way):
    path = write_flow(folder, ONE % (', python: ./bin/python3' if way == 'key' else ''))
    environment = {'JINA_PYTHON': {'variable': str(interpreter), 'path': ''}.get(way, '/nowhere/python')}
    if way == 'path':
        environment['PATH'] = f'{interpreter.parent}:{os.environ["PATH"]}'
    flow = start_flow(world, path, folder, environment, ['--python', str(interpreter)] if way == 'argument' else [])
    assert texts(flow) == ['foo was here;']
    assert (folder / 'used').exists()
    flow.stop()


def run_flow(world, path, **environment):
    return subprocess.run([world.subject, 'flow', '--uses', str(path)], env={**os.environ, **environment}, capture_output=True, text=True,
                          timeout=60, stdin=subprocess.DEVNULL)


def test_no_interpreter(world, folder):
    done = run_flow(world, write_flow(folder, ONE % ''), JINA_PYTHON='', PATH='/nowhere')
    assert done.returncode == 1
    assert "flow.yml:4:46: a: 'executors.py' is Python, and there is no python3 or python on PATH" in done.stderr
    for way in ("'python: FILE' in this item", "'jina flow --python FILE'", 'JINA_PYTHON=FILE'):
        assert way in done.stderr


def test_an_import_that_fails_is_shown_once(world, folder):
    (folder / 'executors.py').write_text('import nothing_of_that_name\n\n' + EXECUTORS)
    done = run_flow(world, write_flow(folder, ONE % ''), JINA_PYTHON=sys.executable)
    everything = done.stdout + done.stderr
    assert done.returncode == 1
    assert everything.count("ModuleNotFoundError: No module named 'nothing_of_that_name'") == 1
    assert 'a/rep-0' in done.stderr
    assert '╭' not in everything  # Jina's table of arguments


def test_a_container_engine_runs_images(world, folder):
    """A stand-in for docker starts what the image would: an Executor with the arguments that come after the image."""
    engine = folder / 'bin' / 'docker'
    engine.parent.mkdir(exist_ok=True)
    engine.write_text(f'''#!/bin/sh
echo "$@" > {folder}/arguments
while [ "$1" != example/upper:1 ]; do shift; done
shift
exec {world.subject} executor --uses {folder}/upper.cpp "$@"
''')
    engine.chmod(0o755)
    flow = start_flow(world, write_flow(folder, '''jtype: Flow
with: {protocol: http}
executors:
  - {name: image, uses: docker://example/upper:1, disable_auto_volume: true, env: {A: b}}
'''), folder, {'PATH': f'{engine.parent}:{os.environ["PATH"]}'})
    assert texts(flow, text='small') == ['SMALL']
    assert '--network host' in (folder / 'arguments').read_text()
    assert '--env A=b' in (folder / 'arguments').read_text()
    flow.stop()

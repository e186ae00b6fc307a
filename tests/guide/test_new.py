"""`jina new` and `jina build`: projects that build, test and run at once, and modules for machines without a compiler."""
import os
import pathlib
import subprocess

import pytest

from gateways import ask, answers
from support.fixtures import subject_path
from support.ports import free_port
from support.processes import jina_of_this_python

KINDS = ['gateway', 'executor', 'flow']


@pytest.fixture(scope='session')
def environment(tmp_path_factory):
    """A module cache of its own, no jina on the PATH, no colours."""
    variables = {name: value for name, value in os.environ.items() if name not in ('JINA', 'JINA_BIN', 'CXX')}
    return {**variables, 'XDG_CACHE_HOME': str(tmp_path_factory.mktemp('cache')), 'PATH': '/usr/local/bin:/usr/bin:/bin', 'NO_COLOR': '1'}


@pytest.fixture
def run(environment, tmp_path):
    def run(*words, folder=tmp_path, timeout=120, **more):
        return subprocess.run([str(word) for word in words], cwd=folder, env={**environment, **more}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=timeout)
    return run


@pytest.fixture
def new(run, tmp_path):
    def new(*words):
        made = run(subject_path(), 'new', *words)
        assert made.returncode == 0, made.stderr
        return made.stdout
    return new


@pytest.fixture
def project(new, tmp_path):
    def project(kind, name='own_thing'):
        new(kind, name)
        return tmp_path / name
    return project


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob('*') if path.is_file()}


@pytest.mark.parametrize('kind', KINDS)
def test_a_new_project_is_green(project, run, kind):
    folder = project(kind)
    tested = run('./dev', 'test', folder=folder)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    programs = {'gateway': 2, 'executor': 2, 'flow': 3}[kind]
    assert tested.stdout.endswith(f'{programs} passed, 0 failed\n')
    # It cleans up behind itself, and git sees nothing that was built.
    assert not [name for name in files(folder) if name.endswith('.so') or name.startswith(f'{kind}.test')]


@pytest.mark.parametrize('kind, file, old, new_text', [
    ('gateway', 'sentences.hpp', 'found.emplace_back(', 'found.emplace_back("x"), (void)std::string('),
    ('gateway', 'gateway.cpp', 'doc.text()', 'doc.text() + "x"'),
    ('executor', 'executor.cpp', 'doc.set_text(', 'doc.set_text("x" + '),
    ('flow', 'flow.yml', 'min_letters: 4', 'min_letters: 1'),
    ('gateway', 'config.yml', 'limit: 100', 'limitt: 100'),
])
def test_its_tests_can_fail(project, run, kind, file, old, new_text):
    folder = project(kind)
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new_text))
    tested = run('./dev', 'test', folder=folder)
    assert tested.returncode == 1, tested.stdout
    assert 'FAIL' in tested.stdout or 'did not start' in tested.stderr
    assert ', 0 failed' not in tested.stdout


def test_run_serves_until_it_is_told_to_stop(project, scoped, environment):
    folder, port = project('gateway'), free_port()
    process = scoped.processes.start('new-run', [folder / 'dev', 'run', '--port', port], environment)
    process.wait_ready(lambda: answers(port))
    assert ask(port, '/sentences?text=One.%20Two!').json == {'sentences': ['One.', 'Two!']}
    assert ask(port, '/docs').status == 200
    process.stop()
    assert process.exit_code() == 0


def test_jina_is_the_one_of_the_variable_then_of_the_path_then_the_maker(project, run, tmp_path):
    folder = project('executor')
    assert run('./dev', 'test', folder=folder, JINA='/nowhere/jina').stderr == 'JINA=/nowhere/jina: no such program\n'
    # Jina in Python has the same name, and is passed over.
    python = pathlib.Path(jina_of_this_python()).parent
    assert run('./dev', 'build', folder=folder, PATH=f'{python}:/usr/bin:/bin').returncode == 0
    (folder / 'dev').write_text((folder / 'dev').read_text().replace(subject_path(), '/nowhere/jina'))
    lost = run('./dev', 'build', folder=folder)
    assert lost.returncode == 1 and lost.stderr.startswith('there is no jina program: put it on the PATH')
    (tmp_path / 'bin').mkdir()
    (tmp_path / 'bin' / 'jina').symlink_to(subject_path())
    assert run('./dev', 'build', folder=folder, PATH=f'{tmp_path / "bin"}:/usr/bin:/bin').returncode == 0


def test_help_of_the_project(project, run):
    shown = run('./dev', folder=project('gateway'))
    assert shown.returncode == 0
    for verb in ('./dev run', './dev test', './dev build'):
        assert verb in shown.stdout


def test_says_what_it_made_and_what_comes_next(new):
    shown = new('gateway', 'demo')
    assert shown.startswith('demo/\n')
    for line in ('├── gateway.cpp', '└── tests/', '  cd demo', '  ./dev test', '  ./dev run'):
        assert line in shown


def test_names(project, run, tmp_path):
    text = (project('gateway', 'my_front_door') / 'gateway.cpp').read_text()
    assert 'class MyFrontDoor : public jina::HttpGateway' in text and 'registry.add<MyFrontDoor>("MyFrontDoor")' in text
    for name, why in [('my-gateway', "'my_gateway' would do"), ('2fast', 'a letter in front'), ('class', 'a word of C++ itself'),
                      ('gateway', 'is taken')]:
        refused = run(subject_path(), 'new', 'gateway', name)
        assert refused.returncode == 2 and why in refused.stderr
        assert not (tmp_path / name).exists()


def test_a_path_is_a_place_and_a_name(new, tmp_path):
    new('executor', 'a/b/tagger/')
    assert 'class Tagger' in (tmp_path / 'a' / 'b' / 'tagger' / 'executor.cpp').read_text()


def test_a_folder_that_exists(project, run, tmp_path):
    folder = project('gateway', 'demo')
    (folder / 'gateway.cpp').write_text('mine')
    (folder / 'notes.txt').write_text('mine')
    refused = run(subject_path(), 'new', 'gateway', 'demo')
    assert refused.returncode == 1
    assert refused.stderr == 'jina new: error: demo exists; choose another name, or write into it with --force\n'
    assert (folder / 'gateway.cpp').read_text() == 'mine'
    assert run(subject_path(), 'new', 'gateway', 'demo', '--force').returncode == 0
    assert 'class Demo' in (folder / 'gateway.cpp').read_text()
    assert (folder / 'notes.txt').read_text() == 'mine'
    (tmp_path / 'file').write_text('')
    assert run(subject_path(), 'new', 'gateway', 'file', '--force').stderr == 'jina new: error: file is a file\n'


def test_an_empty_folder_is_as_good_as_none(new, tmp_path):
    (tmp_path / 'demo').mkdir()
    new('gateway', 'demo')


def test_list(new):
    shown = new('--list')
    assert [line.split()[2] for line in shown.splitlines()] == KINDS


@pytest.mark.parametrize('words, config', [(['hello-jina'], 'flow.yml'), (['hello-jina', '--type', 'flow'], 'flow.yml'),
                                           (['hello-jina', '--type', 'deployment'], 'config.yml')])
def test_as_jina_spells_it(new, tmp_path, words, config):
    new(*words)
    assert 'HelloJina' in (tmp_path / 'hello-jina' / config).read_text()


def test_what_is_missing(run):
    for words, why in [([], 'say what, and its name'), (['gateway'], 'the name is missing'), (['gatway', 'x'], "did you mean 'gateway'?")]:
        refused = run(subject_path(), 'new', *words)
        assert refused.returncode == 2 and why in refused.stderr


def test_dockerfile(project):
    """As the guide has it; what serves has no compiler, so the module is compiled in a stage before."""
    lines = (project('gateway') / 'Dockerfile').read_text().splitlines()
    assert lines[-1] == 'ENTRYPOINT ["jina", "gateway", "--uses", "config.yml"]'
    assert [line for line in lines if line.startswith('RUN')] == ['RUN jina build config.yml']
    assert len([line for line in lines if line.startswith('FROM')]) == 2


def test_build_makes_the_compiler_unnecessary(project, run, scoped, environment):
    folder, port = project('gateway'), free_port()
    built = run(subject_path(), 'build', 'config.yml', folder=folder)
    assert built.returncode == 0, built.stderr
    assert 'gateway.so  Gateway OwnThing' in built.stdout
    (folder / 'gateway.cpp').unlink()
    (folder / 'sentences.hpp').unlink()
    without = {**environment, 'CXX': '/nowhere/g++', 'XDG_CACHE_HOME': '/nowhere'}
    process = scoped.processes.start('built', [subject_path(), 'gateway', '--uses', folder / 'config.yml', '--port', port], without)
    process.wait_ready(lambda: answers(port))
    assert ask(port, '/sentences?text=One.').json == {'sentences': ['One.']}


def test_build_of_a_flow(project, run):
    folder = project('flow')
    built = run('./dev', 'build', folder=folder)
    assert built.returncode == 0, built.stderr
    assert {'gateway.so', 'executor.so'} <= files_named(folder)
    for name in ('gateway.cpp', 'executor.cpp'):
        (folder / name).unlink()
    tested = run('bash', 'tests/flow_test.sh', folder=folder, JINA=subject_path(), CXX='/nowhere/g++')
    assert tested.returncode == 0, tested.stdout + tested.stderr


def files_named(folder):
    return {path.name for path in folder.iterdir()}


def test_a_built_module_of_another_source_is_left_alone(project, run):
    folder = project('executor')
    assert run(subject_path(), 'build', 'executor.cpp', folder=folder).returncode == 0
    (folder / 'executor.cpp').write_text((folder / 'executor.cpp').read_text().replace('doc.set_text(', 'doc.set_text("x" + '))
    tested = run('bash', 'tests/executor_test.sh', folder=folder, JINA=subject_path())
    assert tested.returncode == 1
    assert 'executor.so was not built from this executor.cpp' in tested.stdout


@pytest.mark.parametrize('words, why', [
    ([], 'say what: jina build config.yml'),
    (['nothing.yml'], 'nothing.yml'),
    (['nothing.cpp'], "the file 'nothing.cpp' does not exist"),
    (['flow.yml', '--output', 'x.so'], 'has 2 modules; --output is for one'),
])
def test_build_says_what_is_wrong(project, run, words, why):
    refused = run(subject_path(), 'build', *words, folder=project('flow'))
    assert refused.returncode != 0 and why in refused.stderr


def test_build_shows_what_the_compiler_says(project, run):
    folder = project('gateway')
    (folder / 'gateway.cpp').write_text('int x = nonsense;\n')
    refused = run('./dev', 'build', folder=folder)
    assert refused.returncode == 1 and 'was not declared' in refused.stderr

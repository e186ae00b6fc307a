"""The installed package, from outside of the repository: examples/external/ built with CMake and with make against a fresh prefix,
started and asked."""
import json
import shutil
import subprocess

import pytest

from gateways import EXAMPLES, ROOT, run, run_to_end, start
from support.ports import free_port
from support.processes import healthy

pytestmark = pytest.mark.timeout(600)  # the first build takes a while on a busy machine
MODULE = '''
#include <jina/executor.hpp>
#include <jina/module.hpp>
class Twice : public jina::Executor {
  void setup(jina::Endpoints& on) override { on.add("/shout", &Twice::twice); }
 public:
  void twice(jina::DocumentArray& docs) { for (auto& doc : docs) doc.set_text(doc.text() + doc.text()); }
};
JINA_MODULE(registry) { registry.add<Twice>("Twice"); }
'''


@pytest.fixture(scope='module')
def project(tmp_path_factory):
    """A copy, far from the repository."""
    folder = tmp_path_factory.mktemp('project') / 'external'
    shutil.copytree(EXAMPLES / 'external', folder)
    return folder


@pytest.fixture(scope='module')
def by_cmake(prefix, project):
    run('cmake', '-S', project, '-B', project / 'build-cmake', '-G', 'Ninja', f'-DCMAKE_PREFIX_PATH={prefix}')
    run('cmake', '--build', project / 'build-cmake')
    return project / 'build-cmake'


@pytest.fixture(scope='module')
def by_make(prefix, project):
    run('make', f'BUILD={project}/build-make', cwd=project, PKG_CONFIG_PATH=str(prefix / 'lib' / 'pkgconfig'))
    return project / 'build-make'


def shouts(world, program, module, text='hello', **environment):
    """What an Executor of `module`, in `program`, makes of a text. -> (text, log)"""
    port = free_port()
    words = [program, 'executor', '--uses', str(module), '--port', str(port), '--log-config', 'default']
    process = world.processes.start('executor', words, {'JINA_LOG_LEVEL': 'INFO', **environment})
    try:
        process.wait_ready(lambda: healthy(port), deadline_s=120)
        answer = run(program, 'client', f'grpc://127.0.0.1:{port}', '--endpoint', '/shout', '--text', text, '--compact')
        return json.loads(answer)['data'][0]['text'], process.log()
    finally:
        world.processes.stop(process)


def test_what_is_installed(prefix):
    for name in ('bin/jina', 'include/jina/http_gateway.hpp', 'lib/libjina.a', 'lib/cmake/jina/jinaConfig.cmake',
                 'lib/cmake/jina/jinaConfigVersion.cmake', 'lib/cmake/jina/jinaTargets.cmake', 'lib/pkgconfig/jina.pc',
                 'lib/pkgconfig/jina-module.pc', 'share/bash-completion/completions/jina', 'share/zsh/site-functions/_jina',
                 'share/fish/vendor_completions.d/jina.fish', 'share/doc/jina/LICENSE', 'share/doc/jina/README.md'):
        assert (prefix / name).stat().st_size > 0, name
    assert {path.suffix for path in (prefix / 'include').rglob('*') if path.is_file()} == {'.hpp'}
    for path in (prefix / 'lib').rglob('*.cmake'):
        assert str(ROOT) not in path.read_text(), f'{path} names the repository'
    for path in (prefix / 'lib' / 'pkgconfig').iterdir():
        assert str(ROOT) not in path.read_text(), f'{path} names the repository'
    # Objects of all libraries without debug information; ten times that with it.
    assert (prefix / 'lib' / 'libjina.a').stat().st_size < 100e6
    assert run(prefix / 'bin' / 'jina', '--version').strip()


@pytest.mark.parametrize('builder', ['by_cmake', 'by_make'])
def test_a_program_of_ones_own_serves_its_gateway(world, request, builder):
    folder = request.getfixturevalue(builder)
    gateway = start(own(world, folder / 'greeter'), 'Greeter', uses_with={'salute': 'Ahoy'})
    try:
        assert gateway.ask('/?name=Ada').json == {'greeting': 'Ahoy, Ada!'}
        assert gateway.ask('/').status == 422
    finally:
        world.processes.stop(gateway.process)


@pytest.mark.parametrize('builder', ['by_cmake', 'by_make'])
def test_modules_built_ahead_load_into_both_programs(world, request, prefix, builder):
    folder = request.getfixturevalue(builder)
    assert shouts(world, prefix / 'bin' / 'jina', folder / 'shout.so')[0] == 'hello!'
    assert shouts(world, folder / 'greeter', folder / 'shout.so')[0] == 'hello!'


@pytest.mark.parametrize('program', ['jina', 'greeter'])
def test_modules_are_compiled_with_the_installed_headers(world, request, prefix, program, tmp_path):
    program = prefix / 'bin' / 'jina' if program == 'jina' else request.getfixturevalue('by_cmake') / 'greeter'
    module = tmp_path / 'twice.cpp'
    # -H makes the compiler name the headers that it reads; the log shows what it says.
    module.write_text(MODULE)
    port = free_port()
    words = [program, 'executor', '--uses', str(module), '--port', str(port), '--compile-flags', '-O0', '-H']
    process = world.processes.start('executor', words, {'JINA_LOG_LEVEL': 'INFO', 'XDG_CACHE_HOME': str(tmp_path / 'cache')})
    try:
        process.wait_ready(lambda: healthy(port), deadline_s=120)
        assert f' {prefix.resolve()}/include/jina/executor.hpp' in process.log()
        assert str(ROOT / 'include') not in process.log()
    finally:
        world.processes.stop(process)
    assert shouts(world, program, module, 'ab', XDG_CACHE_HOME=str(tmp_path / 'cache'))[0] == 'abab'


def test_another_version_is_not_found(prefix, tmp_path):
    (tmp_path / 'CMakeLists.txt').write_text('cmake_minimum_required(VERSION 3.25)\nproject(x LANGUAGES CXX)\nfind_package(jina 9.0 REQUIRED)\n')
    done = subprocess.run(['cmake', '-S', tmp_path, '-B', tmp_path / 'build', '-G', 'Ninja', f'-DCMAKE_PREFIX_PATH={prefix}'],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode != 0
    assert 'jinaConfig.cmake, version: 0.' in done.stderr


def test_completions_work_in_bash(prefix):
    script = f'''. {prefix}/share/bash-completion/completions/jina
COMP_WORDS=(jina gateway --compile); COMP_CWORD=2; _jina; echo "${{COMPREPLY[@]}}"'''
    assert run('bash', '--norc', '-c', script).split() == ['--compile-flags']


def own(world, program):
    """The world, with another program as the subject."""
    return type(world)(world.processes, str(program))


def test_a_class_that_is_not_there_is_named(world, by_cmake):
    code, log = run_to_end(world, [by_cmake / 'greeter', 'gateway', '--uses', 'Greter'])
    assert code == 1
    assert "Greter" in log and "did you mean 'Greeter'" in log

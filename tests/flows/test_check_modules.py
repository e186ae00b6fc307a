"""What `jina check` and `jina executor` know of the classes of modules: from their text, or from what was compiled of them."""
import json
import subprocess

import pytest

# Its class and arguments are not to be read off the text.
MODULE = '''#include <jina/executor.hpp>
#include <jina/module.hpp>

struct Options {
  std::string suffix = "!";
};
BOOST_DESCRIBE_STRUCT(Options, (), (suffix))

class Shout : public jina::Executor {
 public:
  explicit Shout(const Options&) {}
  void setup(jina::Endpoints&) override {}
};

static const char* const kName = "Shout";
JINA_MODULE(registry) { registry.add<Shout>(kName); }
'''

FLOW = '''jtype: Flow
executors:
  - name: a
    uses: %s
    py_modules: shout.cpp
    uses_with: {%s: '?'}
  - name: b
    uses: Shout
    py_modules: shout.cpp
'''


@pytest.fixture
def jina(world, tmp_path):
    def run(*words):
        done = subprocess.run([world.subject, *words], cwd=tmp_path, capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout, done.stderr
    return run


@pytest.fixture
def check(jina, tmp_path):
    (tmp_path / 'shout.cpp').write_text(MODULE + f'// {tmp_path}\n')  # compiled by nobody yet

    def run(uses='Shout', argument='suffix', words=()):
        (tmp_path / 'flow.yml').write_text(FLOW % (uses, argument))
        return jina('check', *words, 'flow.yml')
    return run


def test_a_module_that_is_not_compiled_is_named_once(check):
    code, out, _ = check(words=['--strict'])
    assert code == 0 and 'nothing wrong' in out
    assert out.count('shout.cpp is not compiled yet') == 1
    assert out.startswith('flow.yml:4:11: note: ') and "'jina build flow.yml' compiles it" in out
    assert [item['severity'] for item in json.loads(check(words=['--format', 'json'])[1])] == ['note']
    assert check(words=['--format', 'github'])[1].startswith('::notice file=flow.yml,line=4,col=11::')


def test_of_one_that_is_compiled_classes_and_arguments_are_known(check, jina):
    assert jina('build', 'shout.cpp')[0] == 0
    assert check() == (0, 'flow.yml: nothing wrong with this Flow of 2 Executors\n', '')
    code, out, _ = check(uses='Shuot')
    assert code == 1 and "flow.yml:4:11: error: the class 'Shuot' is not in shout.cpp; did you mean 'Shout'?" in out
    code, out, _ = check(argument='sufix')
    assert code == 1 and "flow.yml:6:17: error: Shout: there is no argument 'sufix'; did you mean 'suffix'?" in out


def test_env_of_an_executor_without_a_process(jina, tmp_path):
    (tmp_path / 'shout.cpp').write_text(MODULE.replace('kName)', '"Shout")'))
    (tmp_path / 'flow.yml').write_text(
        'jtype: Flow\nexecutors:\n  - name: a\n    uses: Shout\n    py_modules: shout.cpp\n    colocate: true\n    env: {A: b}\n')
    code, out, _ = jina('check', 'flow.yml')
    assert code == 0 and "flow.yml:7:10: warning: a: with 'colocate' it has no process of its own" in out


def test_a_misspelt_argument_outside_of_a_flow_has_its_line(jina, tmp_path):
    (tmp_path / 'shout.cpp').write_text(MODULE)
    (tmp_path / 'x.yml').write_text("jtype: Shout\npy_modules: shout.cpp\nwith:\n  sufix: '?'\n")
    code, _, error = jina('executor', '--uses', 'x.yml')
    assert code == 1 and "x.yml:4:3: Shout: there is no argument 'sufix'; did you mean 'suffix'?" in error

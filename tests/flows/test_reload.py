"""`jina flow --reload`: what changed is read and compiled while the Flow runs, which is replaced only by one that starts."""
import os
import signal

import pytest

from faulty_flow import FaultyFlow, faulty, start_faulty, write_flow
from support.flows import start_flow

ECHO = '''#include <jina/executor.hpp>
#include <jina/module.hpp>

class Echo : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add_default(&Echo::echo); }
  void echo(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.set_text("ANSWER");
  }
};

JINA_MODULE(registry) { registry.add<Echo>("Echo"); }
'''


@pytest.fixture
def reloading(world, tmp_path):
    started = start_faulty(world, tmp_path, [faulty()], arguments=['--reload'])
    yield started
    started.flow.stop()


def test_a_changed_yaml_starts_the_flow_again(reloading, tmp_path):
    write_flow(tmp_path, [faulty('other')])
    reloading.wait_log('flow.yml changed: restarting the Flow')
    reloading.wait_log('The Flow is ready', 2)
    assert reloading.pid('other/rep-0') and not reloading.pid('faulty/rep-0')


def test_a_yaml_with_mistakes_leaves_the_flow_alone(reloading, tmp_path):
    before = reloading.pid('faulty/rep-0')
    (tmp_path / 'flow.yml').write_text('jtype: Flow\nexecutors: [')
    reloading.wait_log('the Flow that runs stays as it is')
    assert reloading.pid('faulty/rep-0') == before


def test_hangup_starts_the_flow_again(reloading):
    before = reloading.pid('faulty/rep-0')
    os.kill(reloading.launcher.pid, signal.SIGHUP)
    reloading.wait_log('SIGHUP: restarting the Flow')
    reloading.wait_log('The Flow is ready', 2)
    assert reloading.pid('faulty/rep-0') not in (None, before)


def test_a_module_that_does_not_compile_leaves_the_flow_alone(world, tmp_path):
    module = tmp_path / 'echo.cpp'
    module.write_text(ECHO.replace('ANSWER', 'one'))
    path = write_flow(tmp_path, ['name: echo, uses: Echo, py_modules: echo.cpp'])
    flow = FaultyFlow(start_flow(world, path, tmp_path, None, ['--reload']), tmp_path)
    before, port = flow.pid('echo/rep-0'), flow.flow.port()

    def answer():
        return flow.post('/').json['data'][0]['text']
    assert answer() == 'one'

    module.write_text(ECHO.replace('doc.set_text', 'doc.set_txet'))
    flow.wait_log('the Flow that runs stays as it is', deadline_s=60)
    assert 'set_txet' in flow.log() and 'restarting the Flow' not in flow.log()
    assert flow.pid('echo/rep-0') == before and answer() == 'one'

    module.write_text(ECHO.replace('ANSWER', 'two'))
    flow.wait_log('The Flow is ready', 2, deadline_s=60)
    assert 'echo.cpp changed: restarting the Flow' in flow.log()
    assert answer() == 'two', 'the gateway is where it was'
    assert f'http://127.0.0.1:{port}' in flow.log().rsplit('The Flow is ready', 2)[1]
    flow.flow.stop()

"""What `jina flow` does with its processes: start, progress, restart, stop, and what it says about each."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time

import pytest

from faulty_flow import FaultyFlow, MODULE, children, command, descendants, faulty, gone, start_faulty, write_flow
from support.flows import start_flow
from support.processes import ENVIRONMENT, wait_until


def run_flow(world, path, *arguments, environment=None, timeout=60):
    """A Flow that ends by itself."""
    return subprocess.run([world.subject, 'flow', '--uses', str(path), '--workspace', str(path.parent / 'workspace'), *arguments],
                          env={**ENVIRONMENT, 'JINA_PYTHON': sys.executable, **(environment or {})}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=timeout)


@pytest.fixture
def flow(world, tmp_path):
    started = start_faulty(world, tmp_path)
    yield started
    started.flow.stop()


def test_a_killed_replica_comes_back_where_it_was(flow):
    before = flow.pid('faulty/rep-0')
    port = command(before)[command(before).index('--port') + 1]
    flow.kill('faulty/rep-0')
    after = flow.pid('faulty/rep-0')
    assert after != before and command(after)[command(after).index('--port') + 1] == port
    log = flow.log()
    assert 'faulty/rep-0 was killed by signal 9 (Killed); it is started again at once (restart 1)' in log
    assert 'nobody here sent that signal' in log or 'for lack of memory' in log
    assert "dmesg" in log


def test_stops_in_order_with_exit_code_0(flow):
    with_slow_request = threading.Thread(target=flow.post, args=('/slow',))
    with_slow_request.start()
    os.kill(flow.launcher.pid, signal.SIGTERM)
    assert flow.launcher.wait(20) == 0
    with_slow_request.join()
    assert flow.log().rstrip().endswith('stopped')


def test_a_second_signal_kills_what_is_left(flow):
    hanging = threading.Thread(target=lambda: pytest.raises(Exception, flow.post, '/hang'))
    hanging.start()
    wait_until(lambda: any(thread_state(flow.pid(f'faulty/rep-{n}')) for n in (0, 1)), 10, 'one hangs')
    os.kill(flow.launcher.pid, signal.SIGTERM)
    flow.wait_log('SIGTERM: stopping')

    def ended():
        # What comes at once counts as the same signal, so this asks as long as nothing happens.
        if flow.launcher.alive():
            os.kill(flow.launcher.pid, signal.SIGTERM)
        return not flow.launcher.alive()
    wait_until(ended, 5, 'a second signal is heard')
    assert flow.launcher.exit_code() == 128 + signal.SIGTERM
    hanging.join()
    assert 'second signal: killing what is left' in flow.log()


def test_timeout_sends_its_signal_twice_and_stops_in_order(world, tmp_path):
    """GNU timeout tells the process and then its whole group."""
    log = tmp_path / 'log'
    ready = tmp_path / 'ready.json'
    with open(log, 'wb') as file:
        outer = subprocess.Popen(['timeout', '600', world.subject, 'flow', '--uses', str(write_flow(tmp_path, [faulty()])), '--workspace',
                                  str(tmp_path / 'workspace'), '--ready-file', str(ready)], env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                 stdout=file, stderr=file, start_new_session=True)
    try:
        wait_until(ready.exists, 120, 'the Flow is ready')
        below = descendants(json.loads(ready.read_text())['pid'])
        outer.send_signal(signal.SIGTERM)
        outer.wait(20)
        wait_until(lambda: all(gone(pid) for pid in below), 10, 'all children are gone')
        assert 'SIGTERM: stopping' in log.read_text() and 'killing' not in log.read_text()
        assert log.read_text().rstrip().endswith('stopped')
    finally:
        outer.kill()
        outer.wait()


def thread_state(pid):
    """Whether a thread of the process sleeps for long: the endpoint that hangs."""
    tasks = os.listdir(f'/proc/{pid}/task')
    def syscall(task):
        with open(f'/proc/{pid}/task/{task}/syscall') as file:
            return file.read().split()[0]
    return any(syscall(task) in ('35', '230') for task in tasks)  # nanosleep, clock_nanosleep


def test_a_killed_launcher_leaves_nobody(world, tmp_path):
    (tmp_path / 'plain.py').write_text('from jina import Executor\nclass Plain(Executor):\n    pass\n')
    flow = start_faulty(world, tmp_path, [faulty(), 'name: plain, uses: Plain, py_modules: plain.py'])
    below = descendants(flow.launcher.pid)
    assert len(below) >= 3 and any('python' in command(pid)[0] for pid in below)
    os.kill(flow.launcher.pid, signal.SIGKILL)
    wait_until(lambda: all(gone(pid) for pid in below), 10, 'all children are gone')


@pytest.fixture
def containers(world, tmp_path):
    """A stand-in for docker, whose containers are children of nobody, as those of its daemon. -> (the Flow, name and process of its container, folder)"""
    folder = tmp_path / 'engine'
    folder.mkdir()
    (folder / 'docker').write_text(f'''#!/bin/sh
if [ "$1" = rm ]; then
  echo "$@" >> {folder}/removed
  exec kill -9 "$(cat {folder}/"$3")"
fi
while [ "$1" != --name ]; do shift; done
name=$2
while [ "$1" != example/upper:1 ]; do shift; done
shift
setsid {world.subject} executor --uses {MODULE} "$@" &
echo $! > {folder}/"$name"
trap 'kill $!' TERM
wait
wait
''')
    (folder / 'docker').chmod(0o755)
    flow = start_faulty(world, tmp_path, ['name: image, uses: docker://example/upper:1, disable_auto_volume: true'],
                        environment={'PATH': f'{folder}:{os.environ["PATH"]}'})
    name = f'jina-{flow.launcher.pid}-image-rep-0'
    yield flow, name, int((folder / name).read_text()), folder
    flow.flow.stop()


def test_a_killed_launcher_leaves_no_container(containers):
    flow, name, container, folder = containers
    assert not gone(container)
    os.kill(flow.launcher.pid, signal.SIGKILL)
    wait_until(lambda: gone(container), 10, 'the container is gone')
    assert (folder / 'removed').read_text() == f'rm --force {name}\n'


def test_a_container_whose_command_is_killed_is_replaced(containers):
    flow, name, container, folder = containers
    os.kill(next(pid for pid in children(flow.launcher.pid) if name in command(pid)), signal.SIGKILL)
    flow.wait_log('image/rep-0 is ready again')
    assert gone(container)
    assert int((folder / name).read_text()) != container


def test_an_engine_that_hangs_does_not_keep_the_flow(containers):
    flow, name, container, folder = containers
    engine = (folder / 'docker').read_text()
    (folder / 'docker').write_text(engine.replace('exec kill -9', 'exec sleep 1000 #'))
    os.kill(next(pid for pid in children(flow.launcher.pid) if name in command(pid)), signal.SIGKILL)
    wait_until((folder / 'removed').exists, 10, 'the engine is asked to remove the container')

    def ended():  # what comes at once counts as the same signal
        if flow.launcher.alive():
            os.kill(flow.launcher.pid, signal.SIGTERM)
        return not flow.launcher.alive()
    try:
        wait_until(ended, 8, 'a second signal is heard')
    finally:
        os.kill(container, signal.SIGKILL)
    assert f'warning: the container {name} may be left' in flow.log()


def test_a_stopped_flow_ends_its_containers_in_order(containers):
    flow, _, container, folder = containers
    flow.flow.stop()
    assert flow.launcher.exit_code() == 0 and gone(container) and not (folder / 'removed').exists()


def test_never_ends_the_flow(world, tmp_path):
    flow = start_faulty(world, tmp_path, arguments=['--restart', 'never'])
    os.kill(flow.pid('faulty/rep-1'), signal.SIGKILL)
    assert flow.launcher.wait(20) == 1
    log = flow.log()
    assert 'error: faulty/rep-1 was killed by signal 9 (Killed)' in log and "'restart: on-failure' would start it again" in log


def test_too_many_restarts_end_the_flow(world, tmp_path):
    flow = start_faulty(world, tmp_path, [faulty()], arguments=['--restart-limit', '2'])
    flow.kill('faulty/rep-0')
    flow.kill('faulty/rep-0')
    os.kill(flow.pid('faulty/rep-0'), signal.SIGKILL)
    assert flow.launcher.wait(20) == 1
    assert re.search(r'it is started again in \d+ ms \(restart 2\)', flow.log())
    assert 'it was started again 2 times within 300 s, which is the limit (--restart-limit)' in flow.log()


def test_a_failure_before_it_was_ready_ends_the_start(world, tmp_path):
    path = write_flow(tmp_path, [faulty(env='{FAULTY_SETUP: the index is missing}'), faulty('steady')])
    done = run_flow(world, path)
    assert done.returncode == 1
    assert 'error: faulty/rep-0 exited with code 1' in done.stderr
    assert done.stderr.count('the index is missing') == 1
    assert 'restart' not in done.stderr


def test_a_python_traceback_is_shown_once_and_in_place(world, tmp_path):
    (tmp_path / 'broken.py').write_text('import nothing_of_that_name\nfrom jina import Executor\n\n\nclass Broken(Executor):\n    pass\n')
    done = run_flow(world, write_flow(tmp_path, ['name: broken, uses: Broken, py_modules: broken.py']))
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert len(re.findall(r"broken/rep-0 +\| +ModuleNotFoundError: No module named 'nothing_of_that_name'", said)) == 1
    assert 'the last it said' not in said


def test_not_ready_in_time_says_what_to_do(world, tmp_path):
    path = write_flow(tmp_path, [faulty(), faulty('late', timeout_ready=1)])
    done = run_flow(world, path)
    assert done.returncode == 1
    assert 'late/rep-0 is not ready after 1 ms (timeout_ready)' in done.stderr and "'timeout_ready: 600000'" in done.stderr


def test_cores(world, tmp_path):
    core = min(os.sched_getaffinity(0))
    flow = start_faulty(world, tmp_path, [faulty(cpu_affinity=core)])
    assert os.sched_getaffinity(flow.pid('faulty/rep-0')) == {core}
    flow.flow.stop()


class Terminal:
    """`jina flow` on a terminal of its own."""

    def __init__(self, world, path, **environment):
        self._master, slave = pty.openpty()
        clean = {key: value for key, value in ENVIRONMENT.items() if key not in ('NO_COLOR', 'JINA_LOG_NO_COLOR')}
        self.process = subprocess.Popen([world.subject, 'flow', '--uses', str(path)], stdin=slave, stdout=slave, stderr=slave,
                                        env={**clean, 'TERM': 'xterm', **environment}, start_new_session=True)
        os.close(slave)
        self.text = ''

    def read_until(self, what, deadline_s=60):
        end = time.monotonic() + deadline_s
        while what not in self.text and time.monotonic() < end:
            if select.select([self._master], [], [], 0.5)[0]:
                self.text += os.read(self._master, 65536).decode(errors='replace')
        assert what in self.text, self.text

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.read_until('stopped')
        code = self.process.wait(20)
        os.close(self._master)
        return code


@pytest.mark.parametrize('no_color', ['', '1'])
def test_progress_on_a_terminal(world, tmp_path, no_color):
    terminal = Terminal(world, write_flow(tmp_path, [faulty()]), NO_COLOR=no_color)
    terminal.read_until('The Flow is ready')
    assert terminal.stop() == 0
    assert re.search(r'[01] of 2 ready', terminal.text) and '\x1b[J' in terminal.text
    assert ('\x1b[32m' in terminal.text) == (no_color == '')


def test_hangup_stops_a_flow_that_does_not_reload(flow):
    os.kill(flow.launcher.pid, signal.SIGHUP)
    assert flow.launcher.wait(20) == 0


def test_a_gateway_has_a_restart_of_its_own(world, tmp_path):
    path = write_flow(tmp_path, [faulty()])
    path.write_text(path.read_text().replace('with: {protocol: http}', 'gateway: {protocol: http, restart: never}'))
    flow = FaultyFlow(start_flow(world, path, tmp_path, None, ['--workspace', str(tmp_path / 'workspace')]), tmp_path)
    flow.kill('faulty/rep-0')
    os.kill(flow.pid('gateway/rep-0'), signal.SIGKILL)
    assert flow.launcher.wait(20) == 1
    assert "'restart: on-failure' would start it again" in flow.log() and 'unknown key' not in flow.log()


def test_a_module_that_does_not_compile_is_no_crash(world, tmp_path):
    (tmp_path / 'broken.cpp').write_text('#include <jina/executor.hpp>\nint main( {\n')
    done = run_flow(world, write_flow(tmp_path, ['name: broken, uses: Broken, py_modules: broken.cpp']))
    assert done.returncode == 1
    assert 'error: broken/rep-0: ' in done.stderr and 'broken.cpp does not compile' in done.stderr
    assert 'report:' not in done.stderr and not list(tmp_path.rglob('crash-reports'))


@pytest.mark.parametrize('docs', [True, False])
def test_the_table_says_whether_a_gateway_of_the_users_has_docs(world, tmp_path, docs):
    settings = '' if docs else 'app.docs_url("");'
    (tmp_path / 'own.cpp').write_text('#include <jina/http_gateway.hpp>\n#include <jina/module.hpp>\n'
                                      'class Own : public jina::HttpGateway {\n public:\n'
                                      '  void setup_app([[maybe_unused]] jina::App& app) override { %s }\n};\n'
                                      'JINA_MODULE(registry) { registry.add<Own>("Own"); }\n' % settings)
    path = tmp_path / 'flow.yml'
    path.write_text('jtype: Flow\ngateway: {protocol: http, uses: own.cpp}\nexecutors: []\n')
    flow = start_flow(world, path, tmp_path)
    rows = re.findall(r'^  gateway +http +(\S+) *(\S*)$', flow.process.log(), re.MULTILINE)
    assert rows == [(flow.ready['gateway']['http'], flow.ready['gateway']['http'] + '/docs' if docs else '')]
    flow.stop()

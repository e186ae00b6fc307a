"""examples/flow_in_cpp: a Flow that a C++ program builds, starts, asks and stops (jina::Flow)."""
import os
import pathlib
import re
import signal
import subprocess

import pytest

from support.http import ask
from support.processes import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get('JINA_BUILD', ROOT / 'build' / 'dev')) / 'tests' / 'flow_in_cpp'

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f'{PROGRAM} is not built')


def descendants(pid):
    """Pids of the processes below `pid`."""
    listing = subprocess.run(['ps', '-e', '-o', 'pid=,ppid='], capture_output=True, text=True, check=True).stdout
    children = {}
    for line in listing.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found, waiting = [], [pid]
    while waiting:
        more = children.get(waiting.pop(), [])
        found += more
        waiting += more
    return found


def gone(pids):
    return not any(os.path.exists(f'/proc/{pid}') and 'State:\tZ' not in pathlib.Path(f'/proc/{pid}/status').read_text() for pid in pids)


@pytest.fixture
def serving(world):
    """The example as it serves: its process and its port."""
    process = world.processes.start('flow_in_cpp', [PROGRAM, 'serve'])
    process.wait_ready(lambda: 'http://' in process.log(), 60)
    yield process, int(re.search(r'http://127\.0\.0\.1:(\d+)', process.log())[1])
    world.processes.stop(process)


def test_it_runs_and_leaves_nothing():
    done = subprocess.run([PROGRAM], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout.splitlines()[-2:]) == (0, ['HELLO!', 'WORLD!']), done.stderr
    left = subprocess.run(['pgrep', '-f', str(PROGRAM)], capture_output=True, text=True).stdout
    assert not left


def test_it_serves_until_a_signal(serving):
    process, port = serving
    answer = ask(port, '/post', 'POST', {'data': [{'text': 'ab'}], 'execEndpoint': '/'})
    assert answer.json['data'][0]['text'] == 'AB!'
    below = descendants(process.pid)
    assert len(below) >= 5  # the one that runs the Flow, two uppers, one exclaim, the gateway
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(20) == 0
    assert gone(below)


def test_nothing_outlives_a_program_that_is_killed(serving):
    process, _ = serving
    below = descendants(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: gone(below), 20, 'processes of the Flow are still there')

"""A Flow of faulty Executors (modules/faulty.cpp), requests that run beside a fault, and what its log has to say."""
import concurrent.futures
import os
import pathlib
import signal
import threading

from support.flows import start_flow
from support.processes import wait_until

HERE = pathlib.Path(__file__).resolve().parent
MODULE = HERE / 'modules' / 'faulty.cpp'


class FaultyFlow:
    """`flow`: a RunningFlow; `pid(pod)` is what the process of a pod is now."""

    def __init__(self, flow, folder):
        self.flow, self.folder = flow, folder

    @property
    def launcher(self):
        return self.flow.process

    def log(self):
        return self.launcher.log()

    def wait_log(self, text, count=1, deadline_s=20):
        wait_until(lambda: self.log().count(text) >= count, deadline_s, f'{count} times {text!r} in the log')

    def pid(self, pod):
        """Of the child whose arguments name the pod."""
        for pid in children(self.launcher.pid):
            words = command(pid)
            if '--name' in words and words[words.index('--name') + 1] == pod:
                return pid
        return None

    def kill(self, pod, number=signal.SIGKILL):
        """Returns once the pod is ready again."""
        before = self.log().count(f'{pod} is ready again')
        os.kill(self.pid(pod), number)
        self.wait_log(f'{pod} is ready again', before + 1)

    def post(self, endpoint='/echo', text='a', timeout=20, count=1):
        body = {'data': [{'text': text}] * count, 'execEndpoint': endpoint}
        return self.flow.ask('/post', method='POST', body=body, timeout=timeout)


def children(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as file:
        return [int(word) for word in file.read().split()]


def descendants(pid):
    below = children(pid)
    return below + [deeper for child in below for deeper in descendants(child)]


def command(pid):
    try:
        with open(f'/proc/{pid}/cmdline') as file:
            return file.read().split('\0')
    except OSError:
        return []


def gone(pid):
    """A process that nobody has waited for yet counts as gone."""
    try:
        with open(f'/proc/{pid}/stat') as file:
            return file.read().rsplit(')', 1)[1].split()[0] in 'ZX'
    except OSError:
        return True


def write_flow(folder, executors, gateway='protocol: http'):
    path = folder / 'flow.yml'
    path.write_text(f'jtype: Flow\nwith: {{{gateway}}}\nexecutors:\n' + ''.join(f'  - {{{item}}}\n' for item in executors))
    return path


def faulty(name='faulty', **options):
    more = ''.join(f', {key}: {value}' for key, value in options.items())
    return f'name: {name}, uses: Faulty, py_modules: {MODULE}{more}'


def start_faulty(world, folder, executors=None, gateway='protocol: http', arguments=(), environment=None):
    path = write_flow(folder, executors or [faulty(replicas=2)], gateway)
    flow = start_flow(world, path, folder, environment, ['--workspace', str(folder / 'workspace'), *arguments])
    return FaultyFlow(flow, folder)


class Load:
    """Requests from several threads for as long as the block lasts; afterwards `answers` has what each got."""

    def __init__(self, send, threads=4, at_least=100):
        self._send, self._threads, self._at_least = send, threads, at_least
        self._stop, self.answers = threading.Event(), []

    def _run(self):
        answers = []
        while not self._stop.is_set() or len(answers) < self._at_least // self._threads:
            answers.append(self._send())
        return answers

    def __enter__(self):
        self._pool = concurrent.futures.ThreadPoolExecutor(self._threads)
        self._runs = [self._pool.submit(self._run) for _ in range(self._threads)]
        return self

    def __exit__(self, *_):
        self._stop.set()
        for run in self._runs:
            self.answers += run.result(60)
        self._pool.shutdown()



#!/usr/bin/env python3
"""Measures a whole Flow, a gateway and three Executors that do nothing, over HTTP: real Jina's, this project's, and this project's
with the Executors in the gateway's process (colocate: true).

All are loaded by wrk (16 connections, POST /post with one short text). CPU is what all processes of the Flow used (user and system)
divided by the requests that were answered. Rounds are interleaved; each figure is that of the best round. Beside that: how long a
Flow of five C++ Executors, compiled before, takes from the start of the command until it says that it is ready.
"""
import argparse
import http.client
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from peers import Program, free_port, listening  # noqa: E402
from side_by_side import wrk  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
JINA = pathlib.Path(sys.executable).parent / 'jina'


def flow_file(folder, name, port, module, executors, colocate=False):
    lines = ['jtype: Flow', "version: '1'", 'gateway:', '  protocol: http', f'  port: {port}', 'executors:']
    for number in range(executors):
        lines += [f'  - name: noop{number}', '    uses: Noop', f'    py_modules: {HERE / "flows" / module}']
        if colocate:
            lines.append('    colocate: true')
    path = folder / f'{name}.yml'
    path.write_text('\n'.join(lines) + '\n')
    return path


def answers(port):
    if not listening(port):
        return False
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=20)
    try:
        connection.request('POST', '/post', '{"data": [{"text": "hello world"}], "execEndpoint": "/"}', {'content-type': 'application/json'})
        response = connection.getresponse()
        return response.status == 200 and b'hello world' in response.read()
    except OSError:
        return False
    finally:
        connection.close()


class Measured:
    def __init__(self, name, program, folder, module, colocate=False):
        self.name, self.port, self.rounds = name, free_port(), []
        flow = flow_file(folder, f'flow-{self.port}', self.port, module, 3, colocate)
        self.program = Program([program, 'flow', '--uses', flow], folder / f'flow-{self.port}.log')
        self.ready_s = self.program.wait_ready(lambda: answers(self.port), deadline_s=120)

    def measure(self, seconds):
        if not self.rounds:
            wrk(self.port, 1)
        before = self.program.cpu_seconds()
        rate, requests = wrk(self.port, seconds)
        self.rounds.append((rate, (self.program.cpu_seconds() - before) * 1e6 / requests))
        self.resident_mb = self.program.resident_mb()

    @property
    def best(self):
        return min(self.rounds, key=lambda figures: figures[1])


def seconds_to_ready(jina, folder, tries=3):
    """A Flow of five C++ Executors; the first start compiles and is not counted."""
    found = []
    for number in range(tries + 1):
        ready = folder / f'ready-{number}'
        flow = flow_file(folder, f'five-{number}', free_port(), 'noop.cpp', 5)
        program = Program([jina, 'flow', '--uses', flow, '--ready-file', ready], folder / f'five-{number}.log')
        try:
            found.append(program.wait_ready(ready.exists, deadline_s=120))
        finally:
            program.stop()
    return min(found[1:])


def targets(own, colocated, jina, ready_s):
    found = []
    if jina:
        found.append(('CPU over all processes at most 1/100 of Jina', own.best[1] * 100 <= jina.best[1], f'1/{jina.best[1] / own.best[1]:.0f}'))
    found.append(('in-process Executors: at most 1/3 of that', colocated.best[1] * 3 <= own.best[1], f'1/{own.best[1] / colocated.best[1]:.1f}'))
    if jina:
        found.append(('in-process Executors: at most 1/300 of Jina', colocated.best[1] * 300 <= jina.best[1],
                      f'1/{jina.best[1] / colocated.best[1]:.0f}'))
    found.append(('five C++ Executors ready in 0.5 s', ready_s <= 0.5, f'{ready_s:.2f} s'))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--jina', required=True, help='our program')
    parser.add_argument('--backend', help='not used here')
    parser.add_argument('--seconds', type=int, default=4, help='length of one measurement (default 4)')
    parser.add_argument('--rounds', type=int, default=2, help='rounds per Flow (default 2)')
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        ready_s = seconds_to_ready(args.jina, folder)
        started = []
        try:
            if JINA.exists():
                started.append(Measured('Jina 3.25.2', JINA, folder, 'noop.py'))
            else:
                print('Jina is not installed, left out', file=sys.stderr)
            started.append(Measured('this project', args.jina, folder, 'noop.cpp'))
            started.append(Measured('this project, colocate', args.jina, folder, 'noop.cpp', colocate=True))
            for round_number in range(args.rounds):
                for flow in started:
                    print(f'round {round_number + 1} of {args.rounds}: {flow.name}', file=sys.stderr, flush=True)
                    flow.measure(args.seconds)
        finally:
            for flow in started:
                flow.program.stop()
    own, colocated = started[-2:]
    print(f'gateway and 3 Executors that do nothing, HTTP POST /post with one short text; best of {args.rounds} rounds of {args.seconds} s; '
          'CPU and memory of all processes')
    print(f'{"":<26}{"requests/s":>12}{"CPU us":>10}{"ratio":>10}{"RSS MB":>9}{"ready ms":>10}')
    for flow in started:
        rate, cpu = flow.best
        print(f'{flow.name:<26}{rate:>12,.0f}{cpu:>10.1f}{cpu / own.best[1]:>8.2f} x{flow.resident_mb:>9.1f}{flow.ready_s * 1000:>10.0f}')
    for what, reached, figure in targets(own, colocated, started[0] if len(started) > 2 else None, ready_s):
        print(f'{"reached" if reached else "MISSED "}  {what}: {figure}')


if __name__ == '__main__':
    main()

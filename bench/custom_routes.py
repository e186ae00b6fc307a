#!/usr/bin/env python3
"""Measures HTTP routes of a custom gateway beside the same routes in FastAPI, and beside the built-in POST /post.

All are loaded by wrk (16 connections) with one short text per request. CPU is what the server's processes used (user and system)
divided by the requests it answered. Rounds are interleaved; each figure is that of the best round.
"""
import argparse
import dataclasses
import http.client
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from peers import Program, free_port, listening  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROUTES = HERE / 'routes'
PYTHON = pathlib.Path(sys.executable)
GET = '{}?text=hello%20world&top_k=3'


@dataclasses.dataclass
class Row:
    """One route of one server: `body` makes it a POST /post."""
    name: str
    server: str
    path: str
    body: bool = False
    rounds: list = dataclasses.field(default_factory=list)   # (requests/s, CPU us per request)

    @property
    def best(self):
        return min(self.rounds, key=lambda figures: figures[1]) if self.rounds else None


def servers(jina, backend_port):
    """{name: (command, port)}; Python ones are left out where they are not installed."""
    executors = ['--graph-description', json.dumps({'start-gateway': ['echo'], 'echo': ['end-gateway']}),
                 '--deployments-addresses', json.dumps({'echo': [f'127.0.0.1:{backend_port}']})]
    ports = [free_port() for _ in range(4)]
    found = {
        'built-in': ([jina, 'gateway', '--protocol', 'http', '--port', ports[0], *executors], ports[0]),
        'custom': ([jina, 'gateway', '--uses', 'RoutesGateway', '--modules', ROUTES / 'routes_gateway.cpp', '--protocol', 'http', '--port',
                    ports[1], *executors], ports[1]),
    }
    if (PYTHON.parent / 'uvicorn').exists():
        found['FastAPI'] = ([PYTHON, '-m', 'uvicorn', '--app-dir', ROUTES, '--port', ports[2], '--log-level', 'error', 'fastapi_app:app'], ports[2])
    if (PYTHON.parent / 'jina').exists():
        found['Jina'] = ([PYTHON.parent / 'jina', 'gateway', '--uses', 'RoutesGateway', '--py-modules', ROUTES / 'jina_gateway.py',
                          '--protocol', 'http', '--port', ports[3], *executors], ports[3])
    return found


def check(row, port):
    """The route does what is measured; raises when it does not."""
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=20)
    if row.body:
        connection.request('POST', '/post', '{"data": [{"text": "hello world"}], "execEndpoint": "/"}', {'content-type': 'application/json'})
    else:
        connection.request('GET', GET.format(row.path))
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    if response.status != 200 or 'hello world' not in text or not (row.body or json.loads(text)['top_k'] == 3):
        raise RuntimeError(f'{row.name}: {response.status} {text}')


def wrk(row, port, seconds):
    """-> (requests per second, requests)"""
    where = ['-s', HERE / 'post.lua', f'http://127.0.0.1:{port}'] if row.body else [f'http://127.0.0.1:{port}{GET.format(row.path)}']
    output = subprocess.run(['wrk', '-t1', '-c16', f'-d{seconds}s', *map(str, where)], capture_output=True, text=True, check=True).stdout
    if 'Non-2xx' in output or 'Socket errors' in output:
        raise RuntimeError(f'{row.name}: {output}')
    return float(re.search(r'Requests/sec:\s+([\d.]+)', output)[1]), int(re.search(r'(\d+) requests in', output)[1])


def measure(row, program, port, seconds):
    if not row.rounds:
        wrk(row, port, 1)
    before = program.cpu_seconds()
    rate, requests = wrk(row, port, seconds)
    row.rounds.append((rate, (program.cpu_seconds() - before) * 1e6 / requests))


def table(rows):
    post, own = rows[0].best[1], rows[2].best[1]
    lines = [f'{"":<50}{"requests/s":>12}{"CPU us":>10}{"ratio":>10}']
    for row in rows:
        rate, cpu = row.best
        ratio = cpu / (post if row.path in ('/post', '/call') else own)
        lines.append(f'{row.name:<50}{rate:>12,.0f}{cpu:>10.1f}{ratio:>8.2f} x')
    return '\n'.join(lines)


def targets(rows):
    """What this project promises of these rows, and whether this run shows it."""
    cpu = {row.name: row.best[1] for row in rows}
    own, call, post = (cpu[row.name] for row in (rows[2], rows[1], rows[0]))
    found = [('a route that calls one Executor: CPU at most 1.3 x that of /post', call <= 1.3 * post, f'{call / post:.2f} x'),
             ('a route that answers by itself: CPU at most 10 us', own <= 10, f'{own:.1f} us')]
    for name, figure in cpu.items():
        if name.startswith('FastAPI on uvicorn, async'):
            found.append(('a route that answers by itself: CPU at most 1/13 of FastAPI', own * 13 <= figure, f'1/{figure / own:.1f}'))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--jina', required=True, help='our program')
    parser.add_argument('--backend', required=True, help='the program bench_backend')
    parser.add_argument('--seconds', type=int, default=4, help='length of one measurement (default 4)')
    parser.add_argument('--rounds', type=int, default=2, help='rounds per route (default 2)')
    args = parser.parse_args()

    rows = [Row('POST /post of the built-in gateway', 'built-in', '/post', True), Row('custom route that calls one Executor', 'custom', '/call'),
            Row('custom route that answers by itself', 'custom', '/self'), Row('FastAPI on uvicorn, async, by itself', 'FastAPI', '/self'),
            Row('FastAPI on uvicorn, plain, by itself', 'FastAPI', '/plain'), Row('Jina FastAPIBaseGateway, calls one Executor', 'Jina', '/call'),
            Row('Jina FastAPIBaseGateway, by itself', 'Jina', '/self')]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        backend_port = free_port()
        started = [Program([args.backend, backend_port], folder / 'backend.log')]
        running = {}
        try:
            started[0].wait_ready(lambda: listening(backend_port))
            for name, (command, port) in servers(args.jina, backend_port).items():
                started.append(Program(command, folder / f'{name}.log'))
                started[-1].wait_ready(lambda: listening(port))
                running[name] = (started[-1], port)
            for row in rows:
                if row.server not in running:
                    print(f'{row.name}: not installed, left out', file=sys.stderr)
            rows = [row for row in rows if row.server in running]
            for row in rows:
                check(row, running[row.server][1])
            for round_number in range(args.rounds):
                for row in rows:
                    print(f'round {round_number + 1} of {args.rounds}: {row.name}', file=sys.stderr, flush=True)
                    measure(row, *running[row.server], args.seconds)
        finally:
            for program in reversed(started):
                program.stop()
    print(f'one short text per request, wrk with 16 connections; best of {args.rounds} rounds of {args.seconds} s; ratio = CPU per request '
          'over that of /post, or of the custom route that answers by itself')
    print(table(rows))
    for what, reached, figure in targets(rows):
        print(f'{"reached" if reached else "MISSED "}  {what}: {figure}')


if __name__ == '__main__':
    main()

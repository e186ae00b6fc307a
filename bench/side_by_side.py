#!/usr/bin/env python3
"""Measures this project's gateway beside real Jina's, nghttpx and Envoy: same Executor, same load, same run.

Every peer gets small unary gRPC calls (h2load, one Document with a short text) and, where it speaks HTTP, POST /post (wrk).
CPU is what the peer's processes used (user and system) divided by the requests it answered. Rounds are interleaved, so that a
slow minute of the machine hits all; each figure is that of the peer's best round.
"""
import argparse
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import grpc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from peers import Program, find_programs, free_port, listening  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SINGLE = '/jina.JinaSingleDataRequestRPC/process_single_data'
CONNECTIONS = 8


def small_request():
    """A DataRequestProto with one Document, 94 bytes: written by hand so that no library has a say in it."""
    def field(number, data):
        return bytes([number << 3 | 2, len(data)]) + data
    document = field(1, b'a8b7c6d5e4f30123456789abcdef0123') + field(4, b'hello world')
    header = field(1, b'0123456789abcdef0123456789abcdef') + field(3, b'/')
    return field(1, header) + field(4, field(1, field(1, document)))


def call_once(port):
    """One call through the peer; raises unless the Document comes back."""
    with grpc.insecure_channel(f'127.0.0.1:{port}') as channel:
        answer = channel.unary_unary(SINGLE)(small_request(), timeout=20, wait_for_ready=True)
    if b'hello world' not in answer:
        raise RuntimeError('the Document did not come back')


def h2load(port, streams, requests, body):
    """-> (requests per second)"""
    command = ['h2load', '-t1', f'-c{CONNECTIONS}', f'-m{streams}', f'-n{requests}', '-d', body, '-H', 'content-type: application/grpc',
               '-H', 'te: trailers', f'http://127.0.0.1:{port}{SINGLE}']
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    succeeded = int(re.search(r'(\d+) succeeded', output)[1])
    if succeeded != requests:
        raise RuntimeError(f'{requests - succeeded} of {requests} calls failed:\n{output}')
    return float(re.search(r'finished in [^,]+, ([\d.]+) req/s', output)[1])


def wrk(port, seconds):
    """-> (requests per second, requests)"""
    command = ['wrk', '-t1', '-c16', f'-d{seconds}s', '-s', str(HERE / 'post.lua'), f'http://127.0.0.1:{port}']
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if 'Non-2xx' in output or 'Socket errors' in output:
        raise RuntimeError(output)
    return float(re.search(r'Requests/sec:\s+([\d.]+)', output)[1]), int(re.search(r'(\d+) requests in', output)[1])


class Running:
    """One peer in front of the backend, with what was measured of it."""

    def __init__(self, peer, folder):
        self.peer = peer
        self.program = Program(peer.command, folder / f'{peer.name.replace(" ", "-")}.log')
        self.ready_s = self.program.wait_ready(lambda: all(listening(port) for port in {peer.grpc_port, peer.http_port or peer.grpc_port}))
        self.idle_mb = self.program.resident_mb()
        call_once(peer.grpc_port)
        self.grpc, self.http = [], []   # (requests/s, CPU us per request) per round

    def measure_grpc(self, seconds, body):
        if not self.grpc:
            self.rate = h2load(self.peer.grpc_port, self.peer.streams, CONNECTIONS * 50, body)  # warms up, and says how many to send
        requests = max(int(self.rate * seconds), 1000)
        before = self.program.cpu_seconds()
        self.rate = h2load(self.peer.grpc_port, self.peer.streams, requests, body)
        self.grpc.append((self.rate, (self.program.cpu_seconds() - before) * 1e6 / requests))
        call_once(self.peer.grpc_port)

    def measure_http(self, seconds):
        if not self.http:
            wrk(self.peer.http_port, 1)
        before = self.program.cpu_seconds()
        rate, requests = wrk(self.peer.http_port, seconds)
        self.http.append((rate, (self.program.cpu_seconds() - before) * 1e6 / requests))

    def best(self, rounds):
        return min(rounds, key=lambda figures: figures[1]) if rounds else None


def number(value, digits=0):
    return f'{value:,.{digits}f}'


def table(measured):
    """One row per peer; the ratios are this peer's CPU per request over our own."""
    base = next((peer for peer in measured if peer.peer.name == 'this project'), None)
    lines = [f'{"":<14}{"small unary gRPC":>34}{"HTTP POST /post":>36}{"idle":>9}{"ready":>9}',
             f'{"":<14}{"requests/s":>12}{"CPU us":>10}{"ratio":>12}{"requests/s":>14}{"CPU us":>10}{"ratio":>12}{"RSS MB":>9}{"ms":>9}']
    for peer in measured:
        cells = [f'{peer.peer.name:<14}']
        for kind, widths in (('grpc', (12, 10, 12)), ('http', (14, 10, 12))):
            figures = peer.best(getattr(peer, kind))
            own = base and base.best(getattr(base, kind))
            texts = ['-', '-', '-'] if figures is None else [number(figures[0]), number(figures[1], 1),
                                                             f'{figures[1] / own[1]:.2f} x' if own else '-']
            cells += [f'{text:>{width}}' for text, width in zip(texts, widths)]
        cells += [f'{peer.idle_mb:>9.1f}', f'{peer.ready_s * 1000:>9.0f}']
        lines.append(''.join(cells))
    return '\n'.join(lines)


def targets(measured):
    """What this project promises of these rows, and whether this run shows it."""
    by_name = {peer.peer.name: peer for peer in measured}
    own = by_name.get('this project')
    if own is None:
        return []
    found = []
    for name, kind, most in (('Jina 3.25.2', 'grpc', 1 / 50), ('Envoy', 'grpc', 1 / 2), ('Jina 3.25.2', 'http', 1 / 50)):
        if name in by_name:
            ratio = own.best(getattr(own, kind))[1] / by_name[name].best(getattr(by_name[name], kind))[1]
            found.append((f'{kind} CPU per request at most 1/{1 / most:.0f} of {name}', ratio <= most, f'1/{1 / ratio:.1f}'))
    found.append(('idle RSS at most 20 MB', own.idle_mb <= 20, f'{own.idle_mb:.1f} MB'))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--jina', help='our program; left out when it is not there')
    parser.add_argument('--backend', required=True, help='the program bench_backend')
    parser.add_argument('--seconds', type=int, default=5, help='length of one measurement (default 5)')
    parser.add_argument('--rounds', type=int, default=2, help='rounds per peer (default 2)')
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        message = small_request()
        body = folder / 'request.bin'
        body.write_bytes(struct.pack('>BI', 0, len(message)) + message)
        started = []
        backend_port = free_port()
        backend = Program([args.backend, backend_port], folder / 'backend.log')
        try:
            backend.wait_ready(lambda: listening(backend_port))
            for maker, program in find_programs(args.jina):
                started.append(Running(maker(program, backend_port, folder), folder))
            for round_number in range(args.rounds):
                for running in started:
                    print(f'round {round_number + 1} of {args.rounds}: {running.peer.name}', file=sys.stderr, flush=True)
                    running.measure_grpc(args.seconds, body)
                    if running.peer.http_port:
                        running.measure_http(args.seconds)
        finally:
            for program in [running.program for running in started] + [backend]:
                program.stop()
    print(f'one Executor that echoes; {len(message)} bytes per gRPC request; best of {args.rounds} rounds of {args.seconds} s; '
          'ratio = CPU per request over this project\'s')
    print(table(started))
    for what, reached, figure in targets(started):
        print(f'{"reached" if reached else "MISSED "}  {what}: {figure}')


if __name__ == '__main__':
    main()

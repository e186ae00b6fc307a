"""What a module costs: its first compilation against that of the two headers which no user of coroutines and JSON gets around, and
loading it from the cache against loading the shared object. In CPU time, so that a busy machine changes little."""
import pathlib
import re
import resource
import subprocess

import pytest

from gateways import EXAMPLES, ROOT
from support.ports import free_port
from support.processes import listening

pytestmark = pytest.mark.timeout(300)
DEFINITIONS = re.search(r'target_compile_definitions\(jina_asio INTERFACE ([^)]*)\)',
                        (ROOT / 'cmake' / 'JinaDependencies.cmake').read_text())[1].split()
BASE = '#include <boost/asio/awaitable.hpp>\n#include <boost/json.hpp>\n'


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compile_cost(source, folder):
    """As a module is compiled when it is loaded."""
    before = cpu_of_children()
    subprocess.run(['g++', '-std=c++20', '-O2', '-fPIC', '-shared', '-pthread', '-isystem', str(ROOT / 'include'),
                    *('-D' + name for name in DEFINITIONS), str(source), '-o', str(folder / 'module.so')], check=True, stdin=subprocess.DEVNULL)
    return cpu_of_children() - before


@pytest.mark.parametrize('source, limit', [(EXAMPLES / 'guide' / 'dummy_http_gateway.cpp', 2.2),
                                           (EXAMPLES / 'guide' / 'stream_docs_gateway.cpp', 3.0),
                                           (EXAMPLES / 'hello' / 'upper.cpp', 2.0)], ids=lambda value: getattr(value, 'stem', None))
def test_a_first_compilation_costs_little_more_than_its_base(tmp_path, source, limit):
    base = tmp_path / 'base.cpp'
    base.write_text(BASE)
    # The smaller of two: what else the machine does only adds.
    pairs = [(compile_cost(base, tmp_path), compile_cost(source, tmp_path)) for _ in range(2)]
    of_base, of_module = (min(costs) for costs in zip(*pairs))
    print(f'{source.stem}: {of_module:.2f} s, {of_module / of_base:.2f} x its base')
    assert of_module / of_base < limit


def cpu_of(pid):
    """Seconds that the main thread of a running process has used; it is the one that loads modules."""
    return int(pathlib.Path(f'/proc/{pid}/schedstat').read_text().split()[0]) / 1e9


def start_cost(world, module, environment):
    port = free_port()
    process = world.processes.start('gateway', [world.subject, 'gateway', '--uses', str(module), '--port', str(port), '--protocol', 'HTTP'],
                                    environment)
    try:
        process.wait_ready(lambda: listening(port), deadline_s=120)
        return cpu_of(process.pid)
    finally:
        world.processes.stop(process)


def test_a_cached_module_loads_in_less_than_50_ms_more_than_its_object(world, tmp_path):
    environment = {'XDG_CACHE_HOME': str(tmp_path)}
    source = EXAMPLES / 'guide' / 'dummy_http_gateway.cpp'
    start_cost(world, source, environment)
    (compiled,) = (tmp_path / 'jina' / 'modules').glob('*.so')
    cached, plain = (min(start_cost(world, module, environment) for _ in range(5)) for module in (source, compiled))
    print(f'cached .cpp {cached * 1000:.1f} ms, .so {plain * 1000:.1f} ms')
    assert cached - plain < 0.05


def test_a_cached_module_starts_no_compiler(world, tmp_path):
    called = tmp_path / 'called'
    wrapper = tmp_path / 'c++'
    wrapper.write_text(f'#!/bin/sh\necho "$@" >> {called}\nexec g++ "$@"\n')
    wrapper.chmod(0o755)
    environment = {'XDG_CACHE_HOME': str(tmp_path), 'CXX': str(wrapper)}
    for _ in range(2):
        start_cost(world, EXAMPLES / 'guide' / 'dummy_http_gateway.cpp', environment)
    assert len(called.read_text().splitlines()) == 1

"""Every Flow of samples/ under real Jina and under this project, asked the same, answers the same: with its Executors in Python as
they stand in the file, and with the same Executors in C++ (.py replaced by .cpp in a copy of the file).

What is asked stands in the comment at the end of each file; without `parameters`, `target_executor` and so on Jina's defaults hold."""
import pathlib
import re

import pytest
import yaml
from docarray import Document, DocumentArray
from google.protobuf.json_format import MessageToDict
from jina import Client

from support.compare import mismatches
from support.flows import start_flow
from support.ports import free_port
from support.processes import HERE as CONFORMANCE, healthy, jina_of_this_python
from support.http import answers

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = sorted((HERE / 'samples').glob('*.yml'))
# The classes of zoo.py, by the module that has them in C++.
MODULES = {'Zoo': 'zoo.cpp', 'Tag': 'tag.cpp', 'OnlyX': 'only_x.cpp'}


class Sample:
    def __init__(self, path):
        self.path, text = path, path.read_text()
        comment = text[re.search(r'^# (protocol|external|asks):', text, re.M).start():]
        notes = yaml.safe_load('\n'.join(line[2:] for line in comment.splitlines()))
        self.protocol, self.external, self.asks = notes.get('protocol', 'grpc'), notes.get('external'), notes['asks']

    def in_cpp(self, folder):
        """The same Flow beside a copy of its parts, its Executors in C++."""
        (folder / 'parts').mkdir(exist_ok=True)
        for source in [self.path, *(HERE / 'samples' / 'parts').glob('*.yml')]:
            text = source.read_text()
            relative = source.relative_to(HERE / 'samples')
            classes = sorted(set(re.findall('|'.join(rf'\b{name}\b' for name in MODULES), text)))
            modules = [str(CONFORMANCE / 'executors' / MODULES[name]) for name in classes]
            (folder / relative).write_text(re.sub(r'py_modules: [./\w]*zoo\.py', f'py_modules: [{", ".join(modules)}]', text))
        return folder / self.path.name


def start_real(world, flow, environment, protocol):
    """-> what waits until it is ready."""
    port = int(environment['GATEWAY_PORT'])
    process = world.processes.start('real-flow', [jina_of_this_python(), 'flow', '--uses', str(flow)], environment)
    return lambda: process.wait_ready(lambda: healthy(port) if protocol == 'grpc' else answers(port), deadline_s=120)


def ask(port, protocol, question):
    """The answers of one question as trees without what differs from run to run."""
    docs = DocumentArray(Document(id=f'd{i}', text=text, tags={'number': i, 'word': f'd{i}'}) for i, text in enumerate(question['texts']))
    found = []
    Client(host='127.0.0.1', port=port, protocol=protocol).post(
        question['on'], docs, parameters=question.get('parameters'), target_executor=question.get('target_executor'), on_always=found.append,
        request_size=question.get('request_size', 100), results_in_order=question.get('in_order', False), continue_on_error=True)
    return [plain(response) for response in found]


def plain(response):
    tree = MessageToDict(response.proto, preserving_proto_field_name=True)
    tree['header'].pop('request_id', None)
    status = tree['header'].get('status', {})
    status.get('exception', {}).pop('stacks', None)
    # Who was asked; branches are asked in no order. Whether and how it failed stands in the header.
    tree['routes'] = sorted(route['executor'] for route in tree.get('routes', []))
    return tree


def ask_all(port, sample):
    return [ask(port, sample.protocol, question) for question in sample.asks]


@pytest.mark.parametrize('path', SAMPLES, ids=lambda path: path.stem)
def test_a_flow_answers_here_as_under_jina(scoped, tmp_path, path):
    sample = Sample(path)
    common = {'SAMPLE_NAME': 'named', 'SAMPLE_SETS': 'text,tags', 'SAMPLE_WORKSPACE': str(tmp_path), 'JINA_LOG_LEVEL': 'ERROR'}
    if sample.external:
        common['EXTERNAL_PORT'] = str(scoped.executor(name='ext', uses=sample.external, modules=CONFORMANCE / 'zoo.py')[1])

    def environment():
        return {**common, 'GATEWAY_PORT': str(free_port())}

    def here(flow, folder):
        folder.mkdir(exist_ok=True)
        return start_flow(scoped, flow, folder, environment()).port()

    # Jina takes seconds to start; ours starts its Python meanwhile. All that speaks gRPC is on this thread: gRPC's event loops in
    # Python do not bear a second one beside them.
    real = environment()
    real_is_ready = start_real(scoped, path, real, sample.protocol)
    ours = here(path, tmp_path / 'python')
    real_is_ready()
    expected = ask_all(int(real['GATEWAY_PORT']), sample)
    python = ask_all(ours, sample)
    (tmp_path / 'cpp').mkdir()
    cpp = ask_all(here(sample.in_cpp(tmp_path / 'cpp'), tmp_path / 'cpp'), sample)
    for number, question in enumerate(sample.asks):
        assert not mismatches(expected[number], python[number]), f'{question}: with Executors in Python'
        assert not mismatches(expected[number], cpp[number]), f'{question}: with Executors in C++'

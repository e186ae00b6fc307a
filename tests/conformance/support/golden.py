"""The recordings in golden/: which cases there are, what was sent, what came back."""
import functools
import hashlib
import json
import pathlib

from support.wire import METHODS, data_request

FOLDER = pathlib.Path(__file__).resolve().parent.parent / 'golden'


@functools.lru_cache(maxsize=1)
def all_cases():
    return json.loads((FOLDER / 'index.json').read_text())['cases']


def name_of(case):
    return f'{case["section"]}/{case["id"]}'


def cases(section, protocol, without=()):
    return [case for case in all_cases() if case['section'] == section and case['protocol'] == protocol and case['id'] not in without]


def case_named(name):
    return next(case for case in all_cases() if name_of(case) == name)


def read(path):
    return (FOLDER / path).read_bytes()


def read_json(path):
    return json.loads((FOLDER / path).read_text())


def method_of(case):
    return METHODS[case['method']]


def requests_of(case):
    """The raw request messages; one case is described by a recipe instead of a file of a megabyte."""
    request = case['request']
    if 'recipe' in request:
        blob = bytes((7 * i + 3) & 255 for i in range(1 << 20))
        data = data_request('/echo', [{'id': 'big', 'blob': blob}]).SerializeToString(deterministic=True)
        assert hashlib.sha256(data).hexdigest() == request['sha256'], 'the recipe no longer gives the recorded bytes'
        return [data]
    return [read(path) for path in request.get('files', [])]

"""Compares trees, and applies the table of wanted differences."""
import copy
import fnmatch
import functools
import json
import math
import pathlib
import re
import tomllib

TABLE = pathlib.Path(__file__).resolve().parent.parent / 'differences.toml'


@functools.lru_cache(maxsize=1)
def differences():
    return tomllib.loads(TABLE.read_text()).get('difference', [])


def differences_of(name):
    return [item for item in differences() if any(fnmatch.fnmatchcase(name, pattern) for pattern in item['cases'])
            and not any(fnmatch.fnmatchcase(name, pattern) for pattern in item.get('except', []))]


class Matching:
    """Stands in an expected tree for any string that the expression describes in full."""

    def __init__(self, expression):
        self.expression = expression

    def __eq__(self, other):
        return isinstance(other, str) and re.fullmatch(self.expression, other, re.S) is not None

    def __repr__(self):
        return f'a text like {self.expression!r}'


ABSENT = object()


def wanted(value):
    if isinstance(value, dict) and set(value) == {'matches'}:
        return Matching(value['matches'])
    if isinstance(value, dict) and set(value) == {'json'}:
        return json.loads(value['json'])
    if isinstance(value, dict) and set(value) == {'absent'}:
        return ABSENT
    return value


def put(place, path, value, name):
    """Sets place[path] = value. A '*' goes through every entry of a list or a dict."""
    head, rest = path[0], path[1:]
    if head == '*':
        for key in range(len(place)) if isinstance(place, list) else list(place):
            put(place, [key, *rest], value, name)
        return
    if isinstance(place, list):
        head = int(head)
    if rest:
        if isinstance(place, dict) and head not in place:
            place[head] = {}
        put(place[head], rest, value, name)
    elif value is ABSENT:
        if isinstance(place, list):
            del place[head]
        else:
            place.pop(head, None)
    else:
        place[head] = value


def apply_differences(name, expected):
    """-> (what our program must answer, the entries that were used). Each entry must change something."""
    changed, used = copy.deepcopy(expected), differences_of(name)
    for item in used:
        before = copy.deepcopy(changed)
        for path, value in item['set'].items():
            put(changed, [part.replace('~1', '/') for part in path.split('/')], wanted(value), name)
        assert not same(before, changed), f'{name}: the difference "{item["reason"]}" is none: the recording already says so'
    return changed, used


def same(a, b):
    return not mismatches(a, b)


def mismatches(expected, actual, path=''):
    """-> lines "path: expected X, got Y"; an int and a float are different, two NaNs are the same."""
    if isinstance(expected, Matching):
        return [] if expected == actual else [f'{path}: expected {expected}, got {actual!r}']
    if isinstance(expected, dict) and isinstance(actual, dict):
        lines = []
        for key in sorted({*expected, *actual}, key=str):
            where = f'{path}/{key}'
            if key not in actual:
                lines.append(f'{where}: missing, expected {short(expected[key])}')
            elif key not in expected:
                lines.append(f'{where}: unexpected {short(actual[key])}')
            else:
                lines += mismatches(expected[key], actual[key], where)
        return lines
    if isinstance(expected, list) and isinstance(actual, list):
        lines = [] if len(expected) == len(actual) else [f'{path}: expected {len(expected)} entries, got {len(actual)}: {short(actual)}']
        for position, (a, b) in enumerate(zip(expected, actual)):
            lines += mismatches(a, b, f'{path}/{position}')
        return lines
    if type(expected) is type(actual):
        if expected == actual or (isinstance(expected, float) and math.isnan(expected) and math.isnan(actual)):
            return []
    return [f'{path}: expected {short(expected)}, got {short(actual)}']


def short(value):
    shown = repr(value)
    return shown if len(shown) < 600 else shown[:600] + '...'


def check(name, expected, actual, subject_is_real):
    """Fails the test unless `actual` is what was recorded, or, for our program, what the table says instead."""
    if not subject_is_real:
        expected, _ = apply_differences(name, expected)
    lines = mismatches(expected, actual)
    assert not lines, f'{name}:\n  ' + '\n  '.join(lines)

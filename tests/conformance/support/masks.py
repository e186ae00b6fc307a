"""What may differ between two runs is replaced by a word before they are compared."""
import re

from support.wire import message, tree

ADDRESS = re.compile(r'(127\.0\.0\.1|0\.0\.0\.0|localhost):\d+')
REQUEST_ID = re.compile(r'("(?:requestId|request_id)":")[0-9a-f]{32}(")')
TIME = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)"')
CREATED = re.compile(r',? ?created_time:"[^"]*"')
DEBUG_TEXT = re.compile(r'debug_error_string = ".*?"\n', re.S)  # in no fixed order
OBJECT_AT = re.compile(r' at 0x[0-9a-f]+')


def text(value):
    """Addresses, object ids and times inside an error text."""
    return OBJECT_AT.sub('', CREATED.sub('', DEBUG_TEXT.sub('', ADDRESS.sub(r'\1:<port>', value))))


def walk(value, visit):
    """Applies visit(key, value) bottom up to every entry of dicts and lists; strings are masked on the way."""
    if isinstance(value, dict):
        return {key: visit(key, walk(item, visit)) for key, item in value.items()}
    if isinstance(value, list):
        return [visit(None, walk(item, visit)) for item in value]
    return text(value) if isinstance(value, str) else value


def entry(volatile):
    """-> visit function for walk(): times, stack traces and, where told, request and document ids."""
    def visit(key, value):
        if value is None:
            return None
        if key in ('start_time', 'end_time', 'startTime', 'endTime'):
            return '<time>'
        if key == 'stacks':
            return '<stacks>'
        if key in ('request_id', 'requestId') and 'request id' in volatile:
            return '<id>'
        if key == 'id' and 'document id' in volatile:
            return '<id>'
        return value
    return visit


def volatile_names(case):
    """The index's words for what is volatile, in the few words of this module."""
    listed = case.get('volatile', [])
    names = set()
    if any(word.startswith(('header.request_id', 'header.requestId', 'request ids')) for word in listed):
        names.add('request id')
    if 'data[].id' in listed:
        names.add('document id')
    return names


def proto(type_name, data, volatile=()):
    """Raw bytes -> masked tree."""
    return without_stacks(walk(tree(message(type_name, data)), entry(volatile)))


def without_stacks(value):
    """A stack trace belongs to the program that made it, and C++ has none: presence is not compared either."""
    if isinstance(value, dict):
        return {key: without_stacks(item) for key, item in value.items() if not (key == 'stacks' and item == '<stacks>')}
    if isinstance(value, list):
        return [without_stacks(item) for item in value]
    return value


def json_value(value, volatile=()):
    return without_stacks(walk(value, entry(volatile)))


def json_text(value):
    """JSON as text with ids and times masked; everything else counts, spaces too."""
    return text(TIME.sub('"<time>"', REQUEST_ID.sub(r'\1<id>\2', value)))

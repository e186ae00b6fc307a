"""A recorded gRPC case: what it expects and what a server answers to it now."""
from support import golden, masks, upstream
from support.wire import INFO, call


def upstream_volatile(case):
    return {'request id', 'document id'} if case['id'] == 'dry_run' else ()


def mask_values(method, message):
    """_status: the names of the entries count, the values belong to the machine."""
    if method is INFO:
        return {part: dict.fromkeys(entries, '<value>') for part, entries in message.items()}
    return message


def in_one_form(case, messages, code, details, initial, trailing, upstream_calls):
    method, volatile = golden.method_of(case), masks.volatile_names(case)
    trees = [mask_values(method, masks.proto(method.response, data, volatile)) for data in messages]
    if 'order of responses' in case.get('volatile', []):
        trees.sort(key=lambda message: message.get('header', {}).get('request_id', ''))
    return {'messages': trees, 'code': code, 'details': masks.text(details), 'initial_metadata': initial, 'trailing_metadata': trailing,
            'upstream': upstream_calls}


def expected(case):
    response = case['response']
    messages = [golden.read(path) for path in response.get('files', [])]
    return in_one_form(case, messages, response['code'], response.get('details', ''), response.get('initial_metadata', []),
                       response.get('trailing_metadata', []), upstream.expected(case, upstream_volatile(case)))


def replay(case, port, spy=None):
    if spy:
        spy.forget()
    got = call(port, golden.method_of(case), golden.requests_of(case), case['request'].get('metadata'))
    seen = upstream.actual(spy, upstream_volatile(case)) if spy else []
    return in_one_form(case, got.messages, got.code, got.details, got.initial_metadata, got.trailing_metadata, seen)

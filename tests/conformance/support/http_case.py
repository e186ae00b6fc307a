"""A recorded HTTP case: what it expects and what a server answers to it now."""
import http.client
import json

from support import golden, masks, upstream

# Headers that say something; the rest (date, connection) is the server's own business.
COMPARED = ('content-type', 'allow', 'location', 'vary', 'server', 'access-control-allow-origin', 'access-control-allow-methods',
            'access-control-allow-headers', 'access-control-allow-credentials', 'access-control-max-age', 'access-control-expose-headers')
UPSTREAM_IS_NOISE = {'post_huge_int_tensor'}  # real Jina sends the address of a Python object as the tensor's content
MADE_UP = {'request id'}  # over HTTP the gateway makes the request id


def volatile_of(case):
    return masks.volatile_names(case) | MADE_UP


def in_one_form(case, status, headers, body, exact, upstream_calls):
    """`exact`: compare the text of a JSON body too, number formats and spaces included."""
    result = {'status': status, 'headers': {name: masks.text(value) for name, value in headers.items() if name in COMPARED},
              'upstream': upstream_calls}
    try:
        value = json.loads(body)
    except ValueError:
        result['text'] = masks.text(body)
        return result
    if case['id'] == 'status':
        value = {part: dict.fromkeys(entries, '<value>') for part, entries in value.items()}
    result['json'] = masks.json_value(value, volatile_of(case))
    if exact:
        result['text'] = masks.json_text(body)
    return result


def expected(case):
    recorded = golden.read_json(case['files'][0])['response']
    exact = 'body' in recorded and 'body_text' in recorded
    body = recorded['body_text'] if 'body_text' in recorded else json.dumps(recorded['body'])
    seen = [] if case['id'] in UPSTREAM_IS_NOISE else upstream.expected(case, volatile_of(case))
    return in_one_form(case, recorded['status'], recorded['headers'], body, exact, seen)


def replay(case, port, spy=None):
    recorded = golden.read_json(case['files'][0])
    request = recorded['request']
    exact = 'body' in recorded['response'] and 'body_text' in recorded['response']
    if spy:
        spy.forget()
    body = body_of(case, request)
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
    try:
        connection.request(request['method'], request['path'], body, request['headers'])
        response = connection.getresponse()
        text = response.read().decode('utf-8', 'surrogateescape')
        headers = {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()
    seen = upstream.first(spy, volatile_of(case)) if spy and case['id'] not in UPSTREAM_IS_NOISE else []
    return in_one_form(case, response.status, headers, text, exact, seen)


def body_of(case, request):
    if case['id'] == 'post_bad_utf8':  # the recording holds a replacement character where the bad byte was
        return request['body_text'].encode().replace('\ufffd'.encode(), b'\xff')
    if 'body_text' in request:
        return request['body_text'].encode()
    return json.dumps(request['body']).encode() if 'body' in request else None

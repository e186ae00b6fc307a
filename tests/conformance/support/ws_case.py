"""A recorded WebSocket case: what it expects and what a server answers to it now."""
import asyncio
import base64
import json

import websockets

from support import golden, masks, upstream

SEVERAL_REQUESTS = {'json_two', 'bytes_two'}
PACED = {'json_two'}  # recorded with a pause between its requests: the next goes out when the answer is there


def is_bytes(case):
    return case.get('subprotocol') == 'bytes'


def upstream_volatile(case):
    return () if is_bytes(case) and case['id'] != 'dry_run_bytes' else {'request id'}


def upstream_expected(case):
    calls = upstream.expected(case, upstream_volatile(case))
    if case['id'] in SEVERAL_REQUESTS:  # the recording counts all calls as tries of the first
        calls[0]['tries'] = 1
    return calls


def binary(case_path, data):
    return {'message': masks.proto('jina.DataRequestProto' if case_path == '/' else 'jina.StatusProto', data)}


def text(value, with_text):
    shown = {'json': masks.json_value(json.loads(value) if isinstance(value, str) else value, {'request id'})}
    if with_text and isinstance(value, str):
        shown['text'] = masks.json_text(value)
    return shown


def expected(case):
    recorded = golden.read_json(case['files'][0])
    handshake, frames = recorded['handshake'], []
    for frame in recorded['frames']:
        if frame['dir'] != 'recv':
            continue
        if frame['type'] == 'binary':
            frames.append(binary(recorded['request']['path'], base64.b64decode(frame['base64'])))
        else:
            frames.append(text(frame.get('text', frame.get('json')), True))
    close = case.get('close')
    if close:
        close = {'by': close['by'], 'code': close['code'], 'reason': masks.text(close.get('reason', ''))}
    headers = {'server': handshake['response_headers']['server']} if handshake['handshake_status'] == 101 else {}
    return {'handshake': handshake['handshake_status'], 'headers': headers, 'frames': frames, 'close': close,
            'upstream': upstream_expected(case)}


def with_text(case):
    """For each answer: was its exact text recorded (it was not where a stack trace had to be hidden)?"""
    frames = [frame for frame in golden.read_json(case['files'][0])['frames'] if frame['dir'] == 'recv']
    return [frame.get('text') is not None for frame in frames]


async def converse(case, port):
    recorded = golden.read_json(case['files'][0])
    request, exact = recorded['request'], with_text(case)
    outgoing = [base64.b64decode(frame['base64']) if frame['type'] == 'binary' else frame['text']
                for frame in recorded['frames'] if frame['dir'] == 'send']
    result = {'handshake': 101, 'headers': {}, 'frames': [], 'close': None}
    try:
        connection = await websockets.connect(f'ws://127.0.0.1:{port}{request["path"]}', subprotocols=request['subprotocols'] or None,
                                              max_size=None, compression=None)
    except websockets.InvalidStatusCode as error:
        return {**result, 'handshake': error.status_code}
    result['headers'] = {name: connection.response_headers[name] for name in ('server', 'sec-websocket-protocol')
                         if name in connection.response_headers}

    async def receive():
        frame = await asyncio.wait_for(connection.recv(), 15)
        position = len(result['frames'])
        if isinstance(frame, bytes):
            result['frames'].append(binary(request['path'], frame))
        else:
            result['frames'].append(text(frame, position < len(exact) and exact[position]))

    try:
        for frame in outgoing:
            await connection.send(frame)
            if case['id'] in PACED:
                await receive()
        stays_open = case.get('close', {}).get('by') == 'client'
        while not stays_open or len(result['frames']) < len(exact):
            await receive()
        await asyncio.wait_for(await connection.ping(), 5)  # still open, and nothing more was under way
        await connection.close()
        result['close'] = {'by': 'client', 'code': 1000, 'reason': ''}
    except websockets.ConnectionClosed as closed:
        code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, '')
        result['close'] = {'by': 'server', 'code': code, 'reason': masks.text(reason)}
    return result


def replay(case, port, spy=None):
    if spy:
        spy.forget()
    result = asyncio.run(converse(case, port))
    result['upstream'] = upstream.first(spy, upstream_volatile(case)) if spy else []
    return result

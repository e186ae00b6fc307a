"""What real Jina's Client was recorded to send, byte for byte, at the subject's gateway."""
import base64
import http.client
import json

import pytest
import websockets.sync.client

from support import golden
from support.wire import METHODS, call, message

PROTOCOLS = ('grpc', 'http', 'websocket')


@pytest.fixture(scope='module')
def gateway(world, python_zoo):
    with world.scope():
        yield world.gateway({'zoo': python_zoo}, PROTOCOLS, one_port=not world.subject_is_real, timeout_send='20000')


def texts(answers):
    return [document.text for data in answers for document in message('jina.DataRequestProto', data).data.docs.docs]


@pytest.mark.parametrize('mode', ['stream', 'unary', 'ordered', 'ready'])
def test_grpc(gateway, mode):
    answered = []
    for recorded in golden.read_json(f'client/client_grpc_{mode}.json'):
        metadata = [tuple(pair) for pair in recorded['metadata'] if pair[0] != 'user-agent']
        got = call(gateway.port['grpc'], METHODS[recorded['method']], [base64.b64decode(data) for data in recorded['requests_base64']], metadata)
        assert got.code == recorded['code']
        answered += got.messages
    if mode == 'ready':
        assert answered == [b'']
    elif mode == 'ordered':
        assert texts(answered) == ['HELLO', 'TWO']
    else:
        assert sorted(texts(answered)) == ['HELLO', 'TWO']


def test_http(gateway):
    answered = []
    for recorded in golden.read_json('client/client_http.json'):
        connection = http.client.HTTPConnection('127.0.0.1', gateway.port['http'], timeout=10)
        headers = {name: value for name, value in recorded['headers'].items() if value != '<volatile>' and name != 'Host'}
        body = json.dumps(recorded['body']).encode() if 'body' in recorded else None
        connection.request(recorded['method'], recorded['path'], body, headers)
        response = connection.getresponse()
        assert response.status == 200, recorded['path']
        document = json.loads(response.read())
        connection.close()
        if recorded['path'] == '/openapi.json':
            assert 'post' in document['paths']['/post']
        else:
            answered += [item['text'] for item in document['data']]
    assert answered == ['HELLO', 'TWO']


def test_websocket(gateway):
    recorded, = golden.read_json('client/client_ws.json')
    handshake, = recorded['handshake']
    answered = []
    with websockets.sync.client.connect(f'ws://127.0.0.1:{gateway.port["websocket"]}{handshake["path"]}',
                                        subprotocols=[handshake['headers']['Sec-WebSocket-Protocol']], compression=None) as connection:
        for frame in recorded['frames']:
            if frame['opcode'] == 'binary':
                connection.send(base64.b64decode(frame['payload_base64']))
        for answer in connection:  # ends when the server closes with 1000
            answered.append(answer)
    assert sorted(texts(answered)) == ['HELLO', 'TWO']


def test_every_recorded_case_is_replayed():
    replayed = {f'client_grpc_{mode}' for mode in ('stream', 'unary', 'ordered', 'ready')} | {'client_http', 'client_ws', 'ping'}
    assert {case['id'] for case in golden.all_cases() if case['section'] == 'client'} == replayed

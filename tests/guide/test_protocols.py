"""Custom gateways that speak Jina's protocols: real Jina's client does not notice; routes of their own are there as well."""
import pytest
from jina import Client, Document, DocumentArray

from gateways import MODULES, start

MODULE = MODULES / 'protocols.cpp'


def texts(port, protocol, count=3):
    client = Client(host='127.0.0.1', port=port, protocol=protocol)
    docs = client.post('/upper', DocumentArray([Document(text=f'text {i}') for i in range(count)]), request_size=1)
    return sorted(doc.text for doc in docs)


EXPECTED = ['TEXT 0', 'TEXT 1', 'TEXT 2']


@pytest.fixture(scope='module')
def everything(world, upper):
    with world.scope():
        yield start(world, 'Everything', {'upper': upper}, modules=[MODULE], protocol=['GRPC', 'HTTP', 'WEBSOCKET'])


@pytest.mark.parametrize('protocol', ['grpc', 'http', 'websocket'])
def test_all_protocols_beside_routes_on_one_port(everything, protocol):
    assert texts(everything.port, protocol) == EXPECTED


def test_routes_of_its_own_come_first(everything):
    assert everything.ask('/hello').json == {'hello': 'from a route of its own'}
    assert everything.ask('/status').json == {'status': 'mine'}
    assert everything.ask('/dry_run').json['code'] == 0


def test_one_description_of_both(everything):
    paths = everything.ask('/openapi.json').json['paths']
    assert {'/hello', '/post', '/search', '/dry_run'} <= set(paths)


def test_protocols_are_off_unless_switched_on(scoped, upper):
    gateway = start(scoped, 'Shop', {'upper': upper}, modules=[MODULES / 'shop.cpp'])
    assert gateway.ask('/post', method='POST', body={'data': []}).status == 404


@pytest.mark.parametrize('uses, protocol', [('MyGrpc', 'grpc'), ('MyHttp', 'http'), ('MyWebSocket', 'websocket'), ('MyComposite', 'http')])
def test_built_in_classes_are_bases(scoped, upper, uses, protocol):
    gateway = start(scoped, uses, {'upper': upper}, modules=[MODULE], protocol=[protocol.upper()])
    assert texts(gateway.port, protocol) == EXPECTED
    assert gateway.ask('/hello').json == {'hello': 'from a route of its own'}


@pytest.mark.parametrize('uses, protocol', [('GRPCGateway', 'grpc'), ('HTTPGateway', 'http'), ('WebSocketGateway', 'websocket'),
                                            ('CompositeGateway', 'http')])
def test_built_in_classes_by_name(scoped, upper, uses, protocol):
    from support.processes import healthy
    ready = healthy if protocol == 'grpc' else None
    gateway = start(scoped, uses, {'upper': upper}, protocol=[protocol.upper()], ready=ready)
    assert texts(gateway.port, protocol) == EXPECTED

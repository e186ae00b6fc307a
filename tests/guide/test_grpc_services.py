"""gRPC services of the user's own on a GRPCGateway, asked by grpcio. The client knows the messages from the gateway's reflection."""
import shutil
import subprocess

import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from jina import Client, Document

from gateways import MODULES, start
from support.processes import healthy
from support.ports import ClosedPort


def start_greeter(world, folder, executors):
    for name in ('greeter.cpp', 'greeter.proto'):
        shutil.copy(MODULES / 'greeter' / name, folder)
    subprocess.run(['protoc', f'--cpp_out={folder}', '-I', folder, 'greeter.proto'], check=True)
    return start(world, 'Greeter', executors, modules=[folder / 'greeter.cpp'], protocol=['GRPC'], ready=healthy,
                 compile_flags=f'-I{folder}', packages='protobuf')


KINDS = {'Hello': 'unary_unary', 'Count': 'unary_stream', 'Sum': 'stream_unary', 'Shout': 'stream_stream'}


class Stub:
    """`stub.Hello(messages)`: what a generated stub does, made from reflection."""

    def __init__(self, channel):
        self.database = ProtoReflectionDescriptorDatabase(channel)
        self.pool = DescriptorPool(self.database)
        self.channel = channel

    def message(self, name, /, **fields):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))(**fields)

    def __getattr__(self, name):
        method = self.pool.FindServiceByName('demo.Greeter').FindMethodByName(name)
        return getattr(self.channel, KINDS[name])(
            f'/demo.Greeter/{name}', request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=message_factory.GetMessageClass(method.output_type).FromString)


@pytest.fixture(scope='module')
def gateway(world, upper, tmp_path_factory):
    with world.scope():
        yield start_greeter(world, tmp_path_factory.mktemp('greeter'), {'upper': upper})


@pytest.fixture
def channel(gateway):
    with grpc.insecure_channel(f'127.0.0.1:{gateway.port}') as channel:
        yield channel


@pytest.fixture
def stub(channel):
    return Stub(channel)


def test_unary_with_metadata_both_ways(stub):
    request = stub.message('demo.HelloRequest', name='Ada')
    answer, call = stub.Hello.with_call(request, metadata=[('x-language', 'de')], timeout=10)
    assert answer.text == 'Hallo Ada'
    assert ('x-greeted', 'Ada') in call.initial_metadata()
    assert ('x-done', 'yes') in call.trailing_metadata()


def test_streams(stub):
    numbers = list(stub.Count(stub.message('demo.CountRequest', upto=1000), timeout=10))
    assert [number.value for number in numbers] == list(range(1, 1001))
    assert stub.Sum(iter(numbers), timeout=10).value == 500500


def test_both_ways_through_the_flow(stub):
    names = [stub.message('demo.HelloRequest', name=name) for name in ('ada', 'grace')]
    assert [answer.text for answer in stub.Shout(iter(names), timeout=10)] == ['ADA', 'GRACE']


def test_raw_bytes(channel):
    assert channel.unary_unary('/demo.Raw/Echo')(b'\x00\xff', timeout=10) == b'\x00\xff'


def failure(call):
    with pytest.raises(grpc.RpcError) as raised:
        call()
    return raised.value


def test_a_status_of_its_own(stub):
    error = failure(lambda: stub.Hello(stub.message('demo.HelloRequest'), timeout=10))
    assert (error.code(), error.details()) == (grpc.StatusCode.INVALID_ARGUMENT, 'say your name')


def test_any_other_exception_shows_an_id_only(gateway, stub):
    error = failure(lambda: stub.Hello(stub.message('demo.HelloRequest', name='nobody'), timeout=10))
    assert error.code() == grpc.StatusCode.INTERNAL
    assert 'secret' not in error.details()
    identifier = error.details().split()[2].rstrip(':')
    [line] = [line for line in gateway.process.log().splitlines() if identifier in line]
    assert '/demo.Greeter/Hello' in line and 'std::runtime_error: a secret' in line


def test_a_malformed_message_names_the_type(channel):
    error = failure(lambda: channel.unary_unary('/demo.Greeter/Hello')(b'\xff\xff', timeout=10))
    assert (error.code(), error.details()) == (grpc.StatusCode.INVALID_ARGUMENT, 'the request is no demo.HelloRequest (2 bytes)')


def test_reflection_lists_them_beside_jinas(stub):
    services = list(stub.database.get_services())
    assert {'demo.Greeter', 'demo.Raw', 'jina.JinaRPC', 'jina.JinaSingleDataRequestRPC'} <= set(services)
    assert stub.pool.FindServiceByName('demo.Greeter').file.name == 'greeter.proto'


def test_health_by_service(channel):
    health = health_pb2_grpc.HealthStub(channel)
    for service in ('', 'demo.Greeter', 'demo.Raw', 'jina.JinaRPC'):
        assert health.Check(health_pb2.HealthCheckRequest(service=service), timeout=10).status == health_pb2.HealthCheckResponse.SERVING
    error = failure(lambda: health.Check(health_pb2.HealthCheckRequest(service='demo.Nobody'), timeout=10))
    assert error.code() == grpc.StatusCode.NOT_FOUND


def test_jinas_own_services_are_there(gateway):
    docs = Client(host='127.0.0.1', port=gateway.port).post('/upper', Document(text='jina'))
    assert docs[0].text == 'JINA'


def test_a_deadline_reaches_the_handler(stub):
    error = failure(lambda: list(stub.Shout(iter(lambda: stub.message('demo.HelloRequest', name='x'), None), timeout=0.3)))
    assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED


def test_an_executor_that_is_not_there_is_unavailable(scoped, tmp_path):
    closed = ClosedPort()
    try:
        gateway = start_greeter(scoped, tmp_path, {'upper': closed.port})
        with grpc.insecure_channel(f'127.0.0.1:{gateway.port}') as channel:
            stub = Stub(channel)
            error = failure(lambda: list(stub.Shout(iter([stub.message('demo.HelloRequest', name='x')]), timeout=20)))
        assert error.code() == grpc.StatusCode.UNAVAILABLE
        assert 'upper' in error.details() and str(closed.port) in error.details()
    finally:
        closed.close()

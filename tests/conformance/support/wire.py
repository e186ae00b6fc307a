"""Jina's gRPC methods as raw bytes, and protobuf messages as plain trees that compare well."""
import dataclasses

import grpc
from google.protobuf import descriptor_pool, empty_pb2, message_factory, unknown_fields  # noqa: F401
from google.protobuf.descriptor import FieldDescriptor
from grpc_health.v1 import health_pb2  # noqa: F401  registers its messages
from grpc_reflection.v1alpha import reflection_pb2  # noqa: F401
from jina.proto import jina_pb2  # noqa: F401

CHANNEL_OPTIONS = [('grpc.max_receive_message_length', -1), ('grpc.max_send_message_length', -1), ('grpc.use_local_subchannel_pool', 1)]


@dataclasses.dataclass(frozen=True)
class Method:
    path: str
    request: str
    response: str
    kind: str  # 'unary', 'server-stream', 'bidi-stream'


SINGLE = Method('/jina.JinaSingleDataRequestRPC/process_single_data', 'jina.DataRequestProto', 'jina.DataRequestProto', 'unary')
DATA = Method('/jina.JinaDataRequestRPC/process_data', 'jina.DataRequestListProto', 'jina.DataRequestProto', 'unary')
CALL = Method('/jina.JinaRPC/Call', 'jina.DataRequestProto', 'jina.DataRequestProto', 'bidi-stream')
STREAM_DOC = Method('/jina.JinaSingleDocumentRequestRPC/stream_doc', 'jina.SingleDocumentRequestProto', 'jina.SingleDocumentRequestProto',
                    'server-stream')
DISCOVERY = Method('/jina.JinaDiscoverEndpointsRPC/endpoint_discovery', 'google.protobuf.Empty', 'jina.EndpointsProto', 'unary')
DRY_RUN = Method('/jina.JinaGatewayDryRunRPC/dry_run', 'google.protobuf.Empty', 'jina.StatusProto', 'unary')
INFO = Method('/jina.JinaInfoRPC/_status', 'google.protobuf.Empty', 'jina.JinaInfoProto', 'unary')
HEALTH = Method('/grpc.health.v1.Health/Check', 'grpc.health.v1.HealthCheckRequest', 'grpc.health.v1.HealthCheckResponse', 'unary')
REFLECTION = Method('/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo', 'grpc.reflection.v1alpha.ServerReflectionRequest',
                    'grpc.reflection.v1alpha.ServerReflectionResponse', 'bidi-stream')
METHODS = {method.path: method for method in (SINGLE, DATA, CALL, STREAM_DOC, DISCOVERY, DRY_RUN, INFO, HEALTH, REFLECTION)}


def message(type_name, data=b''):
    descriptor = descriptor_pool.Default().FindMessageTypeByName(type_name)
    parsed = message_factory.GetMessageClass(descriptor)()
    parsed.ParseFromString(data)
    return parsed


def same_bytes(data):
    return data


@dataclasses.dataclass
class Outcome:
    messages: list
    code: str
    details: str
    initial_metadata: list
    trailing_metadata: list


def call(port, method, requests, metadata=None, timeout_s=30):
    """Makes the call with these raw request bytes and returns everything that came back."""
    answers = []
    with grpc.insecure_channel(f'127.0.0.1:{port}', CHANNEL_OPTIONS) as channel:
        try:
            if method.kind == 'unary':
                running = channel.unary_unary(method.path, same_bytes, same_bytes).future(requests[0], timeout=timeout_s, metadata=metadata)
                answers.append(running.result())
            elif method.kind == 'server-stream':
                running = channel.unary_stream(method.path, same_bytes, same_bytes)(requests[0], timeout=timeout_s, metadata=metadata)
                answers.extend(running)
            else:
                running = channel.stream_stream(method.path, same_bytes, same_bytes)(iter(requests), timeout=timeout_s, metadata=metadata)
                for answer in running:
                    answers.append(answer)
        except grpc.RpcError:
            pass
        return Outcome(answers, running.code().name, running.details() or '', pairs(running.initial_metadata()),
                       pairs(running.trailing_metadata()))


def pairs(metadata):
    return [[key, value] for key, value in metadata or ()]


def tree(parsed):
    """A message as dicts, lists and scalars: only what is present, unknown fields under their numbers."""
    result = {}
    for field, value in parsed.ListFields():
        result[field.name] = field_tree(field, value)
    for unknown in unknown_fields.UnknownFieldSet(parsed):
        result.setdefault(f'#{unknown.field_number}', []).append(unknown.data)
    return result


def field_tree(field, value):
    if field.message_type and field.message_type.GetOptions().map_entry:
        entry = field.message_type.fields_by_name['value']
        return {key: tree(item) if entry.type == FieldDescriptor.TYPE_MESSAGE else item for key, item in value.items()}
    if field.label == FieldDescriptor.LABEL_REPEATED:
        return [tree(item) if field.type == FieldDescriptor.TYPE_MESSAGE else item for item in value]
    return tree(value) if field.type == FieldDescriptor.TYPE_MESSAGE else value


def data_request(endpoint='/echo', documents=(), request_id='req-1', target=None, parameters=None):
    """A DataRequestProto of documents given as {field: value}."""
    request = jina_pb2.DataRequestProto()
    if request_id is not None:
        request.header.request_id = request_id
    if endpoint is not None:
        request.header.exec_endpoint = endpoint
    if target is not None:
        request.header.target_executor = target
    if parameters is not None:
        request.parameters.update(parameters)
    for fields in documents:
        document = request.data.docs.docs.add()
        for name, value in fields.items():
            setattr(document, name, value)
    return request

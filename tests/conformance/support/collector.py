"""A collector of OpenTelemetry spans: OTLP over gRPC and HTTP, decoded with the official messages."""
import gzip
import http.server
import threading
import time
from concurrent import futures

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc


def value_of(any_value):
    return getattr(any_value, any_value.WhichOneof('value'))


def attributes_of(message):
    return {pair.key: value_of(pair.value) for pair in message.attributes}


class Span:
    """One span with the names of where it came from."""

    def __init__(self, resource, scope, span):
        self.resource, self.scope, self.name = resource, scope, span.name
        self.service = resource.get('service.name')
        self.kind = span.SpanKind.Name(span.kind).removeprefix('SPAN_KIND_')
        self.trace_id, self.id, self.parent_id = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
        self.attributes, self.trace_state = attributes_of(span), span.trace_state
        self.error = span.status.message if span.status.code == span.status.STATUS_CODE_ERROR else None
        self.events = [(event.name, attributes_of(event)) for event in span.events]
        self.start, self.end = span.start_time_unix_nano, span.end_time_unix_nano

    def __repr__(self):
        return f'<{self.service}: {self.name} {self.kind} {self.trace_id[:6]} {self.id} below {self.parent_id or "nothing"}>'


class Collector:
    """Keeps the spans that it got. `refusals`: how many exports are answered UNAVAILABLE (503) first."""

    def __init__(self, refusals=0):
        self._changed, self._spans, self.refusals = threading.Condition(), [], refusals
        self.requests, self.headers, self.encodings = 0, [], []
        collector = self

        class Service(trace_service_pb2_grpc.TraceServiceServicer):
            def Export(self, request, context):
                if not collector.take(request, dict(context.invocation_metadata()), None):
                    context.abort(grpc.StatusCode.UNAVAILABLE, 'not now')
                return trace_service_pb2.ExportTraceServiceResponse()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                body = self.rfile.read(int(self.headers['content-length']))
                encoding = self.headers['content-encoding']
                if encoding == 'gzip':
                    body = gzip.decompress(body)
                known = self.path == '/v1/traces' and self.headers['content-type'] == 'application/x-protobuf'
                request = trace_service_pb2.ExportTraceServiceRequest.FromString(body)
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = 404 if not known else 200 if collector.take(request, headers, encoding) else 503
                self.send_response(status)
                self.send_header('content-length', '0')
                self.end_headers()

            def log_message(self, *_):
                pass

        self._grpc = grpc.server(futures.ThreadPoolExecutor(2))
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Service(), self._grpc)
        self.grpc_port = self._grpc.add_insecure_port('127.0.0.1:0')
        self._grpc.start()
        self._http = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.http_port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self._grpc.stop(0)
        self._http.shutdown()
        self._http.server_close()

    def take(self, request, headers, encoding):
        with self._changed:
            self.requests += 1
            self.headers.append(headers)
            self.encodings.append(encoding)
            if self.refusals > 0:
                self.refusals -= 1
                return False
            for resource_spans in request.resource_spans:
                resource = attributes_of(resource_spans.resource)
                for scope_spans in resource_spans.scope_spans:
                    self._spans += [Span(resource, scope_spans.scope.name, span) for span in scope_spans.spans]
            self._changed.notify_all()
            return True

    def spans(self, trace_id=None):
        with self._changed:
            return [span for span in self._spans if trace_id in (None, span.trace_id)]

    def wait_for(self, enough, trace_id=None, limit_s=20):
        """Waits until `enough(spans)` of the trace is true; returns them."""
        end = time.monotonic() + limit_s
        with self._changed:
            while True:
                found = [span for span in self._spans if trace_id in (None, span.trace_id)]
                if enough(found):
                    return found
                left = end - time.monotonic()
                assert left > 0, f'after {limit_s} s there is only {found or self._spans}'
                self._changed.wait(left)

"""A gRPC proxy between gateway and Executor: passes everything on, remembers what it saw, and fails on demand.

A request whose bytes contain "/code/N" is answered with gRPC status N instead of being passed on.
"""
import re
import threading
from concurrent import futures

import grpc

from support.wire import CHANNEL_OPTIONS, METHODS, pairs, same_bytes

CODE = re.compile(rb'/code/(\d+)')
STATUS = {code.value[0]: code for code in grpc.StatusCode}


class Seen:
    """One call as it came in."""

    def __init__(self, method, metadata):
        self.method, self.metadata = method, metadata
        self.timeout_s, self.requests, self.code = None, [], None


class Spy(grpc.GenericRpcHandler):
    def __init__(self, target_port):
        self._channel = grpc.insecure_channel(f'127.0.0.1:{target_port}', CHANNEL_OPTIONS)
        self._calls, self._lock = [], threading.Lock()
        self._server = grpc.server(futures.ThreadPoolExecutor(32), options=CHANNEL_OPTIONS[:2])
        self._server.add_generic_rpc_handlers([self])
        self.port = self._server.add_insecure_port('127.0.0.1:0')
        self._server.start()

    def close(self):
        self._server.stop(0).wait()
        self._channel.close()

    def forget(self):
        with self._lock:
            self._calls = []

    def seen(self):
        with self._lock:
            return list(self._calls)

    def service(self, details):
        call = Seen(details.method, [pair for pair in pairs(details.invocation_metadata) if pair[0] != 'user-agent'])
        with self._lock:
            self._calls.append(call)
        method = METHODS.get(details.method)
        single_request = method is not None and method.kind != 'bidi-stream'

        def handle(requests, context):
            left = context.time_remaining()
            call.timeout_s = None if left is None or left > 1e6 else left
            first = next(requests, None)
            if first is not None:
                call.requests.append(first)
            wanted = CODE.search(first or b'')
            if wanted:
                call.code = STATUS[int(wanted[1])].name
                context.abort(STATUS[int(wanted[1])], 'fake details')

            def pass_on():
                if first is not None:
                    yield first
                if single_request:
                    return
                for request in requests:
                    call.requests.append(request)
                    yield request

            upstream = self._channel.stream_stream(details.method, same_bytes, same_bytes)(pass_on(), metadata=call.metadata)
            context.add_callback(upstream.cancel)  # the caller is gone: so is the call behind
            try:
                yield from upstream
                call.code = upstream.code().name
                context.set_trailing_metadata(upstream.trailing_metadata() or ())
            except grpc.RpcError as error:
                call.code = error.code().name
                context.abort(error.code(), error.details())

        return grpc.stream_stream_rpc_method_handler(handle, same_bytes, same_bytes)

// Spans of gRPC calls, as Jina has them: named by the full method, with OpenTelemetry's rpc.* attributes.
//
// Thread: the call's. Lifetime: free functions. Cancellation: none.
#pragma once
#include <string_view>

#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/tracing.hpp"

namespace jina::telemetry {

/// Of a call that arrived; under the client's span, when it named one. Empty for health checks, which would only be noise.
Span start_server_span(const Tracer& tracer, std::string_view path, const RequestContext& context);
/// Of a call that is made.
Span start_client_span(const Tracer& tracer, std::string_view path, const TraceContext& parent);
/// With the call's status. A server's span is an error only where the server is to blame.
void end_rpc_span(Span& span, SpanKind kind, const Status& status);

/// net.peer.ip and net.peer.port of "127.0.0.1:5000".
void set_peer(Span& span, std::string_view peer);

}  // namespace jina::telemetry

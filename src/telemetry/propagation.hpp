// W3C Trace Context in header fields and gRPC metadata.
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include "jina/request_context.hpp"
#include "jina/tracing.hpp"

namespace jina::telemetry {

/// What the peer sent; not valid when it sent nothing, or nothing that can be understood.
TraceContext extract(const Metadata& metadata);
/// Adds the fields; nothing for a context that is not valid.
void inject(const TraceContext& context, Metadata& metadata);

}  // namespace jina::telemetry

// W3C Trace Context in header fields and gRPC metadata.
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include "jina/request_context.hpp"
#include "jina/tracing.hpp"

namespace jina::telemetry {

/// What the peer sent; not valid when it sent nothing, or nothing that can be understood.
TraceContext extract(const Metadata& metadata);
void add_fields(const TraceContext& context, Metadata& metadata);

/// Adds the fields; nothing for a context that is not valid.
inline void inject(const TraceContext& context, Metadata& metadata) {
  if (context.valid()) add_fields(context, metadata);
}

}  // namespace jina::telemetry

// Spans as OTLP: ExportTraceServiceRequest and its answer, in protobuf's encoding.
//
// Thread: free functions. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/batch_queue.hpp"

namespace jina::otlp {

/// One request with all spans, by instrumentation scope. Text that is no UTF-8 is repaired: a receiver would refuse all of it.
std::string encode_request(const Attributes& resource, const telemetry::SpanBatch& spans);

/// What a collector that answered did not take.
struct PartialSuccess {
  std::int64_t rejected_spans = 0;
  std::string message{};
};
/// From an ExportTraceServiceResponse; empty when all was taken or the bytes are none.
PartialSuccess decode_response(std::string_view message);

/// How long a collector asks to wait: the RetryInfo in an encoded google.rpc.Status (grpc-status-details-bin).
std::optional<std::chrono::milliseconds> retry_delay(std::string_view encoded_status);

}  // namespace jina::otlp

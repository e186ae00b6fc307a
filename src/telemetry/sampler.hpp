// Sampler: which traces are recorded, by OpenTelemetry's names and rules. A trace is recorded or not as a whole: the decision at
// its root is in the `sampled` flag that travels with it, and the ratio is taken of the trace id, so that all processes agree.
//
// Thread: plain value. Lifetime: none. Cancellation: none.
#pragma once
#include <cstdint>
#include <string_view>

#include "jina/status.hpp"
#include "telemetry/span_record.hpp"

namespace jina::telemetry {

class Sampler {
 public:
  /// parentbased_always_on, OpenTelemetry's default.
  Sampler() = default;
  /// OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG. An empty name is the default, an empty argument 1.
  static Result<Sampler> parse(std::string_view name, std::string_view argument);

  bool sample(const TraceContext& parent, const TraceId& trace_id) const noexcept;

 private:
  bool follows_parent_ = true;
  bool all_ = true;
  std::uint64_t bound_ = 0;  // ids below it are in; used when not all are
};

}  // namespace jina::telemetry

// SpanRecord: what a span collects until it ends; SpanSink: who decides which spans are recorded, and takes them when they ended.
//
// Thread: a record belongs to its span's thread, then to the sink; a sink is called from any thread and must not block.
// Lifetime: spans share the sink. Cancellation: none.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "jina/tracing.hpp"

namespace jina::telemetry {

using TraceId = std::array<std::uint8_t, 16>;
using SpanId = std::array<std::uint8_t, 8>;

struct SpanEvent {
  std::string name;
  std::int64_t time_ns = 0;
  Attributes attributes{};
};

struct SpanRecord {
  TraceContext context{};
  SpanId parent_id{};  ///< zeros: a root
  std::shared_ptr<const std::string> scope{};
  std::string name{};
  SpanKind kind = SpanKind::kInternal;
  std::int64_t start_ns = 0;  ///< since the Unix epoch
  std::int64_t end_ns = 0;
  Attributes attributes{};
  std::vector<SpanEvent> events{};
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  bool error = false;
  std::string error_description{};
};

class SpanSink {
 public:
  virtual ~SpanSink() = default;
  /// Whether a span under `parent` (not valid: the first of a trace) is recorded.
  virtual bool sample(const TraceContext& parent, const TraceId& trace_id) const noexcept = 0;
  virtual void on_end(SpanRecordPtr record) noexcept = 0;
  /// Waits until what was handed over is gone. False when the time was over first or something was lost since the last flush.
  virtual bool flush(std::chrono::milliseconds limit) = 0;
};

}  // namespace jina::telemetry

// Tracing: spans of user code, beside those that the runtime makes for each request and each call to an Executor.
//
//   jina::Span span = tracer().start_span("rank", {.parent = context.trace});
//   span.set_attribute("docs", 3);
//   ...                                                  // ended by end() or its destructor
//
// Without --tracing every span is empty: its functions cost a comparison. Identifiers and headers are those of W3C Trace Context;
// spans are exported as OTLP over gRPC or HTTP (--traces-exporter-host, --traces-exporter-port, OTEL_EXPORTER_OTLP_* variables).
// Which traces are recorded is up to OTEL_TRACES_SAMPLER; a span of one that is not still has a context to pass on.
//
// Thread: a Span belongs to one thread at a time; Tracer and TracerProvider may be used from any. Lifetime: spans and tracers keep
// what they need; what ends after the provider was shut down is not exported. Cancellation: none; a span that is dropped is ended.
#pragma once
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace jina {

/// Where in a trace something happens: what `traceparent` and `tracestate` carry.
struct TraceContext {
  std::array<std::uint8_t, 16> trace_id{};
  std::array<std::uint8_t, 8> span_id{};
  std::uint8_t flags = 0;  ///< bit 0: sampled
  std::string state{};     ///< tracestate, passed on

  bool valid() const noexcept { return trace_id != std::array<std::uint8_t, 16>{} && span_id != std::array<std::uint8_t, 8>{}; }
  bool sampled() const noexcept { return (flags & 1U) != 0; }
  /// "00-<32 hex>-<16 hex>-01"; "" when not valid.
  std::string traceparent() const;
  /// 32 hex digits, for logs and links to the tracing backend.
  std::string trace_id_hex() const;
  /// From the headers' values; a wrong traceparent gives a context that is not valid, a wrong tracestate is dropped.
  static TraceContext parse(std::string_view traceparent, std::string_view tracestate = {});
  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

enum class SpanKind : std::uint8_t { kInternal = 1, kServer = 2, kClient = 3, kProducer = 4, kConsumer = 5 };

/// Text, number or truth value of an attribute.
class AttributeValue {
 public:
  using Storage = std::variant<bool, std::int64_t, double, std::string>;
  AttributeValue(bool value) : value_(value) {}  // NOLINT(google-explicit-constructor)
  AttributeValue(std::integral auto value)       // NOLINT(google-explicit-constructor)
      : value_(static_cast<std::int64_t>(value)) {}
  AttributeValue(std::floating_point auto value)  // NOLINT(google-explicit-constructor)
      : value_(static_cast<double>(value)) {}
  AttributeValue(std::string value) : value_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  AttributeValue(std::string_view value) : value_(std::string(value)) {}  // NOLINT(google-explicit-constructor)
  AttributeValue(const char* value) : value_(std::string(value)) {}       // NOLINT(google-explicit-constructor)
  const Storage& value() const noexcept { return value_; }
  friend bool operator==(const AttributeValue&, const AttributeValue&) = default;

 private:
  Storage value_;
};
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;

struct SpanOptions {
  TraceContext parent{};  ///< not valid: a new trace begins
  SpanKind kind = SpanKind::kInternal;
  Attributes attributes{};
};

namespace telemetry {
struct SpanRecord;
class SpanSink;
struct DeleteRecord {
  void operator()(SpanRecord* record) const noexcept;
};
using SpanRecordPtr = std::unique_ptr<SpanRecord, DeleteRecord>;
}  // namespace telemetry

class Span {
 public:
  /// An empty one: does nothing.
  Span() noexcept = default;
  Span(telemetry::SpanRecordPtr record, std::shared_ptr<telemetry::SpanSink> sink) noexcept
      : record_(std::move(record)), sink_(std::move(sink)) {}
  Span(Span&& other) noexcept = default;
  Span& operator=(Span&& other) noexcept;
  ~Span() {
    if (sink_) end();
  }

  /// Whether what is set will be exported: false for an empty span, one that ended, one whose trace is not sampled.
  explicit operator bool() const noexcept { return sink_ != nullptr; }
  /// Of this span, to be the parent of others; not valid for an empty span.
  const TraceContext& context() const noexcept;
  /// At most 128 attributes; a key that is there gets the new value.
  Span& set_attribute(std::string_view key, AttributeValue value);
  Span& set_name(std::string_view name);
  /// At most 128 events.
  Span& add_event(std::string_view name, Attributes attributes = {});
  /// Status ERROR with that description.
  Span& set_error(std::string_view description);
  /// The same, and an `exception` event.
  Span& record_error(std::string_view type, std::string_view description);
  /// Now; later calls do nothing. context() stays.
  void end();

 private:
  telemetry::SpanRecordPtr record_;
  std::shared_ptr<telemetry::SpanSink> sink_;  // null: nobody wants to know
};

/// Makes spans under one instrumentation scope. Cheap to copy.
class Tracer {
 public:
  Tracer() = default;  ///< makes empty spans
  Tracer(std::string scope, std::shared_ptr<telemetry::SpanSink> sink);

  bool enabled() const noexcept { return sink_ != nullptr; }
  Span start_span(std::string_view name, SpanOptions options = {}) const;

 private:
  std::shared_ptr<const std::string> scope_;
  std::shared_ptr<telemetry::SpanSink> sink_;
};

/// Where spans go. The runtime makes one from its arguments; another sink may stand in for it in tests.
class TracerProvider {
 public:
  TracerProvider() = default;  ///< spans go nowhere
  explicit TracerProvider(std::shared_ptr<telemetry::SpanSink> sink) : sink_(std::move(sink)) {}

  bool enabled() const noexcept { return sink_ != nullptr; }
  Tracer tracer(std::string scope) const { return sink_ ? Tracer(std::move(scope), sink_) : Tracer(); }
  /// Waits until everything that ended is exported, or the time is over. False when something was lost. Blocks its thread.
  bool force_flush(std::chrono::milliseconds limit = std::chrono::seconds(5));

 private:
  std::shared_ptr<telemetry::SpanSink> sink_;
};

}  // namespace jina

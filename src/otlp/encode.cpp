// Field numbers are those of the OTLP specification (opentelemetry.proto.trace.v1 and the messages it uses).
#include "otlp/encode.hpp"

#include <algorithm>
#include <map>

#include "base/utf8.hpp"
#include "wire/pb_reader.hpp"
#include "wire/pb_writer.hpp"

namespace jina::otlp {
namespace {

using telemetry::SpanEvent;
using telemetry::SpanRecord;
using wire::PbWriter;
using wire::WireType;

// Everything beyond ASCII becomes '?' in text that is not UTF-8.
void put_text(PbWriter& out, std::uint32_t field, std::string_view text) {
  if (is_utf8(text)) return out.bytes(field, text);
  std::string repaired(text);
  std::replace_if(
      repaired.begin(), repaired.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  out.bytes(field, repaired);
}

void put_text_if(PbWriter& out, std::uint32_t field, std::string_view text) {
  if (!text.empty()) put_text(out, field, text);
}

template <std::size_t N>
std::string_view view_of(const std::array<std::uint8_t, N>& id) {
  return {reinterpret_cast<const char*>(id.data()), id.size()};
}

void put_time(PbWriter& out, std::uint32_t field, std::int64_t ns) {
  out.tag(field, WireType::kFixed64);
  out.append_raw(static_cast<std::uint64_t>(ns));
}

// AnyValue {1 string, 2 bool, 3 int, 4 double}
struct AnyValue {
  PbWriter out;
  void operator()(bool value) { out.varint(2, value ? 1 : 0); }
  void operator()(std::int64_t value) { out.varint(3, static_cast<std::uint64_t>(value)); }
  void operator()(double value) { out.fixed64(4, value); }
  void operator()(const std::string& value) { put_text(out, 1, value); }
};

// KeyValue {1 key, 2 value}
void put_attributes(PbWriter& out, std::uint32_t field, const Attributes& attributes) {
  for (const auto& [key, value] : attributes) {
    std::string any;
    std::visit(AnyValue{PbWriter(any)}, value.value());
    std::string pair;
    PbWriter writer(pair);
    put_text(writer, 1, key);
    writer.bytes(2, any);
    out.bytes(field, pair);
  }
}

// Event {1 time, 2 name, 3 attributes}
std::string encode_event(const SpanEvent& event) {
  std::string bytes;
  PbWriter out(bytes);
  put_time(out, 1, event.time_ns);
  put_text(out, 2, event.name);
  put_attributes(out, 3, event.attributes);
  return bytes;
}

// Span {1 trace_id, 2 span_id, 3 trace_state, 4 parent_span_id, 5 name, 6 kind, 7 start, 8 end, 9 attributes, 10 dropped
// attributes, 11 events, 12 dropped events, 15 status {2 message, 3 code}, 16 flags}
std::string encode_span(const SpanRecord& span) {
  std::string bytes;
  PbWriter out(bytes);
  out.bytes(1, view_of(span.context.trace_id));
  out.bytes(2, view_of(span.context.span_id));
  put_text_if(out, 3, span.context.state);
  if (span.parent_id != telemetry::SpanId{}) out.bytes(4, view_of(span.parent_id));
  put_text(out, 5, span.name);
  out.varint(6, static_cast<std::uint64_t>(span.kind));
  put_time(out, 7, span.start_ns);
  put_time(out, 8, std::max(span.start_ns, span.end_ns));
  put_attributes(out, 9, span.attributes);
  out.varint_if(10, span.dropped_attributes);
  for (const SpanEvent& event : span.events) out.bytes(11, encode_event(event));
  out.varint_if(12, span.dropped_events);
  if (span.error) {
    std::string status;
    PbWriter writer(status);
    put_text_if(writer, 2, span.error_description);
    writer.varint(3, 2);  // ERROR
    out.bytes(15, status);
  }
  out.tag(16, WireType::kFixed32);
  out.append_raw(static_cast<std::uint32_t>(span.context.flags));
  return bytes;
}

}  // namespace

// ExportTraceServiceRequest {1 ResourceSpans {1 Resource {1 attributes}, 2 ScopeSpans {1 InstrumentationScope {1 name}, 2 spans}}}
std::string encode_request(const Attributes& resource, const telemetry::SpanBatch& spans) {
  std::map<std::string_view, std::string> by_scope;
  for (const auto& span : spans) {
    const std::string_view scope = span->scope ? std::string_view(*span->scope) : std::string_view();
    std::string& bytes = by_scope[scope];
    PbWriter(bytes).bytes(2, encode_span(*span));
  }
  std::string attributes;
  PbWriter resource_writer(attributes);
  put_attributes(resource_writer, 1, resource);
  std::string resource_spans;
  PbWriter out(resource_spans);
  out.bytes(1, attributes);
  for (const auto& [name, encoded] : by_scope) {
    std::string scope;
    PbWriter scope_writer(scope);
    put_text_if(scope_writer, 1, name);
    std::string scope_spans;
    PbWriter(scope_spans).bytes(1, scope);
    scope_spans += encoded;
    out.bytes(2, scope_spans);
  }
  std::string request;
  PbWriter(request).bytes(1, resource_spans);
  return request;
}

// ExportTraceServiceResponse {1 ExportTracePartialSuccess {1 rejected_spans, 2 error_message}}
PartialSuccess decode_response(std::string_view message) {
  PartialSuccess partial;
  wire::PbReader response(message);
  while (response.next()) {
    if (!response.is(1, WireType::kLengthDelimited)) continue;
    wire::PbReader reader(response.bytes());
    while (reader.next()) {
      if (reader.is(1, WireType::kVarint)) partial.rejected_spans = static_cast<std::int64_t>(reader.varint());
      if (reader.is(2, WireType::kLengthDelimited)) partial.message = std::string(reader.bytes());
    }
  }
  return partial;
}

// google.rpc.Status {3 details: Any {1 type_url, 2 value: RetryInfo {1 Duration {1 seconds, 2 nanos}}}}
std::optional<std::chrono::milliseconds> retry_delay(std::string_view encoded_status) {
  wire::PbReader status(encoded_status);
  while (status.next()) {
    if (!status.is(3, WireType::kLengthDelimited)) continue;
    std::string_view type;
    std::string_view value;
    wire::PbReader any(status.bytes());
    while (any.next()) {
      if (any.is(1, WireType::kLengthDelimited)) type = any.bytes();
      if (any.is(2, WireType::kLengthDelimited)) value = any.bytes();
    }
    if (!type.ends_with("/google.rpc.RetryInfo")) continue;
    wire::PbReader info(value);
    while (info.next()) {
      if (!info.is(1, WireType::kLengthDelimited)) continue;
      std::uint64_t seconds = 0;
      std::uint64_t nanos = 0;
      wire::PbReader duration(info.bytes());
      while (duration.next()) {
        if (duration.is(1, WireType::kVarint)) seconds = duration.varint();
        if (duration.is(2, WireType::kVarint)) nanos = duration.varint();
      }
      if (seconds > 86'400 || nanos >= 1'000'000'000) return std::nullopt;  // negative ones are huge here
      return std::chrono::milliseconds(seconds * 1'000 + nanos / 1'000'000);
    }
  }
  return std::nullopt;
}

}  // namespace jina::otlp

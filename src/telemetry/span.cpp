#include <algorithm>
#include <cstring>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "jina/tracing.hpp"
#include "telemetry/span_record.hpp"

namespace jina {
namespace {

constexpr std::size_t kMostAttributes = 128;  // OpenTelemetry's defaults
constexpr std::size_t kMostEvents = 128;

template <std::size_t N>
void fill_random(std::array<std::uint8_t, N>& id) {
  for (std::size_t at = 0; at < N; at += 8) {
    std::uint64_t bits = 0;
    while (bits == 0) bits = random_bits();  // zeros are no id
    std::memcpy(id.data() + at, &bits, 8);
  }
}

}  // namespace

void telemetry::DeleteRecord::operator()(SpanRecord* record) const noexcept { delete record; }

Span& Span::operator=(Span&& other) noexcept {
  if (this == &other) return *this;
  end();
  record_ = std::move(other.record_);
  sink_ = std::move(other.sink_);
  return *this;
}

const TraceContext& Span::context() const noexcept {
  static const TraceContext none;
  return record_ ? record_->context : none;
}

Span& Span::set_attribute(std::string_view key, AttributeValue value) {
  if (!sink_) return *this;
  Attributes& all = record_->attributes;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.first == key; });
  if (found != all.end()) {
    found->second = std::move(value);
  } else if (all.size() < kMostAttributes) {
    all.emplace_back(std::string(key), std::move(value));
  } else {
    ++record_->dropped_attributes;
  }
  return *this;
}

Span& Span::set_name(std::string_view name) {
  if (sink_) record_->name = std::string(name);
  return *this;
}

Span& Span::add_event(std::string_view name, Attributes attributes) {
  if (!sink_) return *this;
  if (record_->events.size() < kMostEvents) {
    record_->events.push_back({std::string(name), Clock::real().system_ns(), std::move(attributes)});
  } else {
    ++record_->dropped_events;
  }
  return *this;
}

Span& Span::set_error(std::string_view description) {
  if (!sink_) return *this;
  record_->error = true;
  record_->error_description = std::string(description);
  return *this;
}

Span& Span::record_error(std::string_view type, std::string_view description) {
  if (!sink_) return *this;
  add_event("exception", {{"exception.type", type}, {"exception.message", description}});
  return set_error(description);
}

void Span::end() {
  if (!sink_) return;
  // The context stays for children that start later: the sink gets everything else.
  const std::shared_ptr<telemetry::SpanSink> sink = std::move(sink_);
  telemetry::SpanRecordPtr rest(new telemetry::SpanRecord);
  rest->context = record_->context;
  record_->end_ns = Clock::real().system_ns();
  std::swap(record_, rest);
  sink->on_end(std::move(rest));
}

Tracer::Tracer(std::string scope, std::shared_ptr<telemetry::SpanSink> sink)
    : scope_(std::make_shared<const std::string>(std::move(scope))), sink_(std::move(sink)) {}

Span Tracer::start_span(std::string_view name, SpanOptions options) const {
  if (!sink_) return {};
  telemetry::SpanRecordPtr record(new telemetry::SpanRecord);
  TraceContext& context = record->context;
  const bool root = !options.parent.valid();
  if (root) {
    fill_random(context.trace_id);
  } else {
    context.trace_id = options.parent.trace_id;
    context.state = std::move(options.parent.state);
    record->parent_id = options.parent.span_id;
  }
  fill_random(context.span_id);
  const bool sampled = sink_->sample(options.parent, context.trace_id);
  context.flags = sampled ? 1 : 0;
  if (!sampled) return Span(std::move(record), nullptr);
  record->scope = scope_;
  record->name = std::string(name);
  record->kind = options.kind;
  record->attributes = std::move(options.attributes);
  record->start_ns = Clock::real().system_ns();
  return Span(std::move(record), sink_);
}

bool TracerProvider::force_flush(std::chrono::milliseconds limit) { return !sink_ || sink_->flush(limit); }

}  // namespace jina

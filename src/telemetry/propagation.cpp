#include "telemetry/propagation.hpp"

namespace jina::telemetry {

TraceContext extract(const Metadata& metadata) {
  const std::string* parent = nullptr;
  bool twice = false;
  for (const auto& [name, value] : metadata) {
    if (name != "traceparent") continue;
    twice = parent != nullptr;
    parent = &value;
  }
  // Of two nobody knows which one is right.
  if (parent == nullptr || twice) return {};
  std::string state;
  for (const auto& [name, value] : metadata) {
    if (name != "tracestate") continue;
    if (!state.empty()) state += ',';
    state += value;
  }
  return TraceContext::parse(*parent, state);
}

void inject(const TraceContext& context, Metadata& metadata) {
  if (!context.valid()) return;
  metadata.emplace_back("traceparent", context.traceparent());
  if (!context.state.empty()) metadata.emplace_back("tracestate", context.state);
}

}  // namespace jina::telemetry

#include "telemetry/propagation.hpp"

namespace jina::telemetry {
namespace {

// As views: they are compared by length first.
constexpr std::string_view kParent = "traceparent";
constexpr std::string_view kState = "tracestate";

}  // namespace

TraceContext extract(const Metadata& metadata) {
  const std::string* parent = nullptr;
  bool twice = false;
  for (const auto& [name, value] : metadata) {
    if (name != kParent) continue;
    twice = parent != nullptr;
    parent = &value;
  }
  // Of two nobody knows which one is right.
  if (parent == nullptr || twice) return {};
  std::string state;
  for (const auto& [name, value] : metadata) {
    if (name != kState) continue;
    if (!state.empty()) state += ',';
    state += value;
  }
  return TraceContext::parse(*parent, state);
}

void add_fields(const TraceContext& context, Metadata& metadata) {
  metadata.emplace_back("traceparent", context.traceparent());
  if (!context.state.empty()) metadata.emplace_back("tracestate", context.state);
}

}  // namespace jina::telemetry

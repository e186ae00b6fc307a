#include "telemetry/rpc_span.hpp"

#include <charconv>

namespace jina::telemetry {
namespace {

// "/package.Service/method"
Attributes rpc_attributes(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  Attributes attributes;
  attributes.reserve(8);
  attributes.emplace_back("rpc.system", "grpc");
  if (slash != std::string_view::npos && slash > 0) {
    attributes.emplace_back("rpc.service", path.substr(1, slash - 1));
    attributes.emplace_back("rpc.method", path.substr(slash + 1));
  }
  return attributes;
}

bool is_servers_fault(StatusCode code) {
  switch (code) {
    case StatusCode::kUnknown:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kUnimplemented:
    case StatusCode::kInternal:
    case StatusCode::kUnavailable:
    case StatusCode::kDataLoss: return true;
    default: return false;
  }
}

}  // namespace

Span start_server_span(const Tracer& tracer, std::string_view path, const RequestContext& context) {
  if (path.starts_with("/grpc.health.v1.Health/")) return {};
  Span span = tracer.start_span(path, {.parent = context.trace, .kind = SpanKind::kServer, .attributes = rpc_attributes(path)});
  if (!span) return span;
  set_peer(span, context.peer);
  if (const std::string* agent = find_value(context.metadata, "user-agent")) span.set_attribute("rpc.user_agent", *agent);
  return span;
}

Span start_client_span(const Tracer& tracer, std::string_view path, const TraceContext& parent) {
  return tracer.start_span(path, {.parent = parent, .kind = SpanKind::kClient, .attributes = rpc_attributes(path)});
}

void end_rpc_span(Span& span, SpanKind kind, const Status& status) {
  if (!span) return;
  span.set_attribute("rpc.grpc.status_code", static_cast<int>(status.code));
  if (!status.ok() && (kind == SpanKind::kClient || is_servers_fault(status.code))) span.set_error(status.to_string());
  span.end();
}

void set_peer(Span& span, std::string_view peer) {
  const std::size_t colon = peer.rfind(':');
  if (!span || colon == std::string_view::npos) return;
  std::string_view host = peer.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  span.set_attribute("net.peer.ip", host);
  int port = 0;
  const char* end = peer.data() + peer.size();
  if (std::from_chars(peer.data() + colon + 1, end, port).ptr == end) span.set_attribute("net.peer.port", port);
}

}  // namespace jina::telemetry

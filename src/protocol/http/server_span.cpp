#include "protocol/http/server_span.hpp"

#include "telemetry/propagation.hpp"
#include "telemetry/rpc_span.hpp"

namespace jina::http {
namespace {

constexpr std::size_t kLongestText = 1024;  // of what clients choose freely

std::string_view shortened(std::string_view text) noexcept { return text.substr(0, kLongestText); }

}  // namespace

ServerSpan::ServerSpan(const Tracer& tracer, RequestContext& context, const Request& request, std::string_view flavor,
                       bool websocket)
    : context_(context) {
  context.trace = telemetry::extract(context.metadata);
  if (!tracer.enabled()) return;
  if (!websocket) method_ = request.method;
  begin(tracer, request, flavor);
}

ServerSpan::~ServerSpan() {
  if (span_) finish();
}

void ServerSpan::begin(const Tracer& tracer, const Request& request, std::string_view flavor) {
  // The route is known later: set_status() makes the name of it.
  span_ = tracer.start_span(method_.empty() ? "websocket" : method_, {.parent = context_.trace, .kind = SpanKind::kServer});
  context_.trace = span_.context();
  if (!span_) return;
  span_.set_attribute("http.method", shortened(request.method));
  span_.set_attribute("http.scheme", method_.empty() ? (request.secure ? "wss" : "ws") : (request.secure ? "https" : "http"));
  span_.set_attribute("http.host", shortened(request.authority));
  span_.set_attribute("http.flavor", flavor);
  // Without the query, which may hold keys.
  span_.set_attribute("http.target", shortened(request.path));
  if (const std::string* agent = find_value(context_.metadata, "user-agent"))
    span_.set_attribute("http.user_agent", shortened(*agent));
  telemetry::set_peer(span_, context_.peer);
}

void ServerSpan::set_status(int status) {
  answered_ = true;
  span_.set_attribute("http.status_code", status);
  if (status >= 500) span_.set_error("");
}

void ServerSpan::finish() {
  if (!context_.route.empty()) {
    span_.set_name(method_.empty() ? std::string(context_.route) : method_ + " " + std::string(context_.route));
    span_.set_attribute("http.route", context_.route);
  }
  if (context_.cancelled()) span_.set_attribute("jina.cancelled", to_string(context_.cancel_reason()));
  if (!answered_ && !context_.cancelled()) span_.set_error("the handler failed");
}

}  // namespace jina::http

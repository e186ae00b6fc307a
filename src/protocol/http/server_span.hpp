// ServerSpan: the span of an HTTP request or of a WebSocket connection, as Jina's gateway has them: "POST /post", "/" for a
// WebSocket, with OpenTelemetry's http.* attributes. Without tracing it only reads which trace the client is in.
//
// Thread: the request's. Lifetime: within that of the context. Cancellation: noted in the span.
#pragma once
#include <string>
#include <string_view>

#include "jina/tracing.hpp"
#include "protocol/http/handler.hpp"

namespace jina::http {

class ServerSpan {
 public:
  /// Reads the headers in context.metadata, sets context.trace. `flavor` is "1.1" or "2".
  ServerSpan(const Tracer& tracer, RequestContext& context, const Request& request, std::string_view flavor,
             bool websocket = false);
  /// Not answered: an error.
  ~ServerSpan();
  ServerSpan(const ServerSpan&) = delete;
  ServerSpan& operator=(const ServerSpan&) = delete;

  /// The span ends with this object, when the body is out too.
  void answered(int status) {
    if (span_) set_status(status);
  }

 private:
  void begin(const Tracer& tracer, const Request& request, std::string_view flavor);
  void set_status(int status);
  void finish();

  RequestContext& context_;
  Span span_;
  std::string method_;  // empty for a WebSocket
  bool answered_ = false;
};

}  // namespace jina::http

#include "protocol/http/handler.hpp"

namespace jina::http {

Task<WebSocketDecision> Handler::decide_websocket(RequestContext&, const Request& request) { co_return accept_websocket(request); }

WebSocketDecision Handler::accept_websocket(const Request&) {
  WebSocketDecision decision;
  decision.refusal.status = 403;
  return decision;
}

}  // namespace jina::http

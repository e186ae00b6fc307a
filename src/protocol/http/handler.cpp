#include "protocol/http/handler.hpp"

namespace jina::http {

WebSocketDecision Handler::accept_websocket(const Request&) {
  WebSocketDecision decision;
  decision.refusal.status = 403;
  return decision;
}

}  // namespace jina::http

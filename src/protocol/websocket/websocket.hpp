// The server side of a WebSocket connection (RFC 6455, with permessage-deflate of RFC 7692): the handshake and the session.
//
// Thread: one I/O thread. Lifetime: the session joins `sessions` and leaves it when the connection is closed and the decision's
// run() has ended. Cancellation: as net::Session; a lost client cancels the context that run() got.
#pragma once
#include <memory>
#include <optional>

#include "listener/session.hpp"
#include "listener/transport.hpp"
#include "protocol/http/handler.hpp"

namespace jina::websocket {

/// The refusal of a request that asks for an upgrade but is no proper handshake (400; 426 for another version).
std::optional<http::Response> check_handshake(const http::Request& request);

/// Answers 101 and runs the decision's run(). REQUIRES: check_handshake(request) found nothing, decision.run is set.
/// `rest`: bytes that came behind the request. `limits` outlives the session.
void start_session(std::unique_ptr<net::Transport> transport, Bytes rest, http::Request request, http::WebSocketDecision decision,
                   net::SessionSet& sessions, const http::Limits& limits, const Tracer& tracer);

}  // namespace jina::websocket

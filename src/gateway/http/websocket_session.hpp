// WebSocket connections of the built-in gateway: several requests in flight, answers in the order in which they finish.
//
// Thread: the connection's I/O thread. Lifetime: `gateway`, `codec` and `context` outlive the Task, which ends only after the last
// answer came. Cancellation: the context's; it is also cancelled here when the client goes away.
#pragma once
#include <chrono>
#include <memory>

#include "gateway/http/websocket_codec.hpp"
#include "protocol/http/handler.hpp"
#include "protocol/request_handler.hpp"

namespace jina::gateway {

struct WebSocketLimits {
  int prefetch = 1000;                             ///< requests in work; reading pauses at this number; 0 = no limit
  std::size_t max_queued_bytes = 4 * 1024 * 1024;  ///< answers the client has not taken yet; reading pauses above
  std::chrono::milliseconds drain{10'000};         ///< after a failure: how long the other answers are waited for before the close
  Tracer tracer{};                                 ///< of the spans of messages, under that of the connection
};

/// "/": one request per message until the client ends the stream, goes away, or something fails.
Task<void> serve_websocket(protocol::RequestHandler& gateway, const WebSocketCodec& codec, WebSocketLimits limits,
                           RequestContext& context, std::shared_ptr<http::WebSocket> socket);

/// "/dry_run": answers at once whether the whole Flow can be reached, then closes.
Task<void> serve_websocket_dry_run(protocol::RequestHandler& gateway, const WebSocketCodec& codec, RequestContext& context,
                                   std::shared_ptr<http::WebSocket> socket);

}  // namespace jina::gateway

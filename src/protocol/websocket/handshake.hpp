// Parts of the opening handshake.
//
// Thread: pure functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "protocol/http/handler.hpp"

namespace jina::websocket {

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string accept_key(std::string_view key);

/// Whether the client offers permessage-deflate in a form that can be accepted here: without a smaller window for the server.
bool offers_deflate(const Metadata& headers);

/// The 101 response as text.
std::string accept_response(const http::Request& request, const http::WebSocketDecision& decision, bool deflate);

}  // namespace jina::websocket

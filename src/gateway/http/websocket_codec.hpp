// The two subprotocols of Jina's WebSocket gateway: what a message says, and how an answer is written.
//
// Thread: stateless. Lifetime: static objects. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/http/handler.hpp"
#include "wire/data_request.hpp"

namespace jina::gateway {

/// WebSocket close codes (RFC 6455, section 7.4.1) that this gateway uses.
enum class CloseCode : std::uint16_t { kNormal = 1000, kUnsupported = 1003, kInvalid = 1007, kInternalError = 1011 };

/// How a connection ends, and what the client is told.
struct WebSocketClose {
  CloseCode code = CloseCode::kNormal;
  std::string reason{};
};

struct EndOfStream {};  ///< the client sends no more; it still wants its answers
struct Ignored {};      ///< a message that Jina passes over in silence
using WebSocketInput = std::variant<wire::DataRequest, EndOfStream, Ignored, WebSocketClose>;

class WebSocketCodec {
 public:
  virtual ~WebSocketCodec() = default;
  /// A WebSocketClose says why the message cannot be served.
  virtual WebSocketInput decode(const http::WebSocketMessage& message) const = 0;
  virtual Result<http::WebSocketMessage> encode(const wire::DataRequest& response) const = 0;
  /// The answer to a dry run that went well: a StatusProto without any field set.
  virtual http::WebSocketMessage dry_run_success() const = 0;
};

/// Text messages, one JSON object each; `{}` ends the stream.
const WebSocketCodec& json_codec() noexcept;
/// Binary messages, one DataRequestProto each; the byte 0x00 ends the stream.
const WebSocketCodec& bytes_codec() noexcept;

/// What the handshake settled on. Jina takes "bytes" only when it is all that the client offers, anything else means JSON.
struct Subprotocol {
  const WebSocketCodec& codec;
  std::string name{};  ///< to be named in the handshake's answer; empty when the client did not offer it
};
Subprotocol choose_subprotocol(const http::Request& request);

/// How to close after a request failed: the gateway's own words where they fit into a close frame, else a short form of them.
WebSocketClose close_for(const Status& failure);
/// `text` cut to what fits into a close frame (123 bytes), at a character's end.
std::string fit_close_reason(std::string text);

}  // namespace jina::gateway

// MessageReader: bytes of a WebSocket connection in, messages and control frames out. Knows no socket.
//
// Thread: plain value. Lifetime: messages share memory with the input, which is unmasked in place: its bytes must belong to the
// caller alone. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/http/body_collector.hpp"
#include "protocol/http/handler.hpp"
#include "protocol/websocket/frame.hpp"
#include "protocol/websocket/utf8_checker.hpp"

namespace jina::websocket {

class MessageReader {
 public:
  enum class Step : std::uint8_t {
    kNeedMore,
    kMessage,  ///< message()
    kControl,  ///< control_opcode(), control_payload()
    kError,    ///< close with error_code() and error()
  };

  MessageReader(std::size_t max_message_bytes, bool deflate) : max_bytes_(max_message_bytes), deflate_(deflate) {}

  /// Takes bytes from the front of `input`.
  Step feed(Bytes& input);
  http::WebSocketMessage take_message() { return std::move(message_); }
  Opcode control_opcode() const noexcept { return control_; }
  const std::string& control_payload() const noexcept { return control_payload_; }
  std::uint16_t error_code() const noexcept { return error_code_; }
  const std::string& error() const noexcept { return error_; }

 private:
  Step begin_frame();
  Step end_frame();
  Step fail(std::uint16_t code, std::string_view why);

  std::size_t max_bytes_;
  bool deflate_;
  FrameHeaderReader header_reader_;
  FrameHeader frame_;
  bool in_payload_ = false;
  std::uint64_t payload_read_ = 0;
  // The data message that is being put together.
  http::BodyCollector body_;
  Opcode kind_ = Opcode::kContinuation;  // kContinuation: none
  bool compressed_ = false;
  Utf8Checker text_;
  // Results.
  http::WebSocketMessage message_;
  Opcode control_ = Opcode::kPing;
  std::string control_payload_;
  std::uint16_t error_code_ = 0;
  std::string error_;
};

}  // namespace jina::websocket

// The length prefix of gRPC messages: one byte "compressed", four bytes length, big endian.
//
// Thread: plain objects. Lifetime: messages share the memory they came in. Cancellation: none.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>

#include "base/buffer.hpp"
#include "jina/status.hpp"
#include "protocol/grpc/server.hpp"

namespace jina::grpc {

/// The message with its prefix in front.
Buffer frame_message(Buffer message, Compression compression);

/// Cuts a byte stream into messages.
class MessageReader {
 public:
  MessageReader(Compression compression, std::size_t max_message_bytes) : compression_(compression), max_(max_message_bytes) {}
  void set_compression(Compression compression) noexcept { compression_ = compression; }

  void feed(Bytes data) { pending_.append(std::move(data)); }
  /// The next complete message; empty when more bytes are needed. RESOURCE_EXHAUSTED for one that is too long, INTERNAL for
  /// broken framing: the stream is over then.
  Result<std::optional<Buffer>> next();
  /// True between messages: the stream may end here.
  bool at_boundary() const noexcept { return pending_.empty(); }
  std::size_t pending_bytes() const noexcept { return pending_.size(); }

 private:
  Compression compression_;
  std::size_t max_;
  Buffer pending_;
};

}  // namespace jina::grpc

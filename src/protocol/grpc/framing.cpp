#include "protocol/grpc/framing.hpp"

#include <array>

#include "protocol/grpc/compression.hpp"

namespace jina::grpc {
namespace {
constexpr std::size_t kPrefix = 5;
}

Buffer frame_message(Buffer message, Compression compression) {
  const bool compressed = compression != Compression::kIdentity;
  if (compressed) message = compress(message, compression);
  const auto size = static_cast<std::uint32_t>(message.size());
  std::array<char, kPrefix> prefix = {static_cast<char>(compressed), static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                                      static_cast<char>(size >> 8), static_cast<char>(size)};
  Buffer framed;
  // One block for prefix and small message: cheaper than a second piece on the way to the socket.
  constexpr std::size_t kTogether = 1024;
  if (message.size() <= kTogether) {
    std::string together;
    together.reserve(kPrefix + message.size());
    together.append(prefix.data(), kPrefix);
    for (const Bytes& piece : message.pieces()) together.append(piece.view());
    return Buffer(Bytes::copy_of(together));
  }
  framed.append(Bytes::copy_of({prefix.data(), kPrefix}));
  framed.append(std::move(message));
  return framed;
}

Result<std::optional<Buffer>> MessageReader::next() {
  if (pending_.size() < kPrefix) return std::optional<Buffer>{};
  std::array<char, kPrefix> prefix;
  pending_.copy_to(prefix.data(), 0, kPrefix);
  const auto byte = [&](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(prefix[i])); };
  const std::uint32_t flag = byte(0);
  const std::size_t size = byte(1) << 24 | byte(2) << 16 | byte(3) << 8 | byte(4);
  if (flag > 1)
    return Status{StatusCode::kInternal,
                  "gRPC framing: the first byte of a message prefix is " + std::to_string(flag) + ", expected 0 or 1"};
  if (size > max_)
    return Status{StatusCode::kResourceExhausted,
                  "the message has " + std::to_string(size) + " bytes, at most " + std::to_string(max_) + " are accepted"};
  if (flag == 1 && compression_ == Compression::kIdentity)
    return Status{StatusCode::kInternal, "gRPC framing: a message is marked as compressed, but grpc-encoding names no compression"};
  if (pending_.size() < kPrefix + size) return std::optional<Buffer>{};
  Buffer message;
  if (pending_.size() == kPrefix + size) {
    message = std::move(pending_);
    pending_.clear();
    message.remove_prefix(kPrefix);
  } else {
    message = pending_.slice(kPrefix, size);
    pending_.remove_prefix(kPrefix + size);
  }
  if (flag == 0) return std::optional<Buffer>(std::move(message));
  Result<Buffer> plain = decompress(message, compression_, max_);
  if (!plain) return std::move(plain).error();
  return std::optional<Buffer>(std::move(*plain));
}

}  // namespace jina::grpc

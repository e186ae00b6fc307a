// BodyCollector: pieces of a body as they arrive, put together to a Buffer. Large pieces are shared with the memory they were
// read into; small ones are copied together, since a slice keeps a whole block of the thread's read memory for a few bytes.
//
// Thread: plain value. Lifetime: shares the memory of large pieces. Cancellation: none.
#pragma once
#include <cstddef>
#include <string>
#include <utility>

#include "base/buffer.hpp"

namespace jina::http {

class BodyCollector {
 public:
  void append(Bytes piece) {
    size_ += piece.size();
    if (piece.size() < kCopyBelow) {
      tail_.append(piece.view());
      if (tail_.size() >= kTailLimit) flush();
      return;
    }
    flush();
    body_.append(std::move(piece));
  }
  std::size_t size() const noexcept { return size_; }
  /// All of it; the collector is empty afterwards.
  Buffer take() {
    flush();
    size_ = 0;
    return std::exchange(body_, {});
  }

 private:
  static constexpr std::size_t kCopyBelow = 2048;
  static constexpr std::size_t kTailLimit = 64 * 1024;
  void flush() {
    if (!tail_.empty()) body_.append(Bytes::take(std::exchange(tail_, {})));
  }

  Buffer body_;
  std::string tail_;
  std::size_t size_ = 0;
};

}  // namespace jina::http

// ChunkedDecoder: takes the chunked transfer coding off a body as it arrives, without copying what it carries.
//
// Thread: plain value. Lifetime: pieces share memory with the input. Cancellation: none.
#pragma once
#include <cstdint>
#include <string_view>

#include "jina/bytes.hpp"

namespace jina::http {

class ChunkedDecoder {
 public:
  enum class Step : std::uint8_t { kNeedMore, kPiece, kDone, kError };

  /// Bounds what is not body: chunk extensions and trailers.
  explicit ChunkedDecoder(std::size_t max_overhead = 64 * 1024) : max_overhead_(max_overhead) {}

  /// Takes bytes from the front of `input`. kPiece: `piece` has body bytes, call again. kDone: the coding's end was taken, what is
  /// left belongs to the next request. kError: error() says why.
  Step next(Bytes& input, Bytes& piece);
  std::string_view error() const noexcept { return error_; }

 private:
  enum class State : std::uint8_t {
    kSize,
    kSpace,
    kExtension,
    kSizeFeed,
    kData,
    kDataReturn,
    kDataFeed,
    kTrailerStart,
    kTrailer,
    kTrailerFeed,
    kEndFeed,
    kDone
  };
  bool take(char c);
  bool fail(std::string_view why);

  std::size_t max_overhead_;
  std::size_t overhead_ = 0;
  std::uint64_t left_ = 0;  // of the chunk
  int digits_ = 0;
  State state_ = State::kSize;
  std::string_view error_;
};

}  // namespace jina::http

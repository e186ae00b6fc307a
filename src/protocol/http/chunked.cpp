#include "protocol/http/chunked.hpp"

namespace jina::http {
namespace {

constexpr int kMaxDigits = 15;

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool text(char c) noexcept { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }

}  // namespace

bool ChunkedDecoder::fail(std::string_view why) {
  error_ = why;
  return false;
}

// One byte that is not body.
bool ChunkedDecoder::take(char c) {
  switch (state_) {
    case State::kSize:
      if (const int digit = hex_value(c); digit >= 0) {
        if (++digits_ > kMaxDigits) return fail("chunk size: too large");
        left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
        return true;
      }
      if (digits_ == 0) return fail("chunk size: expected a hexadecimal number");
      if (c == '\r')
        state_ = State::kSizeFeed;
      else if (c == ';')
        state_ = State::kExtension;
      else if (c == ' ' || c == '\t')
        state_ = State::kSpace;
      else
        return fail("chunk size: expected a hexadecimal number and CR LF");
      return true;
    case State::kSpace:
      if (c == ';')
        state_ = State::kExtension;
      else if (c != ' ' && c != '\t')
        return fail("chunk size: expected a hexadecimal number and CR LF");
      return true;
    case State::kExtension:
      if (c == '\r')
        state_ = State::kSizeFeed;
      else if (!text(c))
        return fail("chunk extension: control characters");
      return true;
    case State::kSizeFeed:
      if (c != '\n') return fail("chunk size: expected CR LF");
      state_ = left_ == 0 ? State::kTrailerStart : State::kData;
      return true;
    case State::kDataReturn:
      if (c != '\r') return fail("chunk: expected CR LF after the data");
      state_ = State::kDataFeed;
      return true;
    case State::kDataFeed:
      if (c != '\n') return fail("chunk: expected CR LF after the data");
      state_ = State::kSize;
      digits_ = 0;
      return true;
    case State::kTrailerStart:
      if (c == '\r')
        state_ = State::kEndFeed;
      else if (!text(c) || c == ' ' || c == '\t')
        return fail("trailer: malformed line");
      else
        state_ = State::kTrailer;
      return true;
    case State::kTrailer:
      if (c == '\r')
        state_ = State::kTrailerFeed;
      else if (!text(c))
        return fail("trailer: control characters");
      return true;
    case State::kTrailerFeed:
      if (c != '\n') return fail("trailer: expected CR LF");
      state_ = State::kTrailerStart;
      return true;
    case State::kEndFeed:
      if (c != '\n') return fail("trailer: expected CR LF");
      state_ = State::kDone;
      return true;
    case State::kData:
    case State::kDone: break;
  }
  return fail("chunk: bytes after the end");
}

ChunkedDecoder::Step ChunkedDecoder::next(Bytes& input, Bytes& piece) {
  const std::string_view data = input.view();
  std::size_t used = 0;
  while (used < data.size()) {
    if (state_ == State::kData) {
      const std::uint64_t size = left_ < data.size() - used ? left_ : data.size() - used;
      piece = input.slice(used, static_cast<std::size_t>(size));
      input = input.slice(used + static_cast<std::size_t>(size));
      left_ -= size;
      if (left_ == 0) state_ = State::kDataReturn;
      return Step::kPiece;
    }
    // Line ends and digits of chunks do not count: they can not outweigh the body, which has a bound of its own, by much.
    const bool counts =
        state_ == State::kExtension || state_ == State::kSpace || state_ == State::kTrailer || state_ == State::kTrailerStart;
    if (counts && ++overhead_ > max_overhead_) {
      error_ = "chunk extensions and trailers are too long";
      return Step::kError;
    }
    if (!take(data[used++])) return Step::kError;
    if (state_ == State::kDone) {
      input = input.slice(used);
      return Step::kDone;
    }
  }
  input = Bytes();
  return Step::kNeedMore;
}

}  // namespace jina::http

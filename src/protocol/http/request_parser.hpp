// The header of an HTTP/1 request: finding its end as bytes arrive, and taking it apart strictly.
//
// Strict means: whatever two servers could read differently (bare LF, folded lines, space before a colon, two lengths) is refused
// with 400, since a proxy in front might have read it the other way and then somebody's next request is not the one he sent.
//
// Thread: plain values. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/http/handler.hpp"

namespace jina::http {

/// Why a request is refused; `detail` names the place.
struct ParseError {
  int status = 400;
  std::string detail;
};

/// What the header says about the message and the connection, rather than about the resource.
struct Framing {
  std::uint64_t content_length = 0;
  int minor_version = 1;
  bool chunked = false;
  bool keep_alive = true;
  bool expect_continue = false;
  bool upgrade_websocket = false;

  bool has_body() const noexcept { return chunked || content_length != 0; }
};

/// Looks for the empty line that ends a header. Lines are looked at once, however small the pieces are in which they arrive.
class HeadScanner {
 public:
  enum class Step : std::uint8_t { kNeedMore, kComplete, kError };

  explicit HeadScanner(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  /// `data` is all of the request that has arrived; it begins with what was given before. After kComplete size() bytes of it are
  /// the header, the first skipped() of them empty lines before it; after kError error() says why.
  Step scan(std::string_view data);
  std::size_t size() const noexcept { return size_; }
  std::size_t skipped() const noexcept { return skipped_; }
  const ParseError& error() const noexcept { return error_; }
  void reset();

 private:
  Step fail(int status, std::string detail);
  Step too_large();

  std::size_t max_bytes_;
  std::size_t scanned_ = 0;  // line feeds before this were looked at
  std::size_t line_ = 0;     // where the current line begins
  std::size_t lines_ = 0;
  std::size_t first_line_ = 0;  // its length
  std::size_t size_ = 0;
  std::size_t skipped_ = 0;
  ParseError error_;
};

/// Takes the header apart; `head` ends with the empty line. Fills everything of `request` but peer facts and the body.
std::optional<ParseError> parse_head(std::string_view head, Request& request, Framing& framing);

}  // namespace jina::http

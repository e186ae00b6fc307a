// RequestReader: bytes of an HTTP/1 connection in, whole requests out. Knows no socket and no time.
//
// Thread: plain value. Lifetime: a request's body shares memory with the input. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>

#include "jina/bytes.hpp"
#include "protocol/http/body_collector.hpp"
#include "protocol/http/chunked.hpp"
#include "protocol/http/request_parser.hpp"

namespace jina::http {

class RequestReader {
 public:
  enum class Step : std::uint8_t {
    kNeedMore,  ///< all input was taken
    kHeader,    ///< the header is complete and a body follows; once per request
    kRequest,   ///< request() is complete; what is left of the input belongs to the next one
    kError,     ///< error() says why; nothing more can be read from this connection
  };

  explicit RequestReader(const Limits& limits) : limits_(limits), scanner_(limits.max_header_bytes) {}

  /// Takes bytes from the front of `input`.
  Step feed(Bytes& input);
  /// Makes ready for the next request.
  void next();

  Request& request() noexcept { return request_; }
  const Framing& framing() const noexcept { return framing_; }
  const ParseError& error() const noexcept { return error_; }
  /// Nothing of the next request has arrived.
  bool idle() const noexcept { return !in_body_ && partial_.empty(); }
  bool in_body() const noexcept { return in_body_; }

 private:
  Step feed_head(Bytes& input);
  Step feed_body(Bytes& input);
  Step finish();
  Step fail(int status, std::string detail);

  const Limits& limits_;
  HeadScanner scanner_;
  std::string partial_;  // a header of which only a part has arrived
  Request request_;
  Framing framing_;
  ChunkedDecoder decoder_;
  BodyCollector body_;
  std::uint64_t body_left_ = 0;
  bool in_body_ = false;
  ParseError error_;
};

}  // namespace jina::http

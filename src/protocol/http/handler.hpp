// http::Handler: what the HTTP/1.1, HTTP/2 and WebSocket servers call; the gateway's routes and users' apps implement it.
//
// Thread: one handler per I/O thread; called and awaited there only.
// Lifetime: request and context live until the returned Task is done.
// Cancellation: a lost client cancels context; the Task is still run to its end and its response is dropped.
#pragma once
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/buffer.hpp"
#include "base/unique_function.hpp"
#include "jina/request_context.hpp"
#include "jina/task.hpp"

namespace jina::http {

struct Request {
  std::string method;      ///< upper case as sent
  std::string path;        ///< percent-decoded, without the query, starts with '/'
  std::string raw_target;  ///< as sent: "/a%20b?x=1"
  std::string query;       ///< after '?', still encoded
  std::string authority;   ///< Host or :authority
  bool secure = false;     ///< came over TLS
  Metadata headers;        ///< names in lower case, in order
  Buffer body;             ///< whole, transfer coding removed, content coding not
};

/// Thrown by BodySource::next() when a body can not go on and the log says why already: the connection is cut, so that the client
/// does not take what it has for the whole.
class BodyCut : public std::exception {
 public:
  const char* what() const noexcept override { return "the body was cut"; }
};

/// Gives the body of a streamed response piece by piece. The server drops it when it has all of it or the client is gone; context
/// is cancelled in the second case, also while next() is waited for.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// The next piece; an empty optional ends the body.
  virtual Task<std::optional<Buffer>> next() = 0;
};

struct Response {
  int status = 200;
  Metadata headers{};  ///< lower case; content-length and date are added by the server
  Buffer body{};
  std::shared_ptr<BodySource> stream{};  ///< instead of `body`: chunked in HTTP/1.1 unless its size is known
  std::optional<std::uint64_t>
      stream_size{};             ///< of `stream`: sent as content-length; a stream of another size cuts the connection
  bool drop_connection = false;  ///< no answer at all: the connection is cut (what Jina's WebSocket port does)
};

/// One message of a WebSocket.
struct WebSocketMessage {
  Buffer payload;
  bool binary = false;
};

/// An accepted WebSocket connection.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  /// The next message, or nullopt when the peer closed or the connection is gone. One read at a time.
  virtual Task<std::optional<WebSocketMessage>> read() = 0;
  /// Queues a message; sent in order. False when the connection is gone.
  virtual bool send(WebSocketMessage message) = 0;
  virtual std::size_t queued_bytes() const = 0;
  /// Waits until the queue is short again.
  virtual Task<void> drained() = 0;
  /// Sends what is queued, then the close frame, and waits for the peer's (bounded). `reason` is cut to 123 bytes of UTF-8.
  virtual Task<void> close(std::uint16_t code, std::string reason) = 0;
  /// Cuts the TCP connection without a close frame: the peer sees 1006.
  virtual void abort() = 0;
};

/// How to answer a WebSocket handshake: accept with `run`, or refuse with `refusal` when `run` is empty.
struct WebSocketDecision {
  std::string subprotocol{};  ///< echoed to the client when not empty
  Metadata headers{};         ///< of the 101 answer, beside those of the protocol
  std::string_view route{};   ///< its pattern, for spans; outlives the connection
  std::function<Task<void>(RequestContext&, std::shared_ptr<WebSocket>)> run{};
  Response refusal{};  ///< with a whole body
};

class Handler {
 public:
  virtual ~Handler() = default;
  virtual Task<Response> handle(RequestContext& context, Request request) = 0;
  /// Decides on an upgrade to WebSocket; the context is that of the handshake. The default asks accept_websocket().
  virtual Task<WebSocketDecision> decide_websocket(RequestContext& context, const Request& request);
  /// The same, for handlers that need no time for it. The default refuses with 403, as Jina does for unknown paths.
  virtual WebSocketDecision accept_websocket(const Request& request);
};

struct Limits {
  std::size_t max_body_bytes = std::size_t{1} << 31;               ///< larger: 413
  std::size_t max_header_bytes = 64 * 1024;                        ///< larger: 431
  std::size_t max_websocket_message_bytes = std::size_t{1} << 30;  ///< larger: close 1009
  std::chrono::milliseconds header_timeout{30'000};  ///< from the first byte of a request to the end of its header: 408
  std::chrono::milliseconds idle_timeout{300'000};   ///< keep-alive without a request
  std::chrono::milliseconds websocket_ping_interval{20'000};
};

}  // namespace jina::http

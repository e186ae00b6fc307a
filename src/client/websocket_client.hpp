// WebSocketClient: one WebSocket to a target's path.
//
// Thread: one I/O thread. Lifetime: await every operation before destruction. Cancellation: Asio's; the connection is lost then.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "client/target.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina::client {

struct WebSocketFrame {
  std::string payload{};
  bool binary = false;
};

class WebSocketClient {
 public:
  explicit WebSocketClient(Target target);
  ~WebSocketClient();
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  /// `subprotocol` is offered when not empty; a server that accepts without naming one is fine (Jina's does not).
  /// `headers` go with the handshake.
  Task<Status> open(std::string path, std::string subprotocol, Metadata headers = Metadata());
  Task<Status> send(WebSocketFrame frame);
  /// The next message; an empty optional when the peer closed with code 1000 or 1001. Other codes are errors with the reason:
  /// 1011 is UNAVAILABLE, a connection that was cut (1006) too.
  Task<Result<std::optional<WebSocketFrame>>> read();
  Task<void> close();
  /// Drops the connection; what waits for it fails.
  void cut();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::client

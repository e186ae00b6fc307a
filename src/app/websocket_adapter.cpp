#include "app/websocket_adapter.hpp"

#include <stdexcept>

#include "base/utf8.hpp"

namespace jina::app {
namespace {

constexpr std::size_t kHighWater = 256 * 1024;  // a sender waits above this many bytes not taken by the socket

class Adapter final : public ClosableWebSocket {
 public:
  explicit Adapter(std::shared_ptr<http::WebSocket> socket) : socket_(std::move(socket)) {}

  Task<std::optional<WebSocketText>> read() override {
    if (closed_) co_return std::nullopt;
    Task<std::optional<http::WebSocketMessage>> reading = socket_->read();
    const std::optional<http::WebSocketMessage> message = co_await std::move(reading);
    if (!message) co_return std::nullopt;
    co_return WebSocketText{message->payload.str(), message->binary};
  }

  Task<bool> send(std::string text) override {
    // The peer would end the connection for it, and nobody would know why.
    if (!is_utf8(text)) throw std::invalid_argument("WebSocket::send: the text is not UTF-8; send_binary() takes any bytes");
    return send_message({Buffer::take(std::move(text)), false});
  }
  Task<bool> send_binary(std::string bytes) override { return send_message({Buffer::take(std::move(bytes)), true}); }

  Task<void> close(std::uint16_t code, std::string reason) override {
    if (closed_) co_return;
    // Codes that RFC 6455 lets an endpoint send; others would be a protocol error to the peer.
    const bool allowed =
        (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) || (code >= 3000 && code < 5000);
    if (!allowed) throw std::invalid_argument("WebSocket::close: " + std::to_string(code) + " is no code that may be sent");
    closed_ = true;
    Task<void> closing = socket_->close(code, std::move(reason));
    co_await std::move(closing);
  }

  bool closed() const noexcept override { return closed_; }

 private:
  Task<bool> send_message(http::WebSocketMessage message) {
    if (closed_ || !socket_->send(std::move(message))) co_return false;
    if (socket_->queued_bytes() > kHighWater) {
      Task<void> drained = socket_->drained();
      co_await std::move(drained);
    }
    co_return true;
  }

  std::shared_ptr<http::WebSocket> socket_;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<ClosableWebSocket> adapt(std::shared_ptr<http::WebSocket> socket) {
  return std::make_unique<Adapter>(std::move(socket));
}

}  // namespace jina::app

// Transport over one WebSocket: encoded requests in binary frames, one zero byte at the end, as Jina's own client does it; answers
// are told apart by their request ids.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <deque>
#include <unordered_map>

#include "client/transport.hpp"
#include "client/websocket_client.hpp"

namespace jina::client {
namespace {

class WebSocketTransport final : public Transport, public std::enable_shared_from_this<WebSocketTransport> {
 public:
  WebSocketTransport(std::shared_ptr<Connections> connections, TransportOptions options)
      : connections_(std::move(connections)), options_(std::move(options)) {}

  void send(const std::string& id, const wire::DataRequest& request, Done done) override {
    if (!socket_) {
      socket_ = std::make_shared<Socket>(connections_->target());
      boost::asio::co_spawn(connections_->io(), open(shared_from_this(), socket_), boost::asio::detached);
    }
    socket_->asked.emplace(id, std::move(done));
    queue(request.serialize().str());
  }
  bool has_room() const override { return !socket_ || socket_->queued_bytes <= kMostQueuedBytes; }
  void when_room(UniqueFunction<void()> go) override {
    if (!socket_) return go();
    socket_->on_room = std::move(go);
  }
  void no_more() override {
    if (socket_ && !std::exchange(socket_->ended, true)) queue(std::string(1, '\0'));
  }
  void close() override {
    if (auto socket = std::exchange(socket_, nullptr)) {
      socket->asked.clear();
      socket->frames.clear();
      socket->on_room = nullptr;
      socket->client.cut();
    }
  }

 private:
  struct Socket {
    explicit Socket(Target target) : client(std::move(target)) {}
    WebSocketClient client;
    std::deque<std::string> frames{};
    std::size_t queued_bytes = 0;
    UniqueFunction<void()> on_room{};
    std::unordered_map<std::string, Done> asked{};
    bool is_open = false;
    bool writing = false;
    bool ended = false;
  };

  void queue(std::string frame) {
    socket_->queued_bytes += frame.size();
    socket_->frames.push_back(std::move(frame));
    if (socket_->is_open && !socket_->writing)
      boost::asio::co_spawn(connections_->io(), write_all(shared_from_this(), socket_), boost::asio::detached);
  }

  static Task<void> open(std::shared_ptr<WebSocketTransport> self, std::shared_ptr<Socket> socket) {
    const Metadata headers = self->options_.metadata;
    Status status = co_await socket->client.open("/", "bytes", headers);
    if (!status.ok()) {
      self->failed(socket, std::move(status));
      co_return;
    }
    if (self->socket_ != socket) {  // closed while it connected
      socket->client.cut();
      co_return;
    }
    socket->is_open = true;
    boost::asio::co_spawn(self->connections_->io(), write_all(self, socket), boost::asio::detached);
    while (true) {
      auto frame = co_await socket->client.read();
      if (!frame.ok()) {
        self->failed(socket, std::move(frame).error());
        co_return;
      }
      if (!frame->has_value()) break;
      Buffer bytes = Buffer::take(std::move((*frame)->payload));
      auto message = wire::DataRequest::parse(bytes);
      if (!message) {
        socket->client.cut();
        self->failed(socket, {StatusCode::kInternal, "the answer is no DataRequestProto: " + message.error().message});
        co_return;
      }
      const auto header = wire::parse_header(message->header.view());
      // Jina's client drops an answer that it cannot place, too.
      const auto at = header ? socket->asked.find(std::string(header->request_id)) : socket->asked.end();
      if (at == socket->asked.end()) continue;
      auto done = std::move(at->second);
      socket->asked.erase(at);
      done({.message = std::move(*message)});
    }
    self->failed(socket, {StatusCode::kUnavailable,
                          self->connections_->target().address() + " closed the WebSocket without an answer to every request"});
  }

  static Task<void> write_all(std::shared_ptr<WebSocketTransport> self, std::shared_ptr<Socket> socket) {
    if (std::exchange(socket->writing, true)) co_return;
    while (!socket->frames.empty()) {
      WebSocketFrame frame{std::move(socket->frames.front()), true};
      socket->frames.pop_front();
      const std::size_t size = frame.payload.size();
      const Status sent = co_await socket->client.send(std::move(frame));
      if (!sent.ok()) break;  // whoever reads hears why
      socket->queued_bytes -= size;
      if (socket->queued_bytes <= kMostQueuedBytes && socket->on_room) std::exchange(socket->on_room, nullptr)();
    }
    socket->writing = false;
  }

  void failed(const std::shared_ptr<Socket>& socket, Status status) {
    if (socket_ == socket) socket_ = nullptr;  // the next request opens another one
    auto asked = std::exchange(socket->asked, {});
    const bool retry = status.code != StatusCode::kUnimplemented && status.code != StatusCode::kCancelled;
    auto on_room = std::exchange(socket->on_room, nullptr);
    for (auto& [id, done] : asked) done({.status = status, .retry = retry});
    if (on_room) on_room();
  }

  std::shared_ptr<Connections> connections_;
  TransportOptions options_;
  std::shared_ptr<Socket> socket_{};
};

}  // namespace

std::shared_ptr<Transport> make_websocket_transport(std::shared_ptr<Connections> connections, TransportOptions options) {
  return std::make_shared<WebSocketTransport>(std::move(connections), std::move(options));
}

}  // namespace jina::client

// Client over WebSocket: encoded requests in binary frames, one zero byte at the end, as Jina's own client does it.
#include "client/answer.hpp"
#include "client/io.hpp"
#include "client/posts.hpp"
#include "client/websocket_client.hpp"

namespace jina::client {
namespace {

class WebSocketPost final : public Client {
 public:
  WebSocketPost(Target target, ClientOptions options) : target_(std::move(target)), options_(std::move(options)) {}

  Task<Result<Answer>> post(JsonRequest request) override {
    auto task = exchange(std::move(request));
    co_return co_await within<Answer>(options_.timeout, std::move(task));
  }

 private:
  Task<Result<Answer>> exchange(JsonRequest request) {
    WebSocketClient socket(target_);
    auto opened = co_await socket.open("/", "bytes");
    if (!opened.ok()) co_return opened;
    const auto id = new_request_id();
    WebSocketFrame frame{to_data_request(std::move(request), id).serialize().str(), true};
    auto sent = co_await socket.send(std::move(frame));
    if (!sent.ok()) co_return sent;
    WebSocketFrame end{std::string(1, '\0'), true};
    sent = co_await socket.send(std::move(end));
    if (!sent.ok()) co_return sent;
    std::optional<WebSocketFrame> answer;
    while (true) {
      auto next = co_await socket.read();
      if (!next.ok()) co_return next.error();
      if (!next->has_value()) break;  // closed with 1000, as it ends the stream
      answer = std::move(**next);
    }
    if (!answer) co_return Status{StatusCode::kInternal, "the gateway closed the WebSocket without an answer"};
    Buffer message = Buffer::take(std::move(answer->payload));
    co_return answer_from_message(message);
  }

  Target target_;
  ClientOptions options_;
};

}  // namespace

std::unique_ptr<Client> make_websocket_post(Target target, ClientOptions options) {
  return std::make_unique<WebSocketPost>(std::move(target), std::move(options));
}

}  // namespace jina::client

// For the tests of this folder: an App behind a real server, asked over sockets. What streams can be tested only so.
//
// Thread: the server has its own; everything else is the test's. Lifetime: fill `app`, call start(); the destructor stops it.
// Cancellation: none.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <memory>
#include <optional>
#include <string>

#include "app/app_handler.hpp"
#include "app/stream/stream_group.hpp"
#include "protocol/server/http_test_server.hpp"

namespace jina::app::testing {

class AppTestServer {
 public:
  ~AppTestServer() {
    if (!server_) return;
    server_->stop(std::chrono::milliseconds(0)).wait();
    boost::asio::co_spawn(server_->io(), front_.inner->finish(), boost::asio::use_future).get();
    // Their timers belong to the server's io_context.
    server_->on_thread([this] {
      front_.inner.reset();
      streams_.reset();
      return true;
    });
    server_.reset();
  }

  App app;

  void start(protocol::ServerOptions options = {}) {
    server_ = std::make_unique<protocol::HttpTestServer>(front_, std::move(options));
    streams_ = std::make_shared<StreamGroup>(server_->io().get_executor());
    front_.inner =
        std::make_unique<AppHandler>(app, AppEnvironment{.io = server_->io(), .class_name = "TestGateway", .streams = streams_});
  }
  protocol::HttpTestServer& server() { return *server_; }
  std::uint16_t port() const { return server_->port(); }
  std::size_t streams() {
    return server_->on_thread([this] { return streams_->size(); });
  }

  /// The whole answer to a request after which the connection ends.
  std::string ask(const std::string& method, const std::string& target, const std::string& headers = {},
                  const std::string& body = {}) {
    protocol::TestClient client(port());
    std::string request = method + " " + target + " HTTP/1.1\r\nhost: test\r\nconnection: close\r\n" + headers;
    if (!body.empty()) request += "content-length: " + std::to_string(body.size()) + "\r\n";
    client.send(request + "\r\n" + body);
    return client.read_to_end();
  }

 private:
  // The handler needs the io_context of the server, and the server its handler.
  struct Front final : http::Handler {
    std::unique_ptr<AppHandler> inner;
    Task<http::Response> handle(RequestContext& context, http::Request request) override {
      return inner->handle(context, std::move(request));
    }
    Task<http::WebSocketDecision> decide_websocket(RequestContext& context, const http::Request& request) override {
      return inner->decide_websocket(context, request);
    }
  };
  Front front_;
  std::shared_ptr<StreamGroup> streams_;
  std::unique_ptr<protocol::HttpTestServer> server_;
};

/// "200" of "HTTP/1.1 200 OK...".
inline std::string status_of(const std::string& answer) { return answer.size() < 12 ? answer : answer.substr(9, 3); }
inline std::string header_of(const std::string& answer, const std::string& name) {
  const std::size_t at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos || at > answer.find("\r\n\r\n")) return "(none)";
  const std::size_t begin = at + name.size() + 4;
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}
inline std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}
/// The body of a chunked answer; "(cut)" at the end when its end is missing.
inline std::string chunked_body_of(const std::string& answer) {
  std::string body = body_of(answer), out;
  for (;;) {
    const std::size_t line = body.find("\r\n");
    if (line == std::string::npos) return out + "(cut)";
    const std::size_t size = std::stoul(body.substr(0, line), nullptr, 16);
    if (body.size() < line + 2 + size) return out + "(cut)";
    if (size == 0) return out;
    out += body.substr(line + 2, size);
    body.erase(0, line + 4 + size);
  }
}

}  // namespace jina::app::testing

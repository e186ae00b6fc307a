// WebSocket routes over real connections.
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/app_test_server.hpp"
#include "app/app_test_support.hpp"

namespace jina::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Room {
  std::string room;
};
BOOST_DESCRIBE_STRUCT(Room, (), (room))
struct Count {
  int n = 1;
};
BOOST_DESCRIBE_STRUCT(Count, (), (n))

Task<void> echo(WebSocket& socket, Path<Room> room, Query<Count> count) {
  for (;;) {
    Task<std::optional<WebSocketText>> read = socket.read();
    std::optional<WebSocketText> message = co_await std::move(read);
    if (!message) co_return;
    if (message->payload == "leave") co_return;
    if (message->payload == "throw") throw std::runtime_error("secret");
    if (message->payload == "refuse") throw HttpError(403, "not for you");
    for (int i = 0; i < count->n; ++i) {
      std::string text = room->room + ": " + message->payload;
      Task<bool> send = socket.send(std::move(text));
      co_await std::move(send);
    }
  }
}

class WebSocketRoutes : public ::testing::Test {
 protected:
  std::string handshake(protocol::TestClient& client, const std::string& target, const std::string& fields = {}) {
    client.send("GET " + target +
                " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                fields + "\r\n");
    const auto response = client.read_response();
    return response.head + response.body;
  }
  static void send_text(protocol::TestClient& client, const std::string& text) {
    std::string frame{'\x81', static_cast<char>(0x80 | text.size())};
    client.send(frame + std::string(4, '\0') + text);
  }
  static std::string read_frame(protocol::TestClient& client) {
    const std::string head = client.read_exactly(2);
    return head.size() < 2 ? "(end)" : client.read_exactly(static_cast<unsigned char>(head[1]));
  }
  static std::string closed(std::uint16_t code) { return {static_cast<char>(code >> 8), static_cast<char>(code & 255)}; }

  app::testing::AppTestServer served_;
  App& app = served_.app;
};

TEST_F(WebSocketRoutes, TalkAndEnd) {
  app.websocket("/rooms/{room}", &echo);
  served_.start();
  protocol::TestClient client(served_.port());
  EXPECT_THAT(handshake(client, "/rooms/a%20b?n=2"), StartsWith("HTTP/1.1 101 "));
  send_text(client, "hi");
  EXPECT_EQ(read_frame(client), "a b: hi");
  EXPECT_EQ(read_frame(client), "a b: hi");
  send_text(client, "leave");
  EXPECT_EQ(read_frame(client), closed(1000));
}

TEST_F(WebSocketRoutes, WhatIsThrownCloses) {
  app.websocket("/rooms/{room}", &echo);
  served_.start();
  protocol::TestClient unexpected(served_.port()), refused(served_.port());
  EXPECT_THAT(handshake(unexpected, "/rooms/a"), StartsWith("HTTP/1.1 101 "));
  send_text(unexpected, "throw");
  const std::string reason = read_frame(unexpected);
  EXPECT_THAT(reason, StartsWith(closed(1011) + "error "));
  EXPECT_THAT(reason, ::testing::Not(HasSubstr("secret")));
  EXPECT_THAT(handshake(refused, "/rooms/a"), StartsWith("HTTP/1.1 101 "));
  send_text(refused, "refuse");
  EXPECT_EQ(read_frame(refused), closed(1008) + "not for you");
}

TEST_F(WebSocketRoutes, HandshakesAreRefused) {
  app.websocket("/rooms/{room}", &echo);
  app.get("/plain", [] { return 1; });
  served_.start();
  protocol::TestClient client(served_.port());
  const std::string wrong = handshake(client, "/rooms/a?n=x");
  EXPECT_THAT(wrong, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(wrong,
              HasSubstr(R"({"detail":[{"loc":["query","n"],"msg":"value is not a valid integer","type":"type_error.integer"}]})"));
  EXPECT_THAT(handshake(client, "/nowhere"), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(handshake(client, "/plain"), StartsWith("HTTP/1.1 403 "));
  client.send("GET /rooms/a HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 404);
}

TEST_F(WebSocketRoutes, Subprotocols) {
  app.websocket("/rooms/{room}", &echo).subprotocols({"v2", "v1"});
  served_.start();
  protocol::TestClient one(served_.port()), none(served_.port());
  EXPECT_THAT(handshake(one, "/rooms/a", "Sec-WebSocket-Protocol: v1, v2\r\n"), HasSubstr("\r\nsec-websocket-protocol: v2\r\n"));
  EXPECT_THAT(handshake(none, "/rooms/a", "Sec-WebSocket-Protocol: v3\r\n"), ::testing::Not(HasSubstr("sec-websocket-protocol")));
}

TEST_F(WebSocketRoutes, MiddlewareSeesHandshakes) {
  std::vector<int> seen;
  app.use([&seen](HttpRequest& request, RequestContext&, const Next& next) -> Task<HttpResponse> {
    return [](std::vector<int>& seen, HttpRequest& request, const Next& next) -> Task<HttpResponse> {
      if (request.header("x-key") != "open") throw HttpError(401, "no key");
      Task<HttpResponse> task = next(request);
      HttpResponse response = co_await std::move(task);
      seen.push_back(response.status);
      co_return response;
    }(seen, request, next);
  });
  app.websocket("/rooms/{room}", &echo);
  app.mount("/slow", [](App& slow) {
    slow.use([](HttpRequest& request, RequestContext&, const Next& next) -> Task<HttpResponse> {
      return [](HttpRequest& request, const Next& next) -> Task<HttpResponse> {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(1));
        co_await timer.async_wait(boost::asio::use_awaitable);
        Task<HttpResponse> task = next(request);
        co_return co_await std::move(task);
      }(request, next);
    });
    slow.websocket("/{room}", &echo);
  });
  served_.start();
  protocol::TestClient open(served_.port()), closed(served_.port()), slow(served_.port());
  EXPECT_THAT(handshake(closed, "/rooms/a"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(handshake(closed, "/nowhere"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(handshake(closed, "/rooms/a?n=x", "X-Key: open\r\n"), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(handshake(slow, "/slow/a", "X-Key: open\r\n"), StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(handshake(open, "/rooms/a", "X-Key: open\r\n"), StartsWith("HTTP/1.1 101 "));
  send_text(open, "hi");
  EXPECT_EQ(read_frame(open), "a: hi");
  send_text(open, "leave");
  EXPECT_EQ(read_frame(open), WebSocketRoutes::closed(1000));
  const std::vector<int> statuses = served_.server().on_thread([&] { return seen; });
  EXPECT_THAT(statuses, ::testing::ElementsAre(403, 101, 101));
}

}  // namespace
}  // namespace jina::app

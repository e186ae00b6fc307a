// WebSocket connections over real sockets, with a client that can say anything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/server/http_test_server.hpp"
#include "protocol/websocket/deflate.hpp"
#include "protocol/websocket/frame.hpp"

namespace jina::protocol {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;
using websocket::Opcode;

class Apps final : public http::Handler {
 public:
  Task<http::Response> handle(RequestContext&, http::Request) override {
    http::Response response;
    response.body = Buffer::copy_of("plain");
    co_return response;
  }
  http::WebSocketDecision accept_websocket(const http::Request& request) override {
    http::WebSocketDecision decision;
    if (const std::string* asked = find_value(request.headers, "sec-websocket-protocol")) decision.subprotocol = *asked;
    if (request.path == "/echo")
      decision.run = [this](RequestContext& c, std::shared_ptr<http::WebSocket> s) { return echo(this, c, s); };
    if (request.path == "/close") decision.run = [](RequestContext&, std::shared_ptr<http::WebSocket> s) { return close(s); };
    if (request.path == "/abort") decision.run = [](RequestContext&, std::shared_ptr<http::WebSocket> s) { return abort(s); };
    if (request.path == "/throw") decision.run = [](RequestContext&, std::shared_ptr<http::WebSocket> s) { return fail(s); };
    if (request.path == "/flood")
      decision.run = [this](RequestContext&, std::shared_ptr<http::WebSocket> s) { return flood(this, s); };
    if (request.path == "/slow")
      decision.run = [this](RequestContext&, std::shared_ptr<http::WebSocket> s) { return slow(this, s); };
    if (request.path == "/forever")
      decision.run = [this](RequestContext& c, std::shared_ptr<http::WebSocket>) { return forever(this, c); };
    if (request.path == "/broken") throw std::runtime_error("thrown for the test");
    decision.refusal.status = 403;
    return decision;
  }

  std::promise<CancelReason> cancelled;
  std::promise<void> entered;
  std::promise<void> ended;
  std::atomic<std::size_t> sent{0};
  std::atomic<std::size_t> received{0};

 private:
  static Task<void> echo(Apps* self, RequestContext& context, std::shared_ptr<http::WebSocket> socket) {
    const auto registration = context.on_cancel([self](CancelReason reason) { self->cancelled.set_value(reason); });
    while (true) {
      std::optional<http::WebSocketMessage> message = co_await socket->read();
      if (!message) break;
      socket->send(*std::move(message));
      co_await socket->drained();
    }
    self->ended.set_value();
  }
  static Task<void> close(std::shared_ptr<http::WebSocket> socket) {
    socket->send({Buffer::copy_of("before"), false});
    std::string reason = "because " + std::string(200, 'x');
    co_await socket->close(1011, reason);
    EXPECT_FALSE(socket->send({Buffer::copy_of("after"), false}));
  }
  static Task<void> abort(std::shared_ptr<http::WebSocket> socket) {
    co_await socket->read();
    socket->abort();
    EXPECT_FALSE(socket->send({Buffer::copy_of("after"), false}));
  }
  static Task<void> fail(std::shared_ptr<http::WebSocket> socket) {
    co_await socket->read();
    throw std::runtime_error("thrown for the test");
  }
  static Task<void> flood(Apps* self, std::shared_ptr<http::WebSocket> socket) {
    for (int i = 0; i < 1000; ++i) {
      socket->send({Buffer::take(std::string(100'000, 'f')), true});
      ++self->sent;
      co_await socket->drained();
    }
  }
  static Task<void> slow(Apps* self, std::shared_ptr<http::WebSocket> socket) {
    self->entered.set_value();
    while (true) {
      std::optional<http::WebSocketMessage> message = co_await socket->read();
      if (!message) break;
      ++self->received;
    }
    co_await socket->close(1000, "");
  }
  static Task<void> forever(Apps* self, RequestContext& context) {
    const auto registration = context.on_cancel([self](CancelReason reason) { self->cancelled.set_value(reason); });
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
    self->entered.set_value();
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
};

std::string handshake(std::string_view path, std::string_view fields = "") {
  return "GET " + std::string(path) +
         " HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         std::string(fields) + "\r\n";
}

// A masked frame; `first` is the whole first byte.
std::string frame_of(int first, std::string payload) {
  char header[10];
  const std::size_t length = websocket::write_header(header, Opcode::kText, payload.size(), false);
  std::string frame(header, length);
  frame[0] = static_cast<char>(first);
  frame[1] = static_cast<char>(frame[1] | 0x80);
  const unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};
  frame.append(reinterpret_cast<const char*>(mask), 4);
  websocket::apply_mask(payload.data(), payload.size(), mask, 0);
  return frame + payload;
}
std::string text(std::string payload) { return frame_of(0x81, std::move(payload)); }
std::string binary(std::string payload) { return frame_of(0x82, std::move(payload)); }
std::string close_frame(std::uint16_t code) { return frame_of(0x88, websocket::close_payload(code, "")); }

struct Frame {
  int first = 0;
  std::string payload;
};

class WebSocketClient : public TestClient {
 public:
  WebSocketClient(std::uint16_t port, std::string_view path, std::string_view fields = "") : TestClient(port) {
    send(handshake(path, fields));
    response = read_until("\r\n\r\n");
    EXPECT_THAT(response, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
    EXPECT_THAT(response, HasSubstr("\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  }
  Frame read_frame() {
    const std::string head = read_exactly(2);
    if (head.size() < 2) return {};
    std::uint64_t size = static_cast<unsigned char>(head[1]);
    if (size == 126 || size == 127) {
      const std::string extended = read_exactly(size == 126 ? 2 : 8);
      size = 0;
      for (const char c : extended) size = size << 8 | static_cast<unsigned char>(c);
    }
    return {static_cast<unsigned char>(head[0]), read_exactly(size)};
  }
  // The code of the close frame that comes now; after it the server must end the connection.
  int read_close() {
    const Frame frame = read_frame();
    EXPECT_EQ(frame.first, 0x88);
    if (frame.payload.size() < 2) return websocket::kNoCode;
    reason = frame.payload.substr(2);
    return static_cast<unsigned char>(frame.payload[0]) << 8 | static_cast<unsigned char>(frame.payload[1]);
  }
  std::string response, reason;
};

class WebSockets : public testing::Test {
 protected:
  static ServerOptions options() {
    ServerOptions options;
    options.http_limits.max_websocket_message_bytes = 1'000'000;
    return options;
  }
  Apps apps_;
  HttpTestServer server_{apps_, options()};
};

TEST_F(WebSockets, EchoesTextAndBinaryOfAllSizes) {
  WebSocketClient client(server_.port(), "/echo");
  for (const std::size_t size : {0, 1, 125, 126, 1000, 65535, 65536, 1'000'000}) {
    std::string payload(size, 'x');
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>('a' + i % 26);
    client.send(text(payload));
    Frame answer = client.read_frame();
    EXPECT_EQ(answer.first, 0x81);
    EXPECT_TRUE(answer.payload == payload) << size;
    for (auto& c : payload) c = static_cast<char>(c + 128);
    client.send(binary(payload));
    answer = client.read_frame();
    EXPECT_EQ(answer.first, 0x82);
    EXPECT_TRUE(answer.payload == payload) << size;
  }
}

TEST_F(WebSockets, ByteByByteAndFragmentedWithAPingInside) {
  WebSocketClient client(server_.port(), "/echo");
  client.send_byte_by_byte(frame_of(0x01, "Hel") + frame_of(0x89, "ping") + frame_of(0x00, "") + frame_of(0x80, "l\xC3\xB6"));
  const Frame pong = client.read_frame();
  EXPECT_EQ(pong.first, 0x8a);
  EXPECT_EQ(pong.payload, "ping");
  EXPECT_EQ(client.read_frame().payload, "Hell\xC3\xB6");
}

TEST_F(WebSockets, FramesSentWithTheHandshakeAreNotLost) {
  TestClient client(server_.port());
  client.send(handshake("/echo") + text("early"));
  client.read_until("\r\n\r\n");
  EXPECT_EQ(client.read_exactly(7),
            "\x81\x05"
            "early");
}

TEST_F(WebSockets, ClosedByTheClient) {
  WebSocketClient client(server_.port(), "/echo");
  client.send(text("last"));
  EXPECT_EQ(client.read_frame().payload, "last");
  client.send(close_frame(3456));
  EXPECT_EQ(client.read_close(), 3456);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended());
  apps_.ended.get_future().wait();
  client.close();
  while (server_.connections() != 0) std::this_thread::yield();
}

TEST_F(WebSockets, ClosedByTheServer) {
  WebSocketClient client(server_.port(), "/close");
  EXPECT_EQ(client.read_frame().payload, "before");
  EXPECT_EQ(client.read_close(), 1011);
  EXPECT_EQ(client.reason, "because " + std::string(115, 'x'));
  client.send(text("ignored") + close_frame(1011));
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended());
}

TEST_F(WebSockets, AbortIsNoClose) {
  WebSocketClient client(server_.port(), "/abort");
  client.send(text("go"));
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(WebSockets, AppThatThrowsCloses1011) {
  WebSocketClient client(server_.port(), "/throw");
  client.send(text("go"));
  EXPECT_EQ(client.read_close(), 1011);
}

TEST_F(WebSockets, LostClientCancels) {
  {
    WebSocketClient client(server_.port(), "/echo");
    client.reset();
  }
  EXPECT_EQ(apps_.cancelled.get_future().get(), CancelReason::kClient);
  apps_.ended.get_future().wait();
}

struct Wrong {
  const char* name;
  std::string frames;
  int code;
};
void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }
class WebSocketErrors : public WebSockets, public testing::WithParamInterface<Wrong> {};

TEST_P(WebSocketErrors, CloseWithTheRightCode) {
  WebSocketClient client(server_.port(), "/echo");
  client.send(GetParam().frames);
  EXPECT_EQ(client.read_close(), GetParam().code);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(apps_.cancelled.get_future().get(), CancelReason::kClient);
}

std::string unmasked() { return std::string("\x81\x02hi", 4); }

INSTANTIATE_TEST_SUITE_P(
    All, WebSocketErrors,
    testing::Values(
        Wrong{"unmasked", unmasked(), 1002}, Wrong{"reserved bit 1", frame_of(0xc1, "x"), 1002},
        Wrong{"reserved bit 2", frame_of(0xa1, "x"), 1002}, Wrong{"reserved opcode", frame_of(0x83, "x"), 1002},
        Wrong{"reserved control opcode", frame_of(0x8b, "x"), 1002}, Wrong{"continuation of nothing", frame_of(0x80, "x"), 1002},
        Wrong{"message inside a message", frame_of(0x01, "x") + text("y"), 1002},
        Wrong{"ping in fragments", frame_of(0x09, "x"), 1002}, Wrong{"long ping", frame_of(0x89, std::string(126, 'x')), 1002},
        Wrong{"not UTF-8", text("a\xff"), 1007}, Wrong{"cut character", text("a\xC3"), 1007},
        Wrong{"surrogate", text("\xED\xA0\x80"), 1007},
        Wrong{"not UTF-8 in an open fragment", frame_of(0x01, "\xC3") + frame_of(0x00, "\x41"), 1007},
        Wrong{"too big", binary(std::string(1'000'001, 'x')).substr(0, 100), 1009},
        Wrong{"too big in fragments", frame_of(0x02, std::string(600'000, 'x')) + frame_of(0x80, std::string(600'000, 'x')), 1009},
        Wrong{"long form of a short length", std::string("\x81\xfe\x00\x05\x00\x00\x00\x00hello", 13), 1002},
        Wrong{"length above 63 bits", std::string("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 14), 1002},
        Wrong{"close with one byte", frame_of(0x88, "x"), 1002}, Wrong{"close with a reserved code", close_frame(1006), 1002},
        Wrong{"close reason not UTF-8", frame_of(0x88, "\x03\xe8\xff"), 1007}));

TEST_F(WebSockets, Handshakes) {
  {
    WebSocketClient client(server_.port(), "/echo", "Sec-WebSocket-Protocol: json\r\n");
    EXPECT_THAT(client.response, HasSubstr("\r\nsec-websocket-protocol: json\r\n"));
  }
  TestClient client(server_.port());
  client.send(handshake("/unknown"));
  EXPECT_EQ(client.read_response().status, 403);
  client.send(handshake("/broken"));
  EXPECT_EQ(client.read_response().status, 500);
  std::string wrong = handshake("/echo");
  wrong.replace(wrong.find("Version: 13"), 11, "Version: 12");
  client.send(wrong);
  const auto response = client.read_response();
  EXPECT_EQ(response.status, 426);
  EXPECT_TRUE(response.has("sec-websocket-version: 13"));
  // The same connection goes on with HTTP.
  client.send("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n");
  EXPECT_EQ(client.read_response().body, "plain");
}

TEST_F(WebSockets, PerMessageDeflate) {
  WebSocketClient client(server_.port(), "/echo", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
  EXPECT_THAT(
      client.response,
      HasSubstr("\r\nsec-websocket-extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"));
  const std::string payload(5000, 'x');
  const std::string compressed = websocket::deflate_message(Buffer::copy_of(payload)).str();
  client.send(frame_of(0x41, compressed.substr(0, 5)) + frame_of(0x80, compressed.substr(5)));
  const Frame answer = client.read_frame();
  EXPECT_EQ(answer.first, 0xc1);
  Buffer back;
  ASSERT_EQ(websocket::inflate_message(Buffer::copy_of(answer.payload), 10'000, back), websocket::InflateResult::kOk);
  EXPECT_EQ(back.str(), payload);
  // A bomb.
  client.send(frame_of(0xc2, websocket::deflate_message(Buffer::take(std::string(5'000'000, '\0'))).str()));
  EXPECT_EQ(client.read_close(), 1009);
}

TEST_F(WebSockets, SenderWaitsForASlowReader) {
  WebSocketClient client(server_.port(), "/flood");
  std::size_t sent = 0;
  for (int same = 0; same < 200;) {
    const std::size_t now = server_.on_thread([this] { return apps_.sent.load(); });
    same = now == sent && now != 0 ? same + 1 : 0;
    sent = now;
  }
  EXPECT_LT(sent, 1000u);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(client.read_frame().payload.size(), 100'000u);
  EXPECT_EQ(client.read_close(), 1000);
}

TEST_F(WebSockets, ReaderGetsWhatWasPausedFor) {
  WebSocketClient client(server_.port(), "/slow");
  std::string many;
  for (int i = 0; i < 5000; ++i) many += text("x");  // many times the inbox, in few reads
  client.send(many);
  while (apps_.received < 5000) std::this_thread::yield();
}

TEST_F(WebSockets, StopClosesWithGoingAway) {
  WebSocketClient reading(server_.port(), "/slow");
  apps_.entered.get_future().wait();
  auto stopped = server_.stop(60s);
  EXPECT_EQ(reading.read_close(), 1001);
  reading.send(close_frame(1001));
  EXPECT_EQ(reading.read_to_end(), "");
  reading.close();
  stopped.wait();
}

TEST_F(WebSockets, StopCutsWhatIsLeftAfterTheGraceTime) {
  WebSocketClient client(server_.port(), "/forever");
  apps_.entered.get_future().wait();
  server_.stop(10ms).wait();
  EXPECT_EQ(apps_.cancelled.get_future().get(), CancelReason::kShutdown);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(WebSocketPing, SilentPeerIsCutAndAnAnsweringOneStays) {
  Apps apps;
  ServerOptions options;
  options.http_limits.websocket_ping_interval = 20ms;
  HttpTestServer server(apps, options);
  WebSocketClient answering(server.port(), "/slow");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(answering.read_frame().first, 0x89);
    answering.send(frame_of(0x8a, ""));
  }
  EXPECT_EQ(answering.read_frame().first, 0x89);
  EXPECT_EQ(answering.read_to_end(), "");  // no answer this time
}

}  // namespace
}  // namespace jina::protocol

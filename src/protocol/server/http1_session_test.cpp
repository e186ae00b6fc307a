// The HTTP/1.1 session over real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/http/signal.hpp"
#include "protocol/server/http_test_server.hpp"

namespace jina::protocol {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string get(std::string_view path, std::string_view fields = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n";
}
std::string post(std::string_view path, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

class Pieces final : public http::BodySource {
 public:
  Pieces(std::vector<std::string> pieces, std::size_t repeat) : pieces_(std::move(pieces)), left_(repeat * pieces_.size()) {}
  Task<std::optional<Buffer>> next() override {
    if (left_ == 0) co_return std::nullopt;
    const std::string& piece = pieces_[pieces_.size() - 1 - (--left_ % pieces_.size())];
    if (piece == "throw") throw std::runtime_error("in the middle of a body");
    ++given;
    co_return Buffer::copy_of(piece);
  }
  std::atomic<std::size_t> given{0};

 private:
  std::vector<std::string> pieces_;
  std::size_t left_;
};

class Routes final : public http::Handler {
 public:
  Task<http::Response> handle(RequestContext& context, http::Request request) override {
    http::Response response;
    response.headers.emplace_back("content-type", "text/plain");
    if (request.path == "/echo") {
      response.body = std::move(request.body);
    } else if (request.path == "/describe") {
      std::string text = request.method + " " + request.path + " ?" + request.query + " @" + request.authority;
      for (const auto& [name, value] : request.headers) text += " " + name + "=" + value;
      response.body = Buffer::take(std::move(text));
      EXPECT_THAT(context.peer, StartsWith("127.0.0.1:"));
      EXPECT_EQ(context.metadata, request.headers);
    } else if (request.path == "/throw") {
      throw std::runtime_error("thrown for the test");
    } else if (request.path == "/drop") {
      response.drop_connection = true;
    } else if (request.path == "/none") {
      response.status = 204;
    } else if (request.path == "/split") {
      response.headers.emplace_back("x-good", "1");
      response.headers.emplace_back("x-bad", "1\r\nset-cookie: evil");
      response.headers.emplace_back("content-length", "77");
    } else if (request.path == "/stream") {
      response.stream = std::make_shared<Pieces>(std::vector<std::string>{"first", "", "second"}, 1);
    } else if (request.path == "/stream-throw") {
      response.stream = std::make_shared<Pieces>(std::vector<std::string>{"first", "throw"}, 1);
    } else if (request.path == "/flood") {
      flood = std::make_shared<Pieces>(std::vector<std::string>{std::string(100'000, 'f')}, 1000);
      response.stream = flood;
    } else if (request.path == "/wait") {
      // Ends by release(), or by the cancellation of the context when the request says so.
      http::Signal signal(co_await boost::asio::this_coro::executor);
      release_ = &signal;
      const auto registration = context.on_cancel([this, stop = request.query == "cancel"](CancelReason reason) {
        cancelled.set_value(reason);
        if (stop) release_->notify();
      });
      entered.set_value();
      Task<void> wait = signal.wait();
      co_await std::move(wait);
      response.body = Buffer::copy_of("released");
    } else if (request.path == "/forever") {
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
      entered.set_value();
      try {
        co_await timer.async_wait(boost::asio::use_awaitable);
      } catch (const boost::system::system_error& error) {
        aborted = true;
        throw;
      }
    } else {
      response.status = 404;
    }
    co_return response;
  }
  void release() { release_->notify(); }

  std::promise<void> entered;
  std::promise<CancelReason> cancelled;
  std::atomic<bool> aborted{false};
  std::shared_ptr<Pieces> flood;

 private:
  http::Signal* release_ = nullptr;
};

class Http1 : public testing::Test {
 protected:
  Routes routes_;
  HttpTestServer server_{routes_};
};

class Http1WithLimits : public testing::Test {
 protected:
  static ServerOptions options() {
    ServerOptions options;
    options.http_limits.header_timeout = 60ms;
    options.http_limits.idle_timeout = 120ms;
    options.http_limits.max_body_bytes = 1'000'000;
    options.http_limits.max_header_bytes = 2000;
    return options;
  }
  Routes routes_;
  HttpTestServer server_{routes_, options()};
};

TEST_F(Http1, AnswersAndKeepsTheConnection) {
  TestClient client(server_.port());
  for (int i = 0; i < 3; ++i) {
    client.send(get("/describe?a=b%20c", "X-A: 1\r\n"));
    const auto response = client.read_response();
    EXPECT_THAT(response.head, StartsWith("HTTP/1.1 200 OK\r\nserver: jina\r\ndate: "));
    EXPECT_TRUE(response.has("content-type: text/plain"));
    EXPECT_THAT(response.head, Not(HasSubstr("connection:")));
    EXPECT_EQ(response.body, "GET /describe ?a=b%20c @h host=h x-a=1");
  }
}

TEST_F(Http1, ByteByByte) {
  TestClient client(server_.port());
  client.send_byte_by_byte(post("/echo", "hello"));
  EXPECT_EQ(client.read_response().body, "hello");
  client.send_byte_by_byte("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_response().body, "abc");
}

TEST_F(Http1, PipelinedRequestsAreAnsweredInOrder) {
  TestClient client(server_.port());
  std::string all;
  for (int i = 0; i < 100; ++i) all += post("/echo", "body " + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.read_response().body, "body " + std::to_string(i));
}

TEST_F(Http1, PipelinedWhileARequestRuns) {
  TestClient client(server_.port());
  client.send(get("/wait"));
  routes_.entered.get_future().wait();
  client.send(post("/echo", "one"));
  client.send(post("/echo", "two"));
  boost::asio::post(server_.io(), [this] { routes_.release(); });
  EXPECT_EQ(client.read_response().body, "released");
  EXPECT_EQ(client.read_response().body, "one");
  EXPECT_EQ(client.read_response().body, "two");
}

TEST_F(Http1, LargeBodiesBothWays) {
  std::string body(20'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7 >> 2);
  TestClient client(server_.port());
  std::thread sender([&] { client.send(post("/echo", body)); });
  const auto response = client.read_response();
  sender.join();
  EXPECT_TRUE(response.body == body);
}

TEST_F(Http1, ExpectContinue) {
  TestClient client(server_.port());
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_EQ(client.read_response().body, "ok");
}

TEST_F(Http1, HeadHasTheLengthAndNoBody) {
  TestClient client(server_.port());
  client.send("HEAD /describe HTTP/1.1\r\nHost: h\r\n\r\n" + get("/none"));
  EXPECT_TRUE(client.read_response(true).has("content-length: 26"));
  const auto none = client.read_response();
  EXPECT_THAT(none.head, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(none.head, Not(HasSubstr("content-length")));
}

TEST_F(Http1, ConnectionClose) {
  TestClient client(server_.port());
  client.send(get("/describe", "Connection: close\r\n"));
  EXPECT_THAT(client.read_to_end(), HasSubstr("\r\nconnection: close\r\n"));
  EXPECT_TRUE(client.ended());
}

TEST_F(Http1, Http10ClosesUnlessAskedToStay) {
  TestClient client(server_.port());
  client.send("GET /describe HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(client.read_response().has("connection: keep-alive"));
  client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::string rest = client.read_to_end();
  EXPECT_TRUE(client.ended());
  EXPECT_THAT(rest, HasSubstr("\r\nconnection: close\r\n"));
  EXPECT_THAT(rest, testing::EndsWith("\r\n\r\nfirstsecond"));
}

TEST_F(Http1, StreamsInChunks) {
  TestClient client(server_.port());
  client.send(get("/stream"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("\r\ntransfer-encoding: chunked\r\n"));
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n");
  client.send(post("/echo", "again"));
  EXPECT_EQ(client.read_response().body, "again");
}

TEST_F(Http1, StreamThatFailsIsCut) {
  TestClient client(server_.port());
  client.send(get("/stream-throw"));
  EXPECT_THAT(client.read_to_end(), Not(HasSubstr("0\r\n\r\n")));
}

TEST_F(Http1, StreamWaitsForASlowReader) {
  TestClient client(server_.port());
  client.send(get("/flood"));
  client.read_until("\r\n\r\n");
  // The socket's buffers fill, then the source must not be asked any more.
  std::size_t given = 0;
  for (int same = 0; same < 200;) {
    const std::size_t now = server_.on_thread([this] { return routes_.flood ? routes_.flood->given.load() : 0; });
    same = now == given && now != 0 ? same + 1 : 0;
    given = now;
  }
  EXPECT_LT(given, 1000u);
  std::size_t size = client.read_until("0\r\n\r\n").size();
  EXPECT_EQ(size, 1000 * (100'000 + std::string("186a0\r\n\r\n").size()) + 5);
}

TEST_F(Http1, HandlerThatThrowsIs500AndTheNextRequestIsServed) {
  TestClient client(server_.port());
  client.send(get("/throw") + post("/echo", "after"));
  const auto response = client.read_response();
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, "Internal Server Error");
  EXPECT_EQ(client.read_response().body, "after");
}

TEST_F(Http1, ResponseHeadersCanNotBeSplit) {
  TestClient client(server_.port());
  client.send(get("/split"));
  const auto response = client.read_response();
  EXPECT_TRUE(response.has("x-good: 1"));
  EXPECT_TRUE(response.has("content-length: 0"));
  EXPECT_THAT(response.head, Not(HasSubstr("evil")));
}

TEST_F(Http1, DropConnectionSendsNothing) {
  TestClient client(server_.port());
  client.send(get("/drop"));
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Http1, LostClientCancelsTheRequest) {
  TestClient client(server_.port());
  client.send(get("/wait?cancel"));
  routes_.entered.get_future().wait();
  client.close();
  EXPECT_EQ(routes_.cancelled.get_future().get(), CancelReason::kClient);
  while (server_.connections() != 0) std::this_thread::yield();
}

TEST_F(Http1, HalfClosedClientGetsItsAnswers) {
  TestClient client(server_.port());
  client.send(post("/echo", "one") + post("/echo", "two"));
  client.half_close();
  EXPECT_EQ(client.read_response().body, "one");
  EXPECT_EQ(client.read_response().body, "two");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended());
}

TEST_F(Http1, MalformedRequestIsAnsweredAndTheConnectionClosed) {
  for (const char* text : {"GET / HTTP/1.1\r\nHost : h\r\n\r\n", "\x16\x03\x01\x02", "GET / HTTP/1.1\nHost: h\n\n",
                           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET "
                           "/echo HTTP/1.1\r\n\r\n"}) {
    TestClient client(server_.port());
    client.send(text);
    const auto response = client.read_response();
    EXPECT_EQ(response.status, 400) << text;
    EXPECT_TRUE(response.has("connection: close"));
    EXPECT_TRUE(response.has("content-type: application/json"));
    EXPECT_THAT(response.body, StartsWith(R"({"detail":")"));
    client.half_close();
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_TRUE(client.ended());
  }
}

TEST_F(Http1, OtherStatusOfTheParser) {
  for (const auto& [text, status] :
       std::vector<std::pair<std::string, int>>{{"GET / HTTP/3.0\r\n\r\n", 505},
                                                {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
                                                {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n", 431},
                                                {"GET /" + std::string(70'000, 'x') + " HTTP/1.1\r\n", 414}}) {
    TestClient client(server_.port());
    client.send(text);
    EXPECT_EQ(client.read_response().status, status);
  }
}

TEST_F(Http1WithLimits, TooLargeABodyIs413AlthoughItIsStillBeingSent) {
  TestClient client(server_.port());
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n");
  client.send(std::string(3'000'000, 'x'));
  EXPECT_EQ(client.read_response().status, 413);
  TestClient chunked(server_.port());
  chunked.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nF4241\r\n");
  chunked.send(std::string(3'000'000, 'x'));
  EXPECT_EQ(chunked.read_response().status, 413);
}

TEST_F(Http1WithLimits, SlowHeaderIs408) {
  TestClient client(server_.port());
  client.send("GET / HTTP/1.1\r\nHost");
  const auto response = client.read_response();
  EXPECT_EQ(response.status, 408);
  EXPECT_EQ(response.body, R"({"detail":"the header did not arrive in time"})");
}

TEST_F(Http1WithLimits, SlowBodyIs408) {
  TestClient client(server_.port());
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(client.read_response().status, 408);
}

TEST_F(Http1WithLimits, IdleConnectionIsClosed) {
  TestClient silent(server_.port()), used(server_.port());
  used.send(post("/echo", "x"));
  EXPECT_EQ(used.read_response().body, "x");
  EXPECT_EQ(used.read_to_end(), "");
  EXPECT_TRUE(used.ended());
  EXPECT_EQ(silent.read_to_end(), "");
  EXPECT_TRUE(silent.ended());
}

TEST_F(Http1WithLimits, ReaderThatTakesNothingIsCut) {
  TestClient client(server_.port());
  client.send(get("/flood"));
  client.read_until("\r\n\r\n");
  while (server_.connections() != 0) std::this_thread::yield();
  EXPECT_LT(client.read_to_end().size(), 100'000'000u);
}

TEST_F(Http1, StopLetsARunningRequestFinish) {
  TestClient busy(server_.port()), idle(server_.port());
  idle.send(post("/echo", "x"));
  EXPECT_EQ(idle.read_response().body, "x");
  busy.send(get("/wait"));
  routes_.entered.get_future().wait();
  auto stopped = server_.stop(60s);
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_TRUE(idle.ended());
  EXPECT_NE(stopped.wait_for(0s), std::future_status::ready);
  EXPECT_THROW(TestClient(server_.port()), boost::system::system_error);
  boost::asio::post(server_.io(), [this] { routes_.release(); });
  const auto response = busy.read_response();
  EXPECT_EQ(response.body, "released");
  EXPECT_TRUE(response.has("connection: close"));
  EXPECT_EQ(busy.read_to_end(), "");
  stopped.wait();
}

TEST_F(Http1, StopCutsWhatIsLeftAfterTheGraceTime) {
  TestClient client(server_.port());
  client.send(get("/forever"));
  routes_.entered.get_future().wait();
  server_.stop(10ms).wait();
  EXPECT_TRUE(routes_.aborted);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Http1, StopEndsASilentConnection) {
  TestClient client(server_.port());
  while (server_.connections() == 0) std::this_thread::yield();
  server_.stop(60s).wait();
  EXPECT_EQ(client.read_to_end(), "");
}

}  // namespace
}  // namespace jina::protocol

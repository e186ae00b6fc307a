// Plain HTTP over HTTP/2: streamed bodies, clients that go away, servers that stop.
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "listener/connector.hpp"
#include "protocol/http2/connection.hpp"
#include "protocol/server/http_test_server.hpp"

namespace jina::protocol {
namespace {

using namespace std::chrono_literals;

struct Answer final : http2::StreamObserver {
  std::map<std::string, std::string> headers;
  std::string body;
  bool headers_complete = false, ended = false, closed = false;
  http2::ErrorCode code = http2::ErrorCode::kNoError;
  http2::Stream* stream = nullptr;
  bool reading = true;

  void on_header(std::string_view name, std::string_view value) override { headers[std::string(name)] = value; }
  void on_headers_complete(bool end_stream) override {
    headers_complete = true;
    ended = end_stream;
  }
  void on_data(Bytes data) override {
    body += data.view();
    if (reading) stream->consume(data.size());
  }
  void on_end() override { ended = true; }
  void on_close(const http2::CloseReason& reason) override {
    closed = true;
    code = reason.code;
    stream = nullptr;
  }
};

// A client on the test's thread.
class Http2Client final : public http2::ConnectionOwner {
 public:
  explicit Http2Client(std::uint16_t port) {
    bool done = false;
    net::connect(io_, "127.0.0.1:" + std::to_string(port), 5s, {}, [&](Result<std::unique_ptr<net::Transport>> transport) {
      connection_ =
          std::make_shared<http2::Connection>(http2::Role::kClient, *std::move(transport), http2::ConnectionOptions{}, *this);
      connection_->start({});
      done = true;
    });
    run_until([&] { return done; });
  }
  ~Http2Client() override {
    if (connection_) connection_->abort("the test is over");
    io_.poll();
  }

  std::shared_ptr<Answer> send(std::string_view method, std::string_view path) {
    auto answer = std::make_shared<Answer>();
    const std::vector<http2::Header> head{{":method", method}, {":scheme", "http"}, {":authority", "test"}, {":path", path}};
    answer->stream = connection_->open(head, answer, true);
    return answer;
  }
  void abort() { connection_->abort("on purpose"); }
  template <class F>
  bool run_until(F condition) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      io_.restart();
      io_.run_one_for(10ms);
    }
    return true;
  }

 private:
  std::shared_ptr<http2::StreamObserver> on_stream(http2::Stream&) override { return nullptr; }
  void on_closed(const std::string&) override { connection_.reset(); }

  boost::asio::io_context io_{1};
  std::shared_ptr<http2::Connection> connection_;
};

// Pieces until it is told to stop, then the end, an error or a cut.
struct Pieces final : http::BodySource {
  int left;
  std::exception_ptr thrown;
  std::atomic<int>* dropped;
  Pieces(int count, std::exception_ptr then, std::atomic<int>* counter) : left(count), thrown(std::move(then)), dropped(counter) {}
  ~Pieces() override {
    if (dropped != nullptr) ++*dropped;
  }
  Task<std::optional<Buffer>> next() override {
    if (left-- > 0) co_return Buffer::copy_of("piece\n");
    if (thrown) std::rethrow_exception(thrown);
    co_return std::nullopt;
  }
};

struct TestHandler final : http::Handler {
  std::atomic<int> dropped{0}, cancelled{0}, aborted{0}, running{0};

  Task<http::Response> handle(RequestContext& context, http::Request request) override {
    http::Response response;
    if (request.path == "/wait") {
      const auto registration = context.on_cancel([this](CancelReason) { ++cancelled; });
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
      ++running;
      try {
        co_await timer.async_wait(boost::asio::use_awaitable);
      } catch (const boost::system::system_error&) {
        ++aborted;
        throw;
      }
    } else if (request.path == "/metadata") {
      response.body = Buffer::copy_of(std::to_string(context.metadata.size()));
    } else if (request.path == "/headers") {
      response.headers = {{"connection", "close"}, {"bad name", "x"}, {"x-bad", "a\nb"}, {"x-good", "1"}, {"content-length", "7"}};
      response.body = Buffer::copy_of("x");
    } else if (request.path == "/empty") {
      response.status = 204;
    } else {
      const std::exception_ptr error = request.path == "/error" ? std::make_exception_ptr(std::runtime_error("oops"))
                                       : request.path == "/cut" ? std::make_exception_ptr(http::BodyCut())
                                                                : nullptr;
      response.stream = std::make_shared<Pieces>(request.path == "/endless" ? 1 << 30 : 3, error, &dropped);
      if (request.path == "/sized") response.stream_size = 18;
      if (request.path == "/short") response.stream_size = 19;
      if (request.path == "/long") response.stream_size = 17;
    }
    co_return response;
  }
};

class Http2 : public ::testing::Test {
 protected:
  TestHandler handler;
  HttpTestServer server{handler};
  Http2Client client{server.port()};

  std::shared_ptr<Answer> ask(std::string_view method, std::string_view path) {
    std::shared_ptr<Answer> answer = client.send(method, path);
    EXPECT_TRUE(client.run_until([&] { return answer->closed; })) << path;
    return answer;
  }
  bool becomes(const std::atomic<int>& counter, int value) {
    return client.run_until([&] { return counter == value; });
  }
};

TEST_F(Http2, Streams) {
  const auto plain = ask("GET", "/plain"), sized = ask("GET", "/sized"), head = ask("HEAD", "/sized");
  EXPECT_EQ(plain->body, "piece\npiece\npiece\n");
  EXPECT_EQ(plain->headers.count("content-length"), 0u);
  EXPECT_EQ(plain->headers.count("date"), 1u);
  EXPECT_EQ(sized->body, plain->body);
  EXPECT_EQ(sized->headers["content-length"], "18");
  EXPECT_EQ(head->headers["content-length"], "18");
  EXPECT_EQ(head->body, "");
  EXPECT_TRUE(head->ended);
  EXPECT_TRUE(becomes(handler.dropped, 3));
}

TEST_F(Http2, BodiesThatGoWrongAreReset) {
  for (const char* path : {"/error", "/cut", "/short", "/long"}) {
    const auto answer = ask("GET", path);
    EXPECT_EQ(answer->headers[":status"], "200") << path;
    EXPECT_EQ(answer->code, http2::ErrorCode::kInternalError) << path;
    EXPECT_FALSE(answer->ended) << path;
  }
}

TEST_F(Http2, HeadersAndContext) {
  const auto headers = ask("GET", "/headers");
  EXPECT_EQ(headers->headers.count("connection"), 0u);
  EXPECT_EQ(headers->headers.count("x-bad"), 0u);
  EXPECT_EQ(headers->headers["x-good"], "1");
  EXPECT_EQ(headers->headers["content-length"], "1");
  EXPECT_EQ(ask("GET", "/empty")->headers.count("content-length"), 0u);
  EXPECT_NE(ask("GET", "/metadata")->body, "");
}

TEST_F(Http2, AResetStreamCancelsTheContextOnly) {
  const auto answer = client.send("GET", "/wait");
  EXPECT_TRUE(becomes(handler.running, 1));
  answer->stream->reset(http2::ErrorCode::kCancel);
  EXPECT_TRUE(becomes(handler.cancelled, 1));
  EXPECT_EQ(handler.aborted, 0);
  EXPECT_EQ(server.connections(), 2u);  // the connection, and the handler without one
  server.stop(0ms).wait();              // waits for the handler
  EXPECT_EQ(handler.aborted, 1);
}

TEST_F(Http2, ALostConnectionDropsAStream) {
  const auto answer = client.send("GET", "/endless");
  answer->reading = false;
  EXPECT_TRUE(client.run_until([&] { return answer->body.size() > 100'000; }));
  client.abort();
  EXPECT_TRUE(becomes(handler.dropped, 1));
}

TEST_F(Http2, StoppingEndsWhatRuns) {
  client.send("GET", "/wait");
  EXPECT_TRUE(becomes(handler.running, 1));
  server.stop(0ms).wait();
  EXPECT_EQ(handler.cancelled, 1);
  EXPECT_EQ(handler.aborted, 1);
}

}  // namespace
}  // namespace jina::protocol

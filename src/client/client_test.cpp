#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "client/answer.hpp"
#include "client/client.hpp"
#include "client/http_client.hpp"
#include "client/ping.hpp"
#include "client/target.hpp"

namespace jina::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using std::chrono::milliseconds;
using testing::HasSubstr;

std::string url_of(std::string_view text, const TargetDefaults& defaults = {}) {
  auto target = parse_target(text, defaults);
  return target ? target->url() : target.error().message;
}

TEST(Target, Forms) {
  EXPECT_EQ(url_of("grpc://127.0.0.1:1234"), "grpc://127.0.0.1:1234");
  EXPECT_EQ(url_of("localhost:1"), "grpc://localhost:1");
  EXPECT_EQ(url_of("localhost"), "grpc://localhost:80");
  EXPECT_EQ(url_of("https://h/"), "https://h:443");
  EXPECT_EQ(url_of("WS://h:5"), "ws://h:5");
  EXPECT_EQ(url_of("wss://h"), "wss://h:443");
  EXPECT_EQ(url_of("websocket://h:5"), "ws://h:5");
  EXPECT_EQ(url_of("grpcs://[::1]:7"), "grpcs://[::1]:7");
  EXPECT_EQ(url_of(":9", {.host = "h"}), "grpc://h:9");
  EXPECT_EQ(url_of("h", {.protocol = Protocol::kHttp, .tls = true, .port = 8}), "https://h:8");
  EXPECT_THAT(url_of("gopher://h"), HasSubstr("the scheme 'gopher' is none of grpc, grpcs, http, https, ws, wss"));
  EXPECT_THAT(url_of("h:0"), HasSubstr("'0' is no port from 1 to 65535"));
  EXPECT_THAT(url_of("h:x"), HasSubstr("'x' is no port"));
  EXPECT_THAT(url_of("http://h:1/post"), HasSubstr("a path has no meaning here"));
  EXPECT_THAT(url_of("::1:5"), HasSubstr("in brackets"));
  EXPECT_THAT(url_of("http://", {.host = ""}), HasSubstr("the host is missing"));
}

/// One server for a test: `serve` gets each accepted connection.
class TestServer {
 public:
  using Serve = std::function<asio::awaitable<void>(asio::ip::tcp::socket)>;
  TestServer(asio::io_context& io, Serve serve) : acceptor_(io, {asio::ip::address_v4::loopback(), 0}), serve_(std::move(serve)) {
    asio::co_spawn(io, accept(), [](std::exception_ptr) {});
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  int accepted = 0;

 private:
  asio::awaitable<void> accept() {
    while (true) {
      auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
      ++accepted;
      asio::co_spawn(acceptor_.get_executor(), serve_(std::move(socket)), [](std::exception_ptr) {});
    }
  }
  asio::ip::tcp::acceptor acceptor_;
  Serve serve_;
};

Target target_of(Protocol protocol, const TestServer& server) {
  Target target;
  target.protocol = protocol;
  target.host = "127.0.0.1";
  target.port = server.port();
  return target;
}

template <class T>
asio::awaitable<void> keep(Task<T> task, std::optional<T>* result, asio::io_context* io) {
  T value = co_await std::move(task);
  result->emplace(std::move(value));
  io->stop();
}

template <class T>
T run(asio::io_context& io, Task<T> task) {
  std::optional<T> result;
  asio::co_spawn(io, keep<T>(std::move(task), &result, &io), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  io.restart();
  io.run();
  return std::move(*result);
}

/// Answers every request with its method, path and body, or as `answer` says.
asio::awaitable<void> echo_http(asio::ip::tcp::socket socket) {
  beast::flat_buffer buffer;
  while (true) {
    beast::http::request<beast::http::string_body> request;
    co_await beast::http::async_read(socket, buffer, request, asio::use_awaitable);
    beast::http::response<beast::http::string_body> response(beast::http::status::ok, 11);
    if (request.target() == "/hang")
      co_return (void) co_await socket.async_wait(asio::ip::tcp::socket::wait_error, asio::use_awaitable);
    if (request.target() == "/dry_run")
      response.body() = R"({"code":1,"description":"down","exception":null})";
    else if (request.target() == "/post" && request.body().find("/missing") != std::string::npos)
      response.result(404), response.body() = R"({"detail":"Not Found"})";
    else if (request.target() == "/post" || request.target() == "/missing")
      response.body() = R"({"header":{"status":null},"data":[{"text":"X"}]})";
    else
      response.body() = std::string(request.method_string()) + " " + std::string(request.target()) + " " + request.body();
    response.prepare_payload();
    response.keep_alive(request.target() != "/close");
    co_await beast::http::async_write(socket, response, asio::use_awaitable);
    if (!response.keep_alive()) co_return;
  }
}

TEST(HttpClient, KeepsTheConnectionAndReplacesALostOne) {
  asio::io_context io(1);
  TestServer server(io, echo_http);
  HttpClient http(target_of(Protocol::kHttp, server));
  auto first = run(io, http.send({.method = "POST", .path = "/a", .body = "{}"}));
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->status, 200);
  EXPECT_EQ(first->body, "POST /a {}");
  EXPECT_EQ(run(io, http.send({.path = "/close"}))->body, "GET /close ");
  EXPECT_EQ(server.accepted, 1);
  EXPECT_EQ(run(io, http.send({.path = "/b"}))->body, "GET /b ");
  EXPECT_EQ(server.accepted, 2);
}

TEST(HttpClient, EndsAtItsLimit) {
  asio::io_context io(1);
  TestServer server(io, echo_http);
  HttpClient http(target_of(Protocol::kHttp, server));
  auto late = run(io, http.send({.path = "/hang"}, milliseconds(30)));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, StatusCode::kDeadlineExceeded);
  EXPECT_EQ(run(io, http.send({.path = "/again"}))->body, "GET /again ");
}

TEST(Ping, Http) {
  asio::io_context io(1);
  TestServer server(io, echo_http);
  const auto target = target_of(Protocol::kHttp, server);
  EXPECT_TRUE(run(io, ping(io, target, PingKind::kRuntime, milliseconds(2000))).ok());
  const auto flow = run(io, ping(io, target, PingKind::kFlow, milliseconds(2000)));
  EXPECT_EQ(flow.to_string(), "UNAVAILABLE: the dry run failed: down");
}

JsonRequest request_of(std::string_view body) {
  auto parsed = parse_json_request(body, {});
  return std::get<JsonRequest>(std::move(parsed));
}

TEST(Client, HttpFallsBackToTheEndpointsOwnRoute) {
  asio::io_context io(1);
  TestServer server(io, echo_http);
  auto client = Client::make(io, target_of(Protocol::kHttp, server));
  auto answer = run(io, client->post(request_of(R"({"data":[{"text":"x"}],"execEndpoint":"/missing"})")));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_THAT(answer->json, HasSubstr(R"("text":"X")"));
  EXPECT_TRUE(answer->outcome.ok());
}

asio::awaitable<void> echo_websocket(asio::ip::tcp::socket socket) {
  beast::websocket::stream<asio::ip::tcp::socket> stream(std::move(socket));
  co_await stream.async_accept(asio::use_awaitable);
  beast::flat_buffer buffer;
  while (true) {
    buffer.clear();
    co_await stream.async_read(buffer, asio::use_awaitable);
    if (buffer.size() == 1 && *static_cast<const char*>(buffer.data().data()) == '\0') break;
    stream.binary(true);
    co_await stream.async_write(buffer.data(), asio::use_awaitable);
  }
  const beast::websocket::close_reason normal(beast::websocket::close_code::normal);
  co_await stream.async_close(normal, asio::use_awaitable);
}

asio::awaitable<void> refuse_websocket(asio::ip::tcp::socket socket) {
  beast::websocket::stream<asio::ip::tcp::socket> stream(std::move(socket));
  co_await stream.async_accept(asio::use_awaitable);
  const beast::websocket::close_reason broken(beast::websocket::close_code::internal_error, "nobody there");
  co_await stream.async_close(broken, asio::use_awaitable);
}

TEST(Client, WebSocket) {
  asio::io_context io(1);
  TestServer server(io, echo_websocket);
  auto client = Client::make(io, target_of(Protocol::kWebSocket, server));
  auto answer = run(io, client->post(request_of(R"({"data":[{"text":"x"}],"execEndpoint":"/e"})")));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_THAT(answer->json, HasSubstr(R"("execEndpoint":"/e")"));
  EXPECT_THAT(answer->json, HasSubstr(R"("text":"x")"));
}

TEST(Client, WebSocketCloseCodeIsTheError) {
  asio::io_context io(1);
  TestServer server(io, refuse_websocket);
  auto client = Client::make(io, target_of(Protocol::kWebSocket, server));
  auto answer = run(io, client->post(request_of(R"({"data":[]})")));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, StatusCode::kUnavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("closed the WebSocket with code 1011: nobody there"));
}

TEST(Client, NobodyThere) {
  asio::io_context io(1);
  std::uint16_t port = 0;
  {
    TestServer gone(io, echo_http);
    port = gone.port();
  }
  for (const auto protocol : {Protocol::kGrpc, Protocol::kHttp, Protocol::kWebSocket}) {
    asio::io_context fresh(1);
    Target target;
    target.protocol = protocol;
    target.host = "127.0.0.1";
    target.port = port;
    auto client = Client::make(fresh, target);
    auto answer = run(fresh, client->post(request_of(R"({"data":[]})")));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, StatusCode::kUnavailable) << answer.error().to_string();
    EXPECT_THAT(answer.error().message, HasSubstr("Connection refused"));
  }
}

TEST(Answer, Http) {
  EXPECT_EQ(answer_from_http({503, {}, R"({"header":{"status":{"code":1,"description":"down"}}})"})->outcome.to_string(),
            "UNAVAILABLE: HTTP status 503: down");
  EXPECT_EQ(
      answer_from_http({200, {}, R"j({"header":{"status":{"code":1,"description":"ValueError('x')"}}})j"})->outcome.to_string(),
      "UNKNOWN: ValueError('x')");
  EXPECT_EQ(answer_from_http({500, {}, "Internal Server Error"}).status().to_string(),
            "UNKNOWN: HTTP status 500: Internal Server Error");
}

}  // namespace
}  // namespace jina::client

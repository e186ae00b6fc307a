#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <thread>

#include "client/client_test_kit.hpp"
#include "client/http_client.hpp"
#include "client/ping.hpp"
#include "client/target.hpp"
#include "jina/client.hpp"

namespace jina::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using std::chrono::milliseconds;
using testing::HasSubstr;

/// Answers every request with its method, path and body, or as `answer` says.
asio::awaitable<void> echo_http(asio::ip::tcp::socket socket) {
  beast::flat_buffer buffer;
  while (true) {
    beast::http::request<beast::http::string_body> request;
    co_await beast::http::async_read(socket, buffer, request, asio::use_awaitable);
    beast::http::response<beast::http::string_body> response(beast::http::status::ok, 11);
    if (request.target() == "/hang")
      co_return (void) co_await socket.async_wait(asio::ip::tcp::socket::wait_error, asio::use_awaitable);
    if (request.target() == "/openapi.json")
      response.result(404);
    else if (request.target() == "/dry_run")
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

DocumentArray one_text(std::string text) { return {Document{{.text = std::move(text)}}}; }

std::string url_of_server(const char* scheme, const TestServer& server) {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(server.port());
}

TEST(Client, HttpFallsBackToTheEndpointsOwnRoute) {
  asio::io_context io(1);
  TestServer server(io, echo_http);
  AsyncClient client(io, url_of_server("http", server));
  const auto answers = run(io, client.post_responses("/missing", one_text("x")));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].docs.at(0).text(), "X");
  EXPECT_FALSE(answers[0].error);
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

/// Accepts, reads, and never says anything.
asio::awaitable<void> hang(asio::ip::tcp::socket socket) {
  co_await socket.async_wait(asio::ip::tcp::socket::wait_error, asio::use_awaitable);
}

Task<std::optional<Document>> countdown(int* left) {
  std::optional<Document> next;
  if (*left == 0) co_return next;
  co_await asio::post(asio::use_awaitable);
  next.emplace(DocumentFields{.text = std::to_string((*left)--)});
  co_return next;
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
  AsyncClient client(io, url_of_server("ws", server));
  PostOptions options;
  options.request_size = 1;
  options.results_in_order = true;
  const auto answers =
      run(io, client.post_responses("/e", DocumentArray{Document{{.text = "x"}}, Document{{.text = "y"}}}, options));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].exec_endpoint, "/e");
  EXPECT_EQ(answers[0].docs.at(0).text(), "x");
  EXPECT_EQ(answers[1].docs.at(0).text(), "y");
  EXPECT_EQ(server.accepted, 1);
}

/// What a post ends with.
Task<Status> failure_of(AsyncClient* client, Inputs inputs, PostOptions options) {
  ResponseStream answers = client->stream("/e", std::move(inputs), std::move(options));
  while (true) {
    auto answer = co_await answers.try_next();
    if (!answer || !*answer) co_return answer.status();
  }
}

TEST(Client, WebSocketCloseCodeIsTheError) {
  asio::io_context io(1);
  TestServer server(io, refuse_websocket);
  AsyncClient client(io, url_of_server("ws", server));
  PostOptions twice;
  twice.max_attempts = 2;
  twice.initial_backoff = milliseconds(1);
  const auto status = run(io, failure_of(&client, one_text("x"), twice));
  EXPECT_EQ(status.code, StatusCode::kUnavailable);
  EXPECT_THAT(status.message, HasSubstr("closed the WebSocket with code 1011: nobody there"));
  EXPECT_THAT(status.message, HasSubstr("after 2 attempts"));
  EXPECT_EQ(server.accepted, 2);
}

TEST(Client, NobodyThere) {
  std::uint16_t port = 0;
  {
    asio::io_context io(1);
    TestServer gone(io, echo_http);
    port = gone.port();
  }
  for (const char* scheme : {"grpc", "http", "ws"})
    for (const bool stream : {true, false}) {
      asio::io_context io(1);
      AsyncClient client(io, std::string(scheme) + "://127.0.0.1:" + std::to_string(port));
      PostOptions options;
      options.stream = stream;
      const auto status = run(io, failure_of(&client, one_text("x"), options));
      EXPECT_EQ(status.code, StatusCode::kUnavailable) << status.to_string();
      EXPECT_THAT(status.message, HasSubstr("Connection refused"));
      EXPECT_FALSE(run(io, client.is_flow_ready()));
    }
}

TEST(Client, TimeoutIsOfAllOfIt) {
  asio::io_context io(1);
  TestServer server(io, [](asio::ip::tcp::socket socket) -> asio::awaitable<void> { return hang(std::move(socket)); });
  for (const char* scheme : {"grpc", "http", "ws"}) {
    AsyncClient client(io, url_of_server(scheme, server));
    PostOptions options;
    options.timeout = milliseconds(30);
    options.max_attempts = 5;
    const auto status = run(io, failure_of(&client, one_text("x"), options));
    EXPECT_EQ(status.to_string(), "DEADLINE_EXCEEDED: no answer within 30 ms") << scheme;
  }
}

TEST(Client, InputsAreTakenAsThereIsRoom) {
  asio::io_context io(1);
  TestServer server(io, echo_websocket);
  AsyncClient client(io, url_of_server("ws", server));
  int given = 0;
  PostOptions options;
  options.request_size = 1;
  options.prefetch = 3;
  Inputs endless([&given]() -> std::optional<Document> { return Document{{.text = std::to_string(given++)}}; });
  {
    ResponseStream answers = client.stream("/e", std::move(endless), options);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(run(io, answers.next()));
    EXPECT_GE(given, 10);
    EXPECT_LE(given, 10 + 3);
  }
  Inputs broken([]() -> std::optional<Document> { throw std::runtime_error("no more tape"); });
  EXPECT_EQ(run(io, failure_of(&client, std::move(broken), {})).to_string(),
            "INVALID_ARGUMENT: the inputs of the request threw: no more tape");
  EXPECT_THAT(run(io, client.post("/e", DocumentArray())), testing::IsEmpty());
}

TEST(Client, InputsOfAllKinds) {
  asio::io_context io(1);
  TestServer server(io, echo_websocket);
  AsyncClient client(io, url_of_server("ws", server));
  const std::vector<Document> documents{Document{{.text = "a"}}, Document{{.text = "b"}}};
  EXPECT_EQ(run(io, client.post("/e", Inputs::range(documents))).size(), 2U);
  EXPECT_EQ(run(io, client.post("/e", {documents[0], documents[1]})).size(), 2U);
  EXPECT_EQ(run(io, client.post("/e", documents[0])).size(), 1U);
  int left = 2;
  Inputs coroutine([&left]() -> Task<std::optional<Document>> { return countdown(&left); });
  EXPECT_EQ(run(io, client.post("/e", std::move(coroutine))).size(), 2U);
  const auto none = run(io, client.post_responses("/e"));
  ASSERT_EQ(none.size(), 1U);
  EXPECT_TRUE(none[0].docs.empty());
  EXPECT_TRUE(none[0].parameters.contains("__results__"));
}

TEST(Client, BlocksOnItsOwnThread) {
  asio::io_context io(1);
  TestServer server(io, echo_websocket);
  std::thread serves([&io] { io.run(); });
  {
    Client client(url_of_server("ws", server));
    EXPECT_EQ(client.post("/e", one_text("x")).at(0).text(), "x");
    std::vector<std::string> seen;
    PostOptions options;
    options.request_size = 1;
    options.results_in_order = true;
    options.on_done = [&](const Response& answer) { seen.push_back(answer.docs.at(0).text()); };
    options.on_always = [&](const Response&) { seen.push_back("always"); };
    EXPECT_TRUE(client.post("/e", {Document{{.text = "a"}}, Document{{.text = "b"}}}, options).empty());
    EXPECT_THAT(seen, testing::ElementsAre("a", "always", "b", "always"));
    int count = 0;
    for (const Response& answer : client.stream("/e", {Document{{.text = "a"}}, Document{{.text = "b"}}}))
      count += answer.docs.size();
    EXPECT_EQ(count, 2);
    EXPECT_THROW(Client("gopher://h"), std::invalid_argument);
  }
  io.stop();
  serves.join();
}

}  // namespace
}  // namespace jina::client

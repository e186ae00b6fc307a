// Peers that are slow.
#include <gtest/gtest.h>

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "client/client_test_kit.hpp"
#include "jina/client.hpp"

namespace jina::client {
namespace {

constexpr int kEvents = 40'000;

/// Sends events of a kilobyte each as fast as they are taken.
struct EventServer {
  int sent = 0;
  bool failed = false;
  asio::awaitable<void> serve(asio::ip::tcp::socket socket) {
    try {
      co_await send_all(std::move(socket));
    } catch (const boost::system::system_error&) {
      failed = true;
    }
  }
  asio::awaitable<void> send_all(asio::ip::tcp::socket socket) {
    boost::beast::flat_buffer buffer;
    boost::beast::http::request<boost::beast::http::string_body> request;
    co_await boost::beast::http::async_read(socket, buffer, request, asio::use_awaitable);
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    co_await asio::async_write(socket, asio::buffer(head), asio::use_awaitable);
    const std::string filler(1000, 'x');
    for (; sent < kEvents; ++sent) {
      const std::string event =
          "event: update\r\ndata: {\"id\":\"" + std::to_string(sent) + "\",\"text\":\"" + filler + "\"}\r\n\r\n";
      co_await asio::async_write(socket, asio::buffer(event), asio::use_awaitable);
    }
    const std::string end = "event: end\r\ndata: \r\n\r\n";
    co_await asio::async_write(socket, asio::buffer(end), asio::use_awaitable);
  }
};

Task<int> read_to_the_end(ResponseStream* answers, int from) {
  for (int number = from;; ++number) {
    const std::optional<Response> answer = co_await answers->next();
    if (!answer) co_return number;
    if (answer->docs.at(0).id != std::to_string(number)) co_return -number;
  }
}

class DocumentStreamTest : public testing::Test {
 protected:
  /// A stream of which one answer was read.
  ResponseStream begin() {
    ResponseStream answers = client.stream_doc("/count", Document{{.text = "x"}});
    EXPECT_TRUE(run(io, answers.next()));
    io.restart();
    return answers;
  }
  /// Until nothing moves, or all is sent.
  void settle() {
    while (events.sent < kEvents && io.run_one_for(std::chrono::milliseconds(50)) > 0) {
    }
  }

  asio::io_context io{1};
  EventServer events;
  TestServer server{io, [this](asio::ip::tcp::socket socket) { return events.serve(std::move(socket)); }};
  AsyncClient client{io, "http://127.0.0.1:" + std::to_string(server.port())};
};

TEST_F(DocumentStreamTest, ASlowReaderHoldsTheServerBack) {
  ResponseStream answers = begin();
  settle();
  EXPECT_LT(events.sent, kEvents);  // 40 MB do not fit into the buffers of two sockets
  EXPECT_EQ(run(io, read_to_the_end(&answers, 1)), kEvents);
}

TEST_F(DocumentStreamTest, CanBeGivenUpWhileItWaitsForItsReader) {
  {
    ResponseStream answers = begin();
    settle();
  }
  settle();
  EXPECT_LT(events.sent, kEvents);
  EXPECT_TRUE(events.failed);  // the connection is gone
}

/// Reads nothing from it.
asio::awaitable<void> accept_websocket(std::optional<boost::beast::websocket::stream<asio::ip::tcp::socket>>* peer,
                                       asio::ip::tcp::socket socket) {
  peer->emplace(std::move(socket));
  co_await (*peer)->async_accept(asio::use_awaitable);
}

TEST(ClientStreams, AServerThatDoesNotReadHoldsTheInputsBack) {
  asio::io_context io(1);
  std::optional<boost::beast::websocket::stream<asio::ip::tcp::socket>> peer;
  TestServer server(
      io, [&peer](asio::ip::tcp::socket socket) -> asio::awaitable<void> { return accept_websocket(&peer, std::move(socket)); });
  int given = 0;
  {
    AsyncClient client(io, "ws://127.0.0.1:" + std::to_string(server.port()));
    PostOptions options;
    options.request_size = 1;
    Inputs endless([&given]() -> std::optional<Document> {
      ++given;
      return Document{{.text = std::string(1 << 20, 'x')}};
    });
    ResponseStream answers = client.stream("/e", std::move(endless), options);
    asio::co_spawn(io, answers.next(), [](std::exception_ptr, auto) {});
    while (given < 1000 && io.run_one_for(std::chrono::milliseconds(50)) > 0) {  // until nothing moves
    }
    EXPECT_GE(given, 4);
    EXPECT_LT(given, 100);  // what may wait to be sent, and the buffers of two sockets; not as many as may be unread
  }
  io.poll();
}

}  // namespace
}  // namespace jina::client

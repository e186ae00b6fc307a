// Streamed answers over real sockets: chunks, events, slow and lost clients, handlers that fail.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "app/app_test_server.hpp"
#include "app/stream/writers.hpp"

namespace jina::app::testing {
namespace {

using namespace std::chrono_literals;

// Waits with a limit for what another thread does.
template <class F>
bool becomes(F condition) {
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::yield();
  }
  return true;
}

Task<void> turn() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1ms);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

Task<void> three_chunks(ChunkWriter& out) {
  out.set_status(201);
  out.set_header("content-type", "text/csv");
  for (int i = 0; i < 3; ++i) {
    std::string line = std::to_string(i) + "\n";
    co_await out.write(std::move(line));
    co_await turn();
  }
}

TEST(Stream, ChunksWithStatusAndHeaders) {
  AppTestServer server;
  server.app.get("/dump", &three_chunks);
  server.start();
  const std::string answer = server.ask("GET", "/dump");
  EXPECT_EQ(status_of(answer), "201");
  EXPECT_EQ(header_of(answer, "content-type"), "text/csv");
  EXPECT_EQ(header_of(answer, "transfer-encoding"), "chunked");
  EXPECT_EQ(chunked_body_of(answer), "0\n1\n2\n");
  EXPECT_TRUE(becomes([&] { return server.streams() == 0; }));
}

Task<void> at_once(ChunkWriter& out) { co_await out.write("all of it"); }
Task<void> nothing(ChunkWriter&) { co_return; }

TEST(Stream, OfAHandlerThatIsDoneAtOnceIsAWholeBody) {
  AppTestServer server;
  server.app.get("/whole", &at_once);
  server.app.get("/nothing", &nothing);
  server.start();
  const std::string answer = server.ask("GET", "/whole");
  EXPECT_EQ(header_of(answer, "content-length"), "9");
  EXPECT_EQ(header_of(answer, "content-type"), "application/octet-stream");
  EXPECT_EQ(body_of(answer), "all of it");
  EXPECT_EQ(header_of(server.ask("GET", "/nothing"), "content-length"), "0");
}

Task<void> fails_first(ChunkWriter& out) {
  co_await turn();
  out.set_header("x-never", "sent");
  throw HttpError(409, "not now");
}
Task<void> fails_later(ChunkWriter& out) {
  co_await out.write("half");
  co_await turn();
  throw std::runtime_error("secret");
}
Task<void> fails_late_in_the_first_turn(ChunkWriter& out) {
  co_await out.write("half");
  throw HttpError(418, "a teapot");
}

TEST(Stream, AnErrorBeforeTheHeadIsAnAnswerAndLaterACut) {
  AppTestServer server;
  server.app.get("/first", &fails_first);
  server.app.get("/later", &fails_later);
  server.app.get("/turn", &fails_late_in_the_first_turn);
  server.start();
  const std::string first = server.ask("GET", "/first");
  EXPECT_EQ(status_of(first), "409");
  EXPECT_EQ(header_of(first, "x-never"), "(none)");
  EXPECT_EQ(body_of(first), R"({"detail":"not now"})");
  EXPECT_EQ(status_of(server.ask("GET", "/turn")), "418");

  const std::string later = server.ask("GET", "/later");
  EXPECT_EQ(status_of(later), "200");
  EXPECT_EQ(chunked_body_of(later), "half(cut)");
  EXPECT_EQ(later.find("secret"), std::string::npos);
}

struct Producer {
  std::atomic<std::size_t> written{0};
  std::atomic<bool> refused{false}, cleaned_up{false}, cancelled{false}, aborted{false};

  Task<void> endless(RequestContext& context, ChunkWriter& out) {
    const std::string chunk(10'000, 'x');
    while (co_await out.write(chunk)) written += chunk.size();
    refused = true;
    cancelled = context.cancelled();
    co_await turn();  // what is awaited after that still works
    cleaned_up = true;
  }
  Task<void> waits_for_something_else(ChunkWriter& out) {
    co_await out.write("begin");
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
    written = 1;
    try {
      co_await timer.async_wait(boost::asio::use_awaitable);
    } catch (const boost::system::system_error& error) {
      aborted = error.code() == boost::asio::error::operation_aborted;
      throw;
    }
  }
};

TEST(Stream, ASlowClientHoldsTheHandlerAndALostOneEndsIt) {
  Producer producer;
  AppTestServer server;
  server.app.get("/endless", &Producer::endless, producer);
  server.app.get("/turn", [] { return std::string("turned"); });
  server.start();
  protocol::TestClient client(server.port());
  client.send("GET /endless HTTP/1.1\r\nhost: test\r\n\r\n");
  client.read_until("\r\n\r\n");
  // Nothing is read: the kernel's buffers fill, then ours, then the handler waits. Each request on another connection is at least
  // one more turn of the event loop, in which a handler that nobody holds would write on.
  protocol::TestClient other(server.port());
  for (int turns = 0; turns < 1000; ++turns) {
    other.send("GET /turn HTTP/1.1\r\nhost: test\r\n\r\n");
    other.read_until("turned");
  }
  EXPECT_GT(producer.written, 0u);
  EXPECT_LT(producer.written, 64u << 20);
  EXPECT_FALSE(producer.refused);
  client.reset();
  EXPECT_TRUE(becomes([&] { return producer.cleaned_up.load(); }));
  EXPECT_TRUE(producer.cancelled);
  EXPECT_TRUE(becomes([&] { return server.streams() == 0; }));
}

TEST(Stream, ALostClientAbortsWhatTheHandlerAwaits) {
  Producer producer;
  AppTestServer server;
  server.app.get("/waits", &Producer::waits_for_something_else, producer);
  server.start();
  {
    protocol::TestClient client(server.port());
    client.send("GET /waits HTTP/1.1\r\nhost: test\r\n\r\n");
    client.read_until("begin");
    EXPECT_TRUE(becomes([&] { return producer.written == 1; }));
  }
  EXPECT_TRUE(becomes([&] { return producer.aborted.load(); }));
  EXPECT_TRUE(becomes([&] { return server.streams() == 0; }));
}

TEST(Stream, AStoppedServerEndsIt) {
  Producer producer;
  {
    AppTestServer server;
    server.app.get("/waits", &Producer::waits_for_something_else, producer);
    server.start();
    protocol::TestClient client(server.port());
    client.send("GET /waits HTTP/1.1\r\nhost: test\r\n\r\n");
    client.read_until("begin");
    EXPECT_TRUE(becomes([&] { return producer.written == 1; }));
    server.server().stop(0ms).wait();
    client.read_to_end();
  }
  EXPECT_TRUE(producer.aborted);
}

// A middleware that throws the stream away.
Task<HttpResponse> replace(HttpRequest& request, RequestContext&, const Next& next) {
  Task<HttpResponse> task = next(request);
  const HttpResponse dropped = co_await std::move(task);
  co_return HttpResponse::text(dropped.stream ? "had a stream" : "had none");
}

TEST(Stream, DroppedByAMiddlewareEndsTheHandler) {
  Producer producer;
  AppTestServer server;
  server.app.use(&replace);
  server.app.get("/waits", &Producer::waits_for_something_else, producer);
  server.start();
  EXPECT_EQ(body_of(server.ask("GET", "/waits")), "had a stream");
  EXPECT_TRUE(becomes([&] { return producer.aborted.load(); }));
  EXPECT_TRUE(becomes([&] { return server.streams() == 0; }));
}

TEST(Stream, HeadGetsTheHeadOnly) {
  Producer producer;
  AppTestServer server;
  server.app.route({"HEAD"}, "/waits", &Producer::waits_for_something_else, producer);
  server.start();
  const std::string answer = server.ask("HEAD", "/waits");
  EXPECT_EQ(status_of(answer), "200");
  EXPECT_EQ(body_of(answer), "");
  EXPECT_TRUE(becomes([&] { return producer.aborted.load(); }));
}

Task<void> events(EventWriter& out) {
  const std::string last = out.last_event_id();
  co_await out.send("update", "one\ntwo", "7");
  co_await out.send("", last);
  co_await turn();
  co_await out.send("end", "");
}
Task<void> silent(EventWriter& out) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_await out.send("never", "");
}

TEST(Stream, Events) {
  AppTestServer server;
  server.app.get("/events", &events);
  server.app.get("/silent", &silent);
  server.start();
  const std::string answer = server.ask("GET", "/events", "last-event-id: 6\r\n");
  EXPECT_EQ(header_of(answer, "content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(header_of(answer, "cache-control"), "no-store");
  EXPECT_EQ(chunked_body_of(answer), "id: 7\nevent: update\ndata: one\ndata: two\n\ndata: 6\n\nevent: end\ndata: \n\n");

  // The head and a comment come before there is an event.
  protocol::TestClient client(server.port());
  client.send("GET /silent HTTP/1.1\r\nhost: test\r\n\r\n");
  EXPECT_TRUE(client.read_until(": ping\n\n").starts_with("HTTP/1.1 200"));
}

TEST(Stream, EventText) {
  EXPECT_EQ(event_text("", "a\r\nb\rc\n", ""), "data: a\ndata: b\ndata: c\ndata: \n\n");
  EXPECT_EQ(event_text("", "\n\nevent: forged", ""), "data: \ndata: \ndata: event: forged\n\n");
  EXPECT_THROW(event_text("a\nb", "", ""), std::invalid_argument);
  EXPECT_THROW(event_text("", "", "1\r2"), std::invalid_argument);
  EXPECT_THROW(event_text("", "", std::string("1\0", 2)), std::invalid_argument);
}

Task<void> late_status(ChunkWriter& out) {
  co_await out.write("x");
  out.set_status(500);
}

TEST(Stream, TheHeadIsSettledByTheFirstChunk) {
  AppTestServer server;
  server.app.get("/late", &late_status);
  server.start();
  EXPECT_EQ(status_of(server.ask("GET", "/late")), "500");  // std::logic_error before anything was sent
}

}  // namespace
}  // namespace jina::app::testing

// Connections on "/" and "/dry_run": order of answers, several requests at a time, ends of all kinds, back-pressure.
#include "gateway/http/websocket_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/http/http_test_support.hpp"

namespace jina::gateway {
namespace {

using testing::FakeGateway;
using testing::FakeWebSocket;
using ::testing::HasSubstr;

std::string json_request(std::string_view text) { return R"({"data":[{"id":"d","text":")" + std::string(text) + R"("}]})"; }

class WebSocketSession : public ::testing::Test {
 protected:
  void open(WebSocketLimits limits = {}) { spawn(serve_websocket(gateway_, json_codec(), limits, context_, socket_)); }
  void spawn(Task<void> task) {
    boost::asio::co_spawn(io_, std::move(task), [this](std::exception_ptr error) {
      failure_ = error;
      ended_ = true;
    });
    turn();
  }
  void turn() {
    io_.restart();
    io_.poll();
  }
  void send(std::string message) {
    socket_->text(std::move(message));
    turn();
  }
  void answer(std::size_t n, Status status = {}) {
    gateway_.answer(n, std::move(status));
    turn();
  }
  std::pair<int, std::string> closed() const { return socket_->closed.value_or(std::pair(0, std::string("not closed"))); }
  // Nobody may be left waiting: the coroutine has ended, without an exception.
  void TearDown() override {
    if (!ended_) {
      socket_->drop();
      turn();
      while (!gateway_.held.empty()) answer(0, {StatusCode::kCancelled, ""});
    }
    EXPECT_TRUE(ended_);
    EXPECT_FALSE(failure_);
  }

  boost::asio::io_context io_;
  FakeGateway gateway_;
  RequestContext context_;
  std::shared_ptr<FakeWebSocket> socket_ = std::make_shared<FakeWebSocket>(io_, context_);
  std::exception_ptr failure_;
  bool ended_ = false;
};

TEST_F(WebSocketSession, AnswersAndStaysOpen) {
  open();
  send(json_request("one"));
  send(json_request("two"));
  ASSERT_EQ(socket_->sent.size(), 2u);
  EXPECT_THAT(socket_->sent[0], HasSubstr("ONE"));
  EXPECT_THAT(socket_->sent[1], HasSubstr("TWO"));
  EXPECT_FALSE(socket_->closed);
  EXPECT_FALSE(ended_);
}

TEST_F(WebSocketSession, AnswersComeAsTheyFinish) {
  gateway_.hold = true;
  open();
  send(json_request("slow"));
  send(json_request("fast"));
  ASSERT_EQ(gateway_.held.size(), 2u);
  answer(1);
  answer(0);
  EXPECT_THAT(socket_->sent.at(0), HasSubstr("FAST"));
  EXPECT_THAT(socket_->sent.at(1), HasSubstr("SLOW"));
}

TEST_F(WebSocketSession, EndOfStreamWaitsForTheAnswers) {
  gateway_.hold = true;
  open();
  send(json_request("one"));
  send("{}");
  EXPECT_FALSE(socket_->closed);
  send(json_request("too late"));
  EXPECT_EQ(gateway_.seen.size(), 1u);
  answer(0);
  EXPECT_EQ(socket_->sent.size(), 1u);
  EXPECT_EQ(closed(), std::pair(1000, std::string()));
  EXPECT_TRUE(ended_);
}

TEST_F(WebSocketSession, EndOfStreamAlone) {
  open();
  send("{}");
  EXPECT_EQ(closed(), std::pair(1000, std::string()));
}

TEST_F(WebSocketSession, ListsArePassedOver) {
  open();
  send("[1]");
  send(json_request("one"));
  EXPECT_EQ(socket_->sent.size(), 1u);
}

TEST_F(WebSocketSession, BadInputClosesWithTheReasonAfterTheOtherAnswers) {
  gateway_.hold = true;
  open();
  send(json_request("one"));
  send(R"({"data": [)");
  EXPECT_FALSE(socket_->closed);
  answer(0);
  EXPECT_EQ(socket_->sent.size(), 1u);
  EXPECT_EQ(closed().first, 1007);
  EXPECT_THAT(closed().second, HasSubstr("line 1 column 11"));
}

TEST_F(WebSocketSession, NetworkFailureClosesAfterTheOtherAnswers) {
  gateway_.hold = true;
  open();
  send(json_request("fails"));
  send(json_request("lives"));
  answer(0, {StatusCode::kUnavailable, "zoo is down"});
  EXPECT_FALSE(socket_->closed) << "another answer is still to come";
  send(json_request("too late"));
  EXPECT_EQ(gateway_.seen.size(), 2u);
  answer(0);
  EXPECT_EQ(socket_->sent.size(), 1u);
  EXPECT_EQ(closed(), std::pair(1011, std::string("zoo is down")));
  EXPECT_TRUE(ended_);
}

TEST_F(WebSocketSession, OtherAnswersAreNotWaitedForWithoutEnd) {
  gateway_.hold = true;
  open({.drain = std::chrono::milliseconds(0)});
  send(json_request("fails"));
  send(json_request("hangs"));
  answer(0, {StatusCode::kUnavailable, "zoo is down"});
  io_.restart();
  while (!socket_->closed && io_.run_one() > 0) {
  }
  EXPECT_EQ(closed().first, 1011);
  EXPECT_TRUE(context_.cancelled());
  EXPECT_FALSE(ended_) << "the call still refers to the context";
  answer(0, {StatusCode::kCancelled, ""});
  EXPECT_TRUE(ended_);
}

TEST_F(WebSocketSession, FailureAfterEndOfStreamStillCloses1011) {
  gateway_.hold = true;
  open();
  send(json_request("fails"));
  send("{}");
  answer(0, {StatusCode::kDeadlineExceeded, "too slow"});
  EXPECT_EQ(closed(), std::pair(1011, std::string("too slow")));
}

TEST_F(WebSocketSession, FirstFailureIsTheReason) {
  gateway_.hold = true;
  open();
  send(json_request("a"));
  send(json_request("b"));
  answer(0, {StatusCode::kUnavailable, "first"});
  answer(0, {StatusCode::kUnavailable, "second"});
  EXPECT_EQ(closed().second, "first");
}

TEST_F(WebSocketSession, ClientThatGoesAwayCancelsItsRequests) {
  gateway_.hold = true;
  open();
  send(json_request("one"));
  socket_->drop();
  turn();
  EXPECT_EQ(context_.cancel_reason(), CancelReason::kClient);
  EXPECT_FALSE(ended_);
  answer(0, {StatusCode::kCancelled, ""});
  EXPECT_TRUE(ended_);
  EXPECT_FALSE(socket_->closed);
}

TEST_F(WebSocketSession, ClientThatGoesAwayAfterItsEndOfStream) {
  gateway_.hold = true;
  open();
  send(json_request("one"));
  send("{}");
  socket_->drop();
  turn();
  EXPECT_EQ(context_.cancel_reason(), CancelReason::kClient);
  answer(0, {StatusCode::kCancelled, ""});
  EXPECT_TRUE(ended_);
}

TEST_F(WebSocketSession, ServerThatStopsLetsTheAnswersOut) {
  gateway_.hold = true;
  open();
  send(json_request("one"));
  socket_->stop();
  turn();
  EXPECT_FALSE(context_.cancelled());
  EXPECT_FALSE(socket_->closed);
  answer(0);
  EXPECT_EQ(socket_->sent.size(), 1u);
  EXPECT_EQ(closed().first, 1000) << "the connection makes 1001 of it";
  EXPECT_TRUE(ended_);
}

TEST_F(WebSocketSession, CancelledConnectionStillWaitsForItsCalls) {
  gateway_.hold = true;
  boost::asio::cancellation_signal cut;
  boost::asio::co_spawn(io_, serve_websocket(gateway_, json_codec(), {}, context_, socket_),
                        boost::asio::bind_cancellation_slot(cut.slot(), [this](std::exception_ptr error) {
                          failure_ = error;
                          ended_ = true;
                        }));
  turn();
  send(json_request("one"));
  socket_->stop();
  context_.cancel(CancelReason::kShutdown);
  cut.emit(boost::asio::cancellation_type::terminal);
  turn();
  EXPECT_FALSE(ended_) << "the call still refers to the context";
  answer(0, {StatusCode::kCancelled, ""});
  EXPECT_TRUE(ended_);
}

TEST_F(WebSocketSession, ReadingPausesAtPrefetch) {
  gateway_.hold = true;
  open({.prefetch = 2});
  for (const char* text : {"1", "2", "3", "4"}) send(json_request(text));
  EXPECT_EQ(gateway_.held.size(), 2u);
  EXPECT_EQ(socket_->reads, 2) << "the rest stays with the client";
  answer(0);
  EXPECT_EQ(gateway_.held.size(), 2u);
  EXPECT_EQ(socket_->reads, 3);
}

TEST_F(WebSocketSession, PrefetchZeroIsNoLimit) {
  gateway_.hold = true;
  open({.prefetch = 0});
  for (int i = 0; i < 50; ++i) send(json_request("x"));
  EXPECT_EQ(gateway_.held.size(), 50u);
}

TEST_F(WebSocketSession, ReadingPausesWhileTheClientDoesNotTakeItsAnswers) {
  open({.max_queued_bytes = 100});
  send(json_request("one"));
  socket_->queued = 101;
  send(json_request("two"));  // was being waited for already
  send(json_request("three"));
  EXPECT_EQ(gateway_.seen.size(), 2u);
  EXPECT_TRUE(socket_->drain_waited);
  socket_->take_all();
  turn();
  EXPECT_EQ(gateway_.seen.size(), 3u);
}

TEST_F(WebSocketSession, FailureEndsAPauseToo) {
  gateway_.hold = true;
  open({.prefetch = 1});
  send(json_request("one"));
  send(json_request("two"));
  answer(0, {StatusCode::kUnavailable, "down"});
  EXPECT_EQ(closed().first, 1011);
  EXPECT_EQ(gateway_.seen.size(), 1u);
}

TEST_F(WebSocketSession, ManyRequestsThatAreAnsweredAtOnce) {
  open({.prefetch = 1});
  for (int i = 0; i < 1000; ++i) socket_->text(json_request("x"));
  socket_->text("{}");
  turn();
  EXPECT_EQ(socket_->sent.size(), 1000u);
  EXPECT_EQ(closed().first, 1000);
}

TEST_F(WebSocketSession, DryRunAnswersAtOnce) {
  spawn(serve_websocket_dry_run(gateway_, json_codec(), context_, socket_));
  EXPECT_THAT(socket_->sent, ::testing::ElementsAre("{}"));
  EXPECT_EQ(closed(), std::pair(1000, std::string()));
}

TEST_F(WebSocketSession, DryRunInBytesIsAnEmptyMessage) {
  spawn(serve_websocket_dry_run(gateway_, bytes_codec(), context_, socket_));
  EXPECT_THAT(socket_->sent, ::testing::ElementsAre(""));
  EXPECT_EQ(closed().first, 1000);
}

TEST_F(WebSocketSession, DryRunThatFails) {
  gateway_.fail_with = {StatusCode::kUnavailable, "zoo is down"};
  spawn(serve_websocket_dry_run(gateway_, bytes_codec(), context_, socket_));
  EXPECT_TRUE(socket_->sent.empty());
  EXPECT_EQ(closed(), std::pair(1011, std::string("zoo is down")));
}

TEST(AcceptWebSocket, ByPathAndPort) {
  testing::GatewayFixture all;
  EXPECT_TRUE(all.http.accept_websocket(testing::make_request("GET", "/")).run);
  EXPECT_TRUE(all.http.accept_websocket(testing::make_request("GET", "/dry_run")).run);
  const auto refused = all.http.accept_websocket(testing::make_request("GET", "/not-here"));
  EXPECT_FALSE(refused.run);
  EXPECT_EQ(refused.refusal.status, 403);
  testing::GatewayFixture http_only({}, {.http = true});
  EXPECT_EQ(http_only.http.accept_websocket(testing::make_request("GET", "/")).refusal.status, 403);
}

}  // namespace
}  // namespace jina::gateway

#include "app/stream/document_events.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <vector>

namespace jina::app {
namespace {

using namespace std::chrono_literals;

// Gives what the test puts in.
class Feed final : public DocumentFeed {
 public:
  void next(UniqueFunction<void(Item)> done) override {
    ++asked;
    waiting_ = std::move(done);
    give();
  }
  void abandon() override { abandoned = true; }
  void put(Item item) {
    items_.push_back(std::move(item));
    give();
  }
  int asked = 0;
  bool abandoned = false;

 private:
  void give() {
    if (!waiting_ || items_.empty()) return;
    Item item = std::move(items_.front());
    items_.pop_front();
    std::exchange(waiting_, nullptr)(std::move(item));
  }
  std::deque<Item> items_;
  UniqueFunction<void(Item)> waiting_;
};

class DocumentEventsTest : public testing::Test {
 protected:
  static Task<> answer(RequestContext& context, std::shared_ptr<Feed> feed, EventTimes times, std::optional<http::Response>& into) {
    into = co_await answer_with_events(context, feed, times);
  }
  static Task<> read(std::shared_ptr<http::BodySource> body, std::vector<std::string>& into, bool& ended) {
    try {
      while (std::optional<Buffer> piece = co_await body->next()) into.push_back(piece->str());
      ended = true;
    } catch (const http::BodyCut&) {
      into.emplace_back("(cut)");
    }
  }
  void start(EventTimes times = {}) {
    boost::asio::co_spawn(io, answer(context, feed, times, response), boost::asio::detached);
    poll();
  }
  void begin_reading() {
    boost::asio::co_spawn(io, read(response->stream, pieces, ended), boost::asio::detached);
    poll();
  }
  void poll() {
    io.restart();
    io.poll();
  }

  boost::asio::io_context io{1};
  RequestContext context;
  std::shared_ptr<Feed> feed = std::make_shared<Feed>();
  std::optional<http::Response> response;
  std::vector<std::string> pieces;
  bool ended = false;
};

TEST_F(DocumentEventsTest, EventsAsJinaWritesThem) {
  feed->put(R"({"text":"a"})");
  start();
  ASSERT_TRUE(response && response->stream);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(*find_value(response->headers, "content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(*find_value(response->headers, "cache-control"), "no-cache");
  EXPECT_EQ(*find_value(response->headers, "x-accel-buffering"), "no");
  begin_reading();
  EXPECT_FALSE(ended);
  feed->put(R"({"text":"b"})");
  feed->put(DocumentFeed::End{});
  poll();
  EXPECT_EQ(pieces, (std::vector<std::string>{"event: update\r\ndata: {\"text\":\"a\"}\r\n\r\n",
                                              "event: update\r\ndata: {\"text\":\"b\"}\r\n\r\n", "event: end\r\n\r\n"}));
  EXPECT_TRUE(ended);
}

TEST_F(DocumentEventsTest, TheFeedIsLeftAtItsEndToo) {
  feed->put("{}");
  feed->put(DocumentFeed::End{});
  start();
  begin_reading();
  EXPECT_TRUE(ended);
  response.reset();
  EXPECT_TRUE(feed->abandoned) << "it may have to do with the request, which ends now";
}

TEST_F(DocumentEventsTest, AFailureBeforeTheFirstEventIsTheStatus) {
  feed->put(DocumentFeed::Failure{503, "nobody there"});
  start();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->body.str(), R"({"detail":"nobody there"})");
  EXPECT_FALSE(response->stream);
}

TEST_F(DocumentEventsTest, ALaterFailureIsTheLastEvent) {
  feed->put("{}");
  feed->put(DocumentFeed::Failure{503, "it died"});
  start();
  begin_reading();
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces.back(), "event: error\r\ndata: {\"detail\":\"it died\",\"status\":503}\r\n\r\n");
  EXPECT_TRUE(ended);
  EXPECT_EQ(feed->asked, 2);
}

TEST_F(DocumentEventsTest, NothingIsAskedForAheadOfTheReader) {
  feed->put("{}");
  feed->put("{}");
  start();
  EXPECT_EQ(feed->asked, 1);
}

TEST_F(DocumentEventsTest, SilenceIsFilledAndTheHeadDoesNotWaitForLong) {
  start({.silence = 1ms, .first = 1ms});
  while (!response) io.run_one();
  ASSERT_TRUE(response->stream) << "nothing came yet";
  begin_reading();
  while (pieces.size() < 2) {
    io.restart();
    io.run_one();
  }
  EXPECT_EQ(pieces.back(), ": ping\r\n\r\n");
  feed->put(DocumentFeed::Failure{499, "ValueError('boom')"});
  poll();
  EXPECT_EQ(pieces.back(), "event: error\r\ndata: {\"detail\":\"ValueError('boom')\",\"status\":499}\r\n\r\n");
  EXPECT_EQ(feed->asked, 1) << "the question stayed while comments were sent";
  EXPECT_TRUE(ended);
}

TEST_F(DocumentEventsTest, AClientThatIsGoneAbandonsTheFeed) {
  feed->put("{}");
  start();
  begin_reading();
  EXPECT_FALSE(feed->abandoned);
  context.cancel(CancelReason::kClient);
  poll();
  EXPECT_TRUE(feed->abandoned);
  EXPECT_TRUE(ended);
  feed->put("{}");  // too late, and harmless
}

TEST_F(DocumentEventsTest, AServerThatStopsCutsTheBody) {
  feed->put("{}");
  start();
  begin_reading();
  context.cancel(CancelReason::kShutdown);
  poll();
  EXPECT_TRUE(feed->abandoned);
  EXPECT_EQ(pieces.back(), "(cut)") << "it is not the whole";
}

TEST_F(DocumentEventsTest, ABodyThatNobodyReadsAbandonsTheFeed) {
  feed->put("{}");
  start();
  response.reset();
  EXPECT_TRUE(feed->abandoned);
}

}  // namespace
}  // namespace jina::app

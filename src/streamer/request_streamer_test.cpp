#include "streamer/request_streamer.hpp"

#include <gmock/gmock.h>

#include <deque>

#include "topology/graph_test_kit.hpp"

namespace jina::streamer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using topology::Message;

// The client's side of a stream, driven by the test.
class FakeStream final : public protocol::RequestStream {
 public:
  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override {
    EXPECT_FALSE(on_next_) << "one read at a time";
    on_next_ = std::move(on_next);
    pump();
  }
  bool write(Buffer message) override {
    EXPECT_FALSE(status) << "written after the end";
    Message parsed;
    EXPECT_TRUE(parsed.ParseFromString(message.str()));
    written.push_back(std::move(parsed));
    return true;
  }
  std::size_t queued_bytes() const override { return queued; }
  void when_writable(UniqueFunction<void()> on_writable) override { on_writable_ = std::move(on_writable); }
  void finish(Status with, Metadata) override {
    EXPECT_FALSE(status) << "finished twice";
    status = std::move(with);
    on_next_ = nullptr;
  }

  void send(Buffer message) {
    incoming_.push_back(std::move(message));
    pump();
  }
  void send(std::string id) {
    Message message = topology::make_message("/" + id);
    message.mutable_header()->set_request_id(id);
    send(Buffer::take(message.SerializeAsString()));
  }
  void end() {
    incoming_.push_back(std::nullopt);
    pump();
  }
  void drained() {
    queued = 0;
    auto on_writable = std::move(on_writable_);
    on_writable();
  }
  bool waits_for_drain() const { return static_cast<bool>(on_writable_); }
  std::size_t unread() const { return incoming_.size(); }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const Message& message : written) ids.push_back(message.header().request_id());
    return ids;
  }

  std::vector<Message> written;
  std::optional<Status> status;
  std::size_t queued = 0;

 private:
  void pump() {
    while (on_next_ && !incoming_.empty()) {
      auto on_next = std::move(on_next_);
      on_next_ = nullptr;
      std::optional<Buffer> next = std::move(incoming_.front());
      incoming_.pop_front();
      on_next(std::move(next));
    }
  }

  UniqueFunction<void(std::optional<Buffer>)> on_next_;
  UniqueFunction<void()> on_writable_;
  std::deque<std::optional<Buffer>> incoming_;
};

class StreamTest : public topology::GraphTest {
 protected:
  void start(StreamDefaults defaults = {}) {
    build(R"({"start-gateway": ["a"], "a": ["end-gateway"]})");
    stream_requests(*runner_, context_, stream, defaults);
  }
  /// The calls that wait, by endpoint: "/id".
  std::vector<std::string> in_work() {
    std::vector<std::string> endpoints;
    caller_.for_each([&](const auto& call) { endpoints.push_back(call.endpoint); });
    return endpoints;
  }
  void echo_endpoint(const std::string& endpoint) {
    wire::Reply reply;
    caller_.for_each([&](const auto& call) {
      if (call.endpoint == endpoint) reply.response = call.requests.front();
    });
    caller_.answer_endpoint(endpoint, std::move(reply));
  }

  std::shared_ptr<FakeStream> stream = std::make_shared<FakeStream>();
};

TEST_F(StreamTest, AnswersAsTheyFinish) {
  start();
  for (const char* id : {"1", "2", "3"}) stream->send(id);
  EXPECT_THAT(in_work(), ElementsAre("/1", "/2", "/3"));
  for (const char* endpoint : {"/3", "/1", "/2"}) echo_endpoint(endpoint);
  EXPECT_FALSE(stream->status);
  stream->end();
  EXPECT_THAT(stream->ids(), ElementsAre("3", "1", "2"));
  EXPECT_EQ(*stream->status, Status{});
}

TEST_F(StreamTest, InOrderWhenAskedFor) {
  context_.metadata = {{"__results_in_order__", "true"}};
  start();
  for (const char* id : {"1", "2", "3"}) stream->send(id);
  stream->end();
  echo_endpoint("/3");
  echo_endpoint("/2");
  EXPECT_THAT(stream->ids(), IsEmpty());
  echo_endpoint("/1");
  EXPECT_THAT(stream->ids(), ElementsAre("1", "2", "3"));
  EXPECT_EQ(*stream->status, Status{});
}

TEST_F(StreamTest, PrefetchBoundsWhatIsInWork) {
  context_.metadata = {{"__prefetch__", "2"}};
  start();
  for (const char* id : {"1", "2", "3", "4"}) stream->send(id);
  EXPECT_THAT(in_work(), ElementsAre("/1", "/2"));
  EXPECT_EQ(stream->unread(), 2u);
  echo_endpoint("/2");
  EXPECT_THAT(in_work(), ElementsAre("/1", "/3"));
}

TEST_F(StreamTest, AnswersNotYetWrittenCountToo) {
  start({.prefetch = 2, .results_in_order = true});
  for (const char* id : {"1", "2", "3"}) stream->send(id);
  echo_endpoint("/2");
  EXPECT_THAT(in_work(), ElementsAre("/1"));
  echo_endpoint("/1");
  EXPECT_THAT(in_work(), ElementsAre("/3"));
}

TEST_F(StreamTest, ClientThatDoesNotReadHoldsItsRequestsBack) {
  start({.max_queued_bytes = 10});
  stream->send("1");
  stream->queued = 11;
  echo_endpoint("/1");
  stream->send("2");  // taken by the read that was under way
  stream->send("3");
  EXPECT_THAT(in_work(), ElementsAre("/2"));
  EXPECT_TRUE(stream->waits_for_drain());
  stream->drained();
  EXPECT_THAT(in_work(), ElementsAre("/2", "/3"));
}

TEST_F(StreamTest, NetworkFailureLetsTheOthersFinish) {
  start();
  for (const char* id : {"1", "2", "3"}) stream->send(id);
  caller_.answer_endpoint("/2", {.status = {StatusCode::kUnavailable, "down"}});
  stream->send("4");
  EXPECT_THAT(in_work(), ElementsAre("/1", "/3"));
  EXPECT_FALSE(stream->status);
  echo_endpoint("/3");
  echo_endpoint("/1");
  EXPECT_THAT(stream->ids(), ElementsAre("3", "1", "2"));
  EXPECT_EQ(stream->written.back().ByteSizeLong(), 5u) << "nothing but the id";
  EXPECT_EQ(*stream->status, (Status{StatusCode::kUnavailable, "down"}));
}

TEST_F(StreamTest, FailureInAnOrderedStreamDoesNotBlockTheRest) {
  start({.results_in_order = true});
  for (const char* id : {"1", "2"}) stream->send(id);
  caller_.answer_endpoint("/1", {.status = {StatusCode::kDeadlineExceeded, "slow"}});
  echo_endpoint("/2");
  EXPECT_THAT(stream->ids(), ElementsAre("2", "1"));
  EXPECT_EQ(stream->status->code, StatusCode::kDeadlineExceeded);
}

TEST_F(StreamTest, OtherFailuresSendNoStub) {
  start();
  stream->send("1");
  caller_.answer_endpoint("/1", {.status = {StatusCode::kUnknown, "?"}});
  EXPECT_THAT(stream->ids(), IsEmpty());
  EXPECT_EQ(stream->status->code, StatusCode::kUnknown);
}

TEST_F(StreamTest, ExecutorErrorContinuesTheStream) {
  start();
  stream->send("1");
  raise("a", "boom");
  EXPECT_FALSE(stream->status);
  stream->send("2");
  echo_endpoint("/2");
  stream->end();
  EXPECT_EQ(stream->written.front().header().status().description(), "boom");
  EXPECT_THAT(stream->ids(), ElementsAre("1", "2"));
  EXPECT_EQ(*stream->status, Status{});
}

TEST_F(StreamTest, MalformedRequestEndsTheStream) {
  start();
  stream->send("1");
  stream->send(Buffer::copy_of("\x0a\xff"));
  EXPECT_FALSE(stream->status);
  echo_endpoint("/1");
  EXPECT_EQ(stream->status->code, StatusCode::kInvalidArgument);
  EXPECT_THAT(stream->ids(), ElementsAre("1"));
}

TEST_F(StreamTest, EmptyStreamEndsWell) {
  start();
  stream->end();
  EXPECT_EQ(*stream->status, Status{});
}

TEST_F(StreamTest, CancelEndsWithoutStub) {
  start();
  stream->send("1");
  context_.cancel(CancelReason::kClient);
  EXPECT_THAT(stream->ids(), IsEmpty());
  EXPECT_EQ(stream->status->code, StatusCode::kCancelled);
}

TEST(StreamMetadata, OddValuesAreIgnored) {
  EXPECT_EQ(read_stream_metadata({{"__prefetch__", "many"}}, {}).prefetch, 1000);
  EXPECT_EQ(read_stream_metadata({{"__prefetch__", "0"}}, {}).prefetch, 1000);
  EXPECT_EQ(read_stream_metadata({{"__prefetch__", "7"}}, {}).prefetch, 7);
  EXPECT_EQ(read_stream_metadata({{"__prefetch__", "2000000000"}}, {}).prefetch, 100'000) << "memory is not the client's to use up";
  EXPECT_FALSE(read_stream_metadata({{"__results_in_order__", "no"}}, {.results_in_order = true}).results_in_order);
}

}  // namespace
}  // namespace jina::streamer

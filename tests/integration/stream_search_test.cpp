// GatewayStreamer::stream_doc in a Flow with several Executors: who is called, and what a search leaves alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "document/struct_codec.hpp"
#include "gateway/executor_router.hpp"
#include "integration/streamer_test_kit.hpp"
#include "wire/pb_writer.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using testing::FakeExecutor;
using ::testing::HasSubstr;

class StreamSearchTest : public testing::StreamerTest {
 protected:
  void TearDown() override {
    other.stop();
    StreamerTest::TearDown();
  }

  /// An EndpointsProto with one endpoint, whose function is a generator.
  static std::string streams(const std::string& endpoint) {
    boost::json::object schemas;
    schemas[endpoint] = {{"is_generator", true}};
    std::string message;
    wire::PbWriter writer(message);
    writer.bytes(1, endpoint);
    writer.bytes(3, encode_struct(schemas));
    return message;
  }
  /// A streamer of "a", the executor, and then "b".
  void make_chain() {
    StreamerOptions options = options_for(executor.address());
    options.graph_representation = boost::json::parse(R"({"start-gateway": ["a"], "a": ["b"], "b": ["end-gateway"]})").as_object();
    options.executor_addresses["b"] = boost::json::array{boost::json::string(other.address())};
    streamer.emplace(io, options);
  }

  FakeExecutor other{io, "b"};
};

TEST_F(StreamSearchTest, InAChainTheExecutorThatStreamsTheEndpointIsCalled) {
  other.endpoints = streams("/count");
  executor.endpoints = streams("/other");
  make_chain();
  for (const char* endpoint : {"/count", "/nowhere"}) {
    run([&, endpoint]() -> Task<void> {
      const StreamOptions options{.exec_endpoint = endpoint};
      ResponseStream answers = streamer->stream_doc(Document{}, options);
      while (co_await answers.next()) continue;
    });
  }
  EXPECT_EQ(other.calls, 1);
  EXPECT_EQ(executor.calls, 1) << "nobody has /nowhere: the first one says so";
}

TEST_F(StreamSearchTest, AnExecutorThatDoesNotSayItsEndpointsInTimeIsNotSuspect) {
  UniqueFunction<void(Result<Buffer>)> held_answer;
  bool had_deadline = false;
  executor.on_discovery = [&](RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) {
    held_answer = std::move(done);
    had_deadline = context.deadline.has_value();
  };
  auto pool = ConnectionPool::make(io, {.addresses = options_for(executor.address()).executor_addresses}).value();
  gateway::ExecutorRouter router(*pool, nullptr);
  gateway::EndpointTable table(
      io, {"a"},
      [&](RequestContext& context, const std::string& name, auto done) { router.ask_endpoints(context, name, std::move(done)); },
      Clock::real(), 50ms);
  std::string why;
  table.find("/count", [&](gateway::EndpointTable::Answer answer) { why = answer.unreachable.to_string(); });
  run_until([&] { return !why.empty(); });
  EXPECT_THAT(why, HasSubstr("DEADLINE_EXCEEDED"));
  EXPECT_FALSE(had_deadline);
  EXPECT_FALSE(pool->replicas("a")->has_suspects());
  EXPECT_EQ(pool->replicas("a")->all().front()->failures, 0U);
  executor.on_discovery = nullptr;
  if (held_answer) held_answer(Status{StatusCode::kCancelled, "gone"});
  table.close();
  pool->close();
}

TEST_F(StreamSearchTest, ClosingEndsTheSearchForTheExecutorThatStreams) {
  std::vector<UniqueFunction<void(Result<Buffer>)>> held_answers;
  const auto hold = [&](RequestContext&, UniqueFunction<void(Result<Buffer>)> done) { held_answers.push_back(std::move(done)); };
  executor.on_discovery = hold;
  other.on_discovery = hold;
  make_chain();
  std::optional<ResponseStream> answers(streamer->stream_doc(Document{}, {.exec_endpoint = "/count"}));
  run_until([&] { return held_answers.size() == 2; });
  std::string thrown;
  run([&]() -> Task<void> {
    co_await streamer->close();
    try {
      (void)co_await answers->next();
    } catch (const RequestFailed& failed) {
      thrown = failed.status().to_string();
    }
  });
  EXPECT_THAT(thrown, HasSubstr("UNAVAILABLE"));
  answers.reset();
  for (auto& answer : held_answers) answer(Status{StatusCode::kCancelled, "gone"});
}

}  // namespace
}  // namespace jina

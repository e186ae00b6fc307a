// What a head makes of the answers of its shards.
#include "head/head_test_kit.hpp"

namespace jina::head {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(HeadTest, AnyAsksTheShardsInTurn) {
  shard();
  shard();
  shard();
  start();
  for (const char* expected : {"s1", "s2", "s0", "s1"}) {
    const auto reply = post("/index");
    EXPECT_THAT(matches(reply), ElementsAre(expected));
    EXPECT_THAT(routes(answer(reply)), ElementsAre("gateway", expected));
    EXPECT_EQ(trailing(reply, "total_shards"), "1");
    EXPECT_EQ(trailing(reply, "failed_shards"), "0");
    EXPECT_EQ(trailing(reply, std::string("from-") + expected), "1");
  }
  EXPECT_EQ(find_value(executors.front()->last_metadata, "endpoint"), nullptr) << "a head tells its shards no endpoint";
}

TEST_F(HeadTest, AllAreReducedInTheirOrder) {
  FakeExecutor& slow = shard();
  FakeExecutor& fast = shard();
  // The first shard answers once the second one did.
  UniqueFunction<void()> held;
  slow.on_request = [&](RequestContext& with, wire::DataRequest request, wire::ReplyCallback done) {
    held = [&with, request = std::move(request), done = std::move(done)]() mutable {
      marks("s0", true)(with, std::move(request), std::move(done));
    };
    if (fast.calls > 0) held();
  };
  fast.on_request = [&](RequestContext& with, wire::DataRequest request, wire::ReplyCallback done) {
    marks("s1", true)(with, std::move(request), std::move(done));
    if (held) held();
  };
  start();
  const auto reply = post("/search");
  EXPECT_THAT(matches(reply), ElementsAre("s0", "s1"));
  const auto got = answer(reply);
  EXPECT_EQ(docs(got).front().text(), "s0");
  EXPECT_THAT(routes(got), ElementsAre("gateway", "s0"));
  EXPECT_EQ(decode_struct(got.parameters->view()).value(),
            (boost::json::object{{"p", 1.0}, {"__results__", {{"s0", {{"shard", "s0"}}}, {"s1", {{"shard", "s1"}}}}}}));
  EXPECT_EQ(trailing(reply, "total_shards"), "2");
  EXPECT_EQ(trailing(reply, "from-s0") + trailing(reply, "from-s1"), "11");
}

TEST_F(HeadTest, ReducedAnswersAlwaysHaveResults) {
  shard();
  shard();
  start();
  EXPECT_EQ(decode_struct(answer(post("/search")).parameters->view()).value(),
            (boost::json::object{{"p", 1.0}, {"__results__", boost::json::object{}}}));
}

TEST_F(HeadTest, TheHeaderSaysTheEndpointWhenNoMetadataDoes) {
  shard();
  shard();
  start();
  const auto reply = call("/jina.JinaSingleDataRequestRPC/process_single_data", request("/search").serialize());
  EXPECT_THAT(matches(reply), ElementsAre("s0", "s1"));
}

TEST_F(HeadTest, WithoutReductionTheDocumentsOfTheRequestComeBack) {
  shard();
  shard().on_request = marks("s1", true);
  options.reduce = false;
  start();
  const auto reply = post("/search");
  EXPECT_THAT(matches(reply), IsEmpty());
  EXPECT_EQ(docs(answer(reply)).size(), 1u);
  EXPECT_THAT(routes(answer(reply)), ElementsAre("gateway", "s0"));
  EXPECT_THAT(matches(post("/index")), ElementsAre("s1")) << "one answer needs no reduction";
}

TEST_F(HeadTest, UsesBeforeAndAfterStandAroundTheShards) {
  shard();
  shard();
  FakeExecutor& before = executor("before");
  FakeExecutor& after = executor("after");
  std::vector<std::size_t> inputs;
  after.on_list = [&](std::vector<wire::DataRequest>& requests) { inputs.push_back(requests.size()); };
  options.uses_before = before.address();
  options.uses_after = after.address();
  start();
  EXPECT_THAT(matches(post("/search")), ElementsAre("before", "s0"));
  EXPECT_THAT(inputs, ElementsAre(2u)) << "the answers arrive unreduced";
  const auto reply = post("/index");
  EXPECT_THAT(matches(reply), ElementsAre("before", "s1", "after"));
  EXPECT_EQ(trailing(reply, "from-before") + trailing(reply, "from-s1") + trailing(reply, "from-after"), "111");
}

TEST_F(HeadTest, FanInIsHandedOnAndItsRoutesAreMerged) {
  std::vector<std::vector<std::string>> seen;
  shard().on_list = [&](std::vector<wire::DataRequest>& requests) {
    for (const auto& each : requests) seen.push_back(routes(each));
  };
  start();
  auto first = request("/go", {"a"});
  auto second = request("/go", {"b"});
  std::string more = second.routes.str();
  wire::append_route(more, {.executor = "branch"});
  second.routes = Bytes::take(std::move(more));
  const auto reply =
      call("/jina.JinaDataRequestRPC/process_data", wire::serialize_request_list({first, second}), {{"endpoint", "/go"}});
  EXPECT_TRUE(reply.status.ok()) << reply.status.to_string();
  EXPECT_THAT(seen, ElementsAre(ElementsAre("gateway", "branch"), ElementsAre("gateway", "branch")));
}

}  // namespace
}  // namespace jina::head

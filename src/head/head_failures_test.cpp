// What a head says when shards fail, and when a request is given up.
#include "head/head_test_kit.hpp"

namespace jina::head {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(HeadTest, SomeDeadShardsAreCounted) {
  dead_shard();
  shard();
  shard();
  start();
  const auto reply = post("/search");
  EXPECT_THAT(matches(reply), ElementsAre("s1", "s2"));
  EXPECT_EQ(trailing(reply, "total_shards"), "3");
  EXPECT_EQ(trailing(reply, "failed_shards"), "1");
}

TEST_F(HeadTest, AllShardsDeadIsTheFirstOnesStatus) {
  dead_shard();
  dead_shard();
  start();
  const auto reply = post("/search");
  EXPECT_EQ(reply.status.code, StatusCode::kUnavailable);
  EXPECT_EQ(reply.status.message,
            "|Head: Failed to connect to worker (Executor) pod at address {'" + executors[0]->address() + "'}. It may be down.");
}

TEST_F(HeadTest, NotFoundAndTimeoutHaveTheirWords) {
  FakeExecutor& only = shard();
  only.on_request = fails(StatusCode::kNotFound);
  start();
  EXPECT_THAT(post("/go").status.message, HasSubstr("could be established, but resource was not found."));
  only.on_request = fails(StatusCode::kDeadlineExceeded);
  const auto reply = post("/go");
  EXPECT_EQ(reply.status.code, StatusCode::kDeadlineExceeded);
  EXPECT_THAT(reply.status.message, HasSubstr("|Head: Connection to worker (Executor) pod at address {'"));
  EXPECT_THAT(reply.status.message, HasSubstr("could be established, but timed out."));
}

TEST_F(HeadTest, OtherFailuresAreAnErrorInTheHeader) {
  shard().on_request = fails(StatusCode::kResourceExhausted);
  start();
  const auto reply = post("/go");
  const auto got = answer(reply);
  const auto header = wire::parse_header(got.header.view()).value();
  EXPECT_TRUE(header.status_is_error);
  const auto status = wire::parse_status(header.status).value();
  EXPECT_EQ(status.exception_name, "RuntimeError");
  EXPECT_THAT(std::string(status.description), HasSubstr("shard 0 at address(es)"));
  EXPECT_THAT(std::string(status.description), HasSubstr("fake details"));
  EXPECT_EQ(trailing(reply, "is-error"), "true");
  EXPECT_EQ(docs(got).size(), 1u);
}

TEST_F(HeadTest, AnExecutorThatRaisedIsToldAndOthersAreUsed) {
  shard().on_request = raises("boom");
  shard();
  start();
  const auto reply = post("/search");
  EXPECT_EQ(trailing(reply, "is-error"), "true");
  EXPECT_EQ(trailing(reply, "failed_shards"), "0");
  EXPECT_FALSE(wire::parse_header(answer(reply).header.view()).value().status_is_error) << "the first that succeeded";
  EXPECT_THAT(matches(reply), ElementsAre("s1"));
}

TEST_F(HeadTest, TimeoutSendBoundsTheShards) {
  std::vector<wire::ReplyCallback> kept;
  shard().on_request = [&](RequestContext&, wire::DataRequest, wire::ReplyCallback done) { kept.push_back(std::move(done)); };
  shard();
  options.timeout_send = 20ms;
  start();
  const auto reply = post("/search");
  EXPECT_THAT(matches(reply), ElementsAre("s1"));
  EXPECT_EQ(trailing(reply, "failed_shards"), "1");
  for (auto& done : kept) done({});
}

TEST_F(HeadTest, DeadlineAndCancellationReachTheShards) {
  std::vector<wire::ReplyCallback> kept;
  std::vector<RequestContext::Registration> watched;
  int cancelled = 0;
  FakeExecutor& only = shard();
  only.on_request = [&](RequestContext& with, wire::DataRequest, wire::ReplyCallback done) {
    watched.push_back(with.on_cancel([&](CancelReason) { ++cancelled; }));
    kept.push_back(std::move(done));
  };
  start();
  grpc::CallOptions with;
  with.deadline = std::chrono::steady_clock::now() + 1h;
  std::optional<grpc::UnaryReply> reply;
  grpc::CallHandle handle = channel->unary("/jina.JinaSingleDataRequestRPC/process_single_data", request("/go").serialize(),
                                           std::move(with), [&](grpc::UnaryReply got) { reply = std::move(got); });
  run_until(io, [&] { return !kept.empty(); });
  EXPECT_TRUE(only.last_had_deadline);
  handle.cancel();
  run_until(io, [&] { return cancelled == 1 && reply; });
  watched.clear();
  for (auto& done : kept) done({});
}

}  // namespace
}  // namespace jina::head

#include <gmock/gmock.h>

#include "topology/graph_test_kit.hpp"

namespace jina::topology {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kDiamond = R"({"a": ["c"], "start-gateway": ["a", "b"], "b": ["c"], "c": ["end-gateway"]})";
constexpr const char* kFloating = R"({"a": ["fl", "b"], "start-gateway": ["a"], "fl": [], "b": ["end-gateway"]})";

std::vector<std::string> ids(const Message& message) {
  std::vector<std::string> found;
  for (const auto& document : message.data().docs().docs()) found.push_back(document.id());
  return found;
}

TEST_F(GraphTest, DiamondMergesInOrderOfArrival) {
  build(kDiamond);
  run(make_message());
  ASSERT_THAT(caller_.waiting(), ElementsAre("a", "b"));
  clock_.advance(std::chrono::milliseconds(1));
  caller_.answer("b", {.response = to_request(make_message("/go", {"d", "from-b"}))});
  clock_.advance(std::chrono::milliseconds(1));
  ASSERT_THAT(caller_.waiting(), ElementsAre("a"));
  caller_.answer("a", {.response = to_request(make_message("/go", {"from-a", "d"}))});
  ASSERT_THAT(caller_.waiting(), ElementsAre("c"));
  EXPECT_FALSE(caller_.at("c").as_list);
  const Message sent = to_message(caller_.at("c").requests.front());
  EXPECT_THAT(ids(sent), ElementsAre("d", "from-b", "from-a"));
  EXPECT_TRUE(sent.parameters().fields().at("__results__").has_struct_value());
  echo("c");
  const Message got = answer();
  EXPECT_EQ(routes(got), "gateway[0-3] a[0-2] c[2-3] b[0-1]");
  EXPECT_EQ(got.parameters().fields_size(), 0);
}

TEST_F(GraphTest, NoReduceSendsAllInputs) {
  build(kDiamond, R"(["c"])");
  run(make_message());
  echo("b");
  echo("a");
  ASSERT_THAT(caller_.waiting(), ElementsAre("c"));
  EXPECT_TRUE(caller_.at("c").as_list);
  ASSERT_EQ(caller_.at("c").requests.size(), 2u);
  EXPECT_EQ(routes(to_message(caller_.at("c").requests.front())), "gateway[0-] b[-]");
  echo("c");
  EXPECT_EQ(routes(answer()), "gateway[0-3] a[0-2] c[2-3] b[0-1]");
}

TEST_F(GraphTest, OneBranchFails) {
  build(kDiamond);
  run(make_message());
  raise("b", "boom");
  EXPECT_FALSE(reply_) << "the other branch is waited for, as in Jina";
  echo("a");
  EXPECT_THAT(caller_.waiting(), IsEmpty());
  const Message got = answer();
  EXPECT_EQ(got.header().status().description(), "boom");
  EXPECT_EQ(routes(got), "gateway[0-2] a[0-2] b[0-1!]");
}

TEST_F(GraphTest, BothBranchesFailFirstInGraphOrderWins) {
  build(kDiamond);
  run(make_message());
  raise("b", "from b");
  raise("a", "from a");
  EXPECT_EQ(answer().header().status().description(), "from a");
}

TEST_F(GraphTest, NetworkFailureAnswersAtOnceAndCancelsTheSibling) {
  build(kDiamond);
  run(make_message());
  caller_.answer("b", {.status = {StatusCode::kUnavailable, "down"}});
  ASSERT_TRUE(reply_);
  EXPECT_EQ(reply_->status.message, "down");
  EXPECT_THAT(caller_.waiting(), IsEmpty());
  EXPECT_EQ(runner_->active_runs(), 0u);
}

TEST_F(GraphTest, ClientCancelsBothBranches) {
  build(kDiamond);
  run(make_message());
  context_.cancel(CancelReason::kClient);
  ASSERT_TRUE(reply_);
  EXPECT_EQ(reply_->status.code, StatusCode::kCancelled);
  EXPECT_EQ(runner_->active_runs(), 0u);
}

TEST_F(GraphTest, TargetOfOneBranch) {
  build(kDiamond);
  Message message = make_message();
  message.mutable_header()->set_target_executor("b");
  run(message);
  ASSERT_THAT(caller_.waiting(), ElementsAre("b"));
  echo("b");
  EXPECT_EQ(routes(answer()), "gateway[0-1] a[0-] c[1-] b[0-1]");
}

TEST_F(GraphTest, SeveralLastNodesFirstInGraphOrderAnswers) {
  build(R"({"start-gateway": ["a", "b"], "a": ["end-gateway"], "b": ["end-gateway"]})");
  run(make_message());
  caller_.answer("b", {.response = to_request(make_message("/b"))});
  EXPECT_FALSE(reply_);
  caller_.answer("a", {.response = to_request(make_message("/a"))});
  EXPECT_EQ(answer().header().exec_endpoint(), "/a");
  EXPECT_EQ(answer().routes_size(), 3);
}

TEST_F(GraphTest, FloatingIsNeverWaitedFor) {
  build(kFloating);
  run(make_message());
  echo("a");
  ASSERT_THAT(caller_.waiting(), ElementsAre("fl", "b"));
  echo("b");
  EXPECT_EQ(routes(answer()), "gateway[0-2] a[0-1] fl[1-] b[1-2]");
  EXPECT_EQ(runner_->active_runs(), 1u);
  EXPECT_EQ(runner_->floating_runs(), 1u);
  bool idle = false;
  runner_->when_idle([&] { idle = true; });
  EXPECT_FALSE(idle);
  caller_.answer("fl", {.status = {StatusCode::kUnavailable, "nobody hears of it"}});
  EXPECT_TRUE(idle);
  EXPECT_EQ(runner_->floating_runs(), 0u);
}

TEST_F(GraphTest, FloatingThatIsFastEnoughHasAnEnd) {
  build(kFloating);
  run(make_message());
  echo("a");
  echo("fl");
  echo("b");
  EXPECT_EQ(routes(answer()), "gateway[0-3] a[0-1] fl[1-2] b[1-3]");
}

TEST_F(GraphTest, FloatingSurvivesTheClient) {
  build(kFloating);
  run(make_message());
  echo("a");
  context_.cancel(CancelReason::kClient);
  EXPECT_THAT(caller_.waiting(), ElementsAre("fl"));
  runner_->cancel_floating();
  EXPECT_THAT(caller_.waiting(), IsEmpty());
  EXPECT_EQ(runner_->active_runs(), 0u);
}

TEST_F(GraphTest, FloatingIsBounded) {
  build(kFloating);
  runner_ = std::make_unique<GraphRunner>(runner_->shared_graph(), caller_, clock_, GraphRunnerOptions{.max_floating_runs = 1});
  for (int i = 0; i < 2; ++i) {
    run(make_message());
    echo("a");
    echo("b");
    EXPECT_TRUE(reply_);
  }
  EXPECT_THAT(caller_.waiting(), ElementsAre("fl"));
  EXPECT_EQ(runner_->floating_skipped(), 1u);
  caller_.echo("fl");
}

TEST_F(GraphTest, OnlyFloatingNodes) {
  build(R"({"start-gateway": ["fl"], "fl": []})");
  run(make_message());
  EXPECT_EQ(answer().data().docs().docs_size(), 1);
  EXPECT_THAT(caller_.waiting(), ElementsAre("fl"));
  EXPECT_EQ(caller_.at("fl").requests.front().data->size(), reply_->response.data->size());
  caller_.echo("fl");
  EXPECT_EQ(runner_->active_runs(), 0u);
}

TEST_F(GraphTest, ConditionsSplitAndOrderIsRestored) {
  build(kDiamond, "[]", R"({"a": {"tags__k": {"$eq": 1}}, "b": {"tags__k": {"$eq": 2}}})");
  Message message = make_message("/go", {"d0", "d1", "d2", "d3"});
  for (int i = 0; i < 4; ++i) {
    auto* document = message.mutable_data()->mutable_docs()->mutable_docs(i);
    (*document->mutable_tags()->mutable_fields())["k"].set_number_value(i == 3 ? 9 : 2 - i % 2);
  }
  run(message);
  EXPECT_THAT(ids(to_message(caller_.at("a").requests.front())), ElementsAre("d1"));
  EXPECT_THAT(ids(to_message(caller_.at("b").requests.front())), ElementsAre("d0", "d2"));
  echo("a");
  Message from_b = to_message(caller_.at("b").requests.front());
  from_b.mutable_data()->mutable_docs()->add_docs()->set_id("new");
  caller_.answer("b", {.response = to_request(from_b)});
  EXPECT_THAT(ids(to_message(caller_.at("c").requests.front())), ElementsAre("d1", "d0", "d2", "new"));
  echo("c");
  EXPECT_THAT(ids(answer()), ElementsAre("d0", "d1", "d2", "new"));
}

}  // namespace
}  // namespace jina::topology

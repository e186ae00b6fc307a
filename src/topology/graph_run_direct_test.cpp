// Calls that complete before they return, as those of Executors in this process do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "topology/graph_test_kit.hpp"

namespace jina::topology {
namespace {

using testing::ElementsAre;

// Answers at once; those it is told to wait for stay with the fake.
class DirectCaller final : public ExecutorCaller {
 public:
  explicit DirectCaller(ManualClock& clock) : clock_(clock) {}

  void send(RequestContext& context, std::string_view deployment, std::string_view endpoint, wire::DataRequest&& request,
            wire::ReplyCallback done) override {
    called.emplace_back(deployment);
    if (deployment == waits_for) return waiting.send(context, deployment, endpoint, std::move(request), std::move(done));
    clock_.advance(std::chrono::milliseconds(1));
    wire::Reply reply;
    if (deployment == fails) {
      reply.status = {StatusCode::kUnavailable, "down"};
    } else {
      reply.response = std::move(request);
    }
    done(std::move(reply));
  }
  void send_list(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                 std::vector<wire::DataRequest> requests, wire::ReplyCallback done) override {
    send(context, deployment, endpoint, std::move(requests.front()), std::move(done));
  }

  std::vector<std::string> called;
  std::string waits_for;
  std::string fails;
  FakeExecutorCaller waiting;

 private:
  ManualClock& clock_;
};

class DirectCalls : public testing::Test {
 protected:
  ~DirectCalls() override {
    runner_->cancel_floating();
    EXPECT_EQ(runner_->active_runs(), 0u);
  }
  void run(std::string_view graph) {
    GraphDescription description;
    description.graph = boost::json::parse(graph).as_object();
    description.check_addresses = false;
    runner_ = std::make_unique<GraphRunner>(build_graph(description).value(), caller_, clock_);
    runner_->run(context_, to_request(make_message()), [this](wire::Reply reply) { replies_.push_back(std::move(reply)); });
  }
  std::string routes() const {
    std::string text;
    const Message message = to_message(replies_.at(0).response);
    for (const auto& route : message.routes())
      text +=
          route.executor() + std::to_string((route.end_time().seconds() - 1) * 1000 + route.end_time().nanos() / 1'000'000) + " ";
    return text;
  }

  ManualClock clock_;
  DirectCaller caller_{clock_};
  RequestContext context_;
  std::unique_ptr<GraphRunner> runner_;
  std::vector<wire::Reply> replies_;
};

TEST_F(DirectCalls, ChainIsDoneWhenTheRunWasStarted) {
  run(R"({"start-gateway": ["a"], "a": ["b"], "b": ["end-gateway"]})");
  ASSERT_EQ(replies_.size(), 1u);
  EXPECT_EQ(routes(), "gateway2 a1 b2 ");
}

TEST_F(DirectCalls, AllBranchesAreCalledBeforeTheAnswer) {
  run(R"({"start-gateway": ["a", "b"], "a": ["c"], "b": ["c"], "c": ["end-gateway"]})");
  ASSERT_EQ(replies_.size(), 1u);
  EXPECT_THAT(caller_.called, ElementsAre("a", "b", "c"));
  EXPECT_EQ(routes(), "gateway3 a1 c3 b2 ");
}

TEST_F(DirectCalls, OneBranchMayTakeLonger) {
  caller_.waits_for = "b";
  run(R"({"start-gateway": ["a", "b"], "a": ["c"], "b": ["c"], "c": ["end-gateway"]})");
  EXPECT_TRUE(replies_.empty());
  caller_.waiting.echo("b");
  ASSERT_EQ(replies_.size(), 1u);
  EXPECT_THAT(caller_.called, ElementsAre("a", "b", "c"));
}

TEST_F(DirectCalls, FailureOfTheFirstBranchSavesTheSecond) {
  caller_.fails = "a";
  run(R"({"start-gateway": ["a", "b"], "a": ["c"], "b": ["c"], "c": ["end-gateway"]})");
  ASSERT_EQ(replies_.size(), 1u);
  EXPECT_EQ(replies_[0].status.code, StatusCode::kUnavailable);
  EXPECT_THAT(caller_.called, ElementsAre("a"));
}

TEST_F(DirectCalls, FloatingNodesAreCalledToo) {
  caller_.waits_for = "fl";
  run(R"({"start-gateway": ["a", "fl"], "a": ["end-gateway"], "fl": []})");
  ASSERT_EQ(replies_.size(), 1u);
  EXPECT_THAT(caller_.called, ElementsAre("a", "fl"));
  EXPECT_EQ(runner_->active_runs(), 1u);
  caller_.waiting.echo("fl");
}

}  // namespace
}  // namespace jina::topology

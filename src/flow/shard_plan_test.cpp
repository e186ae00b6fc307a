#include "flow/shard_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jina::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

DeploymentSpec item(const std::string& more) {
  auto document = config::load_text("jtype: Flow\nexecutors:\n- name: s\n  uses: Upper\n" + more, "flow.yml", "/tmp");
  auto flow = parse_flow(document.value());
  EXPECT_TRUE(flow.ok()) << flow.error().message;
  return flow.value().deployments.front();
}

std::vector<std::string> names(ShardPlan& plan) {
  std::vector<std::string> out;
  for (const ShardPod& pod : plan.pods()) out.push_back(pod.name);
  return out;
}

TEST(ShardPlan, PodsAreNamedAndOrderedAsInJina) {
  ShardPlan plan(
      item("  shards: 2\n  replicas: 2\n  port: 19410\n  uses_before: Before\n  uses_after: After\n"
           "  uses_requests: {/a: b}\n  uses_with: {x: 1}\n"));
  EXPECT_THAT(names(plan), ElementsAre("s/uses_before-0", "s/uses_after-0", "s/shard-0/rep-0", "s/shard-0/rep-1", "s/shard-1/rep-0",
                                       "s/shard-1/rep-1"));
  EXPECT_EQ(plan.head_name(), "s/head");
  EXPECT_EQ(plan.head_port(), 19410);
  const DeploymentSpec& before = plan.pods().front().spec;
  EXPECT_EQ(before.options.text("uses"), "Before");
  EXPECT_TRUE(before.options.object("uses-requests").empty()) << "they name functions of the other class";
  EXPECT_EQ(before.options.object("uses-with").size(), 1u);
  EXPECT_EQ(plan.pods().back().spec.options.text("uses"), "Upper");
  EXPECT_EQ(plan.pods().back().shard_id, 1);
  EXPECT_EQ(plan.pods().back().replica_id, 1);
}

TEST(ShardPlan, TheHeadIsToldWhereEverybodyIs) {
  ShardPlan plan(
      item("  shards: 2\n  uses_before: Before\n  polling: {/go: ALL}\n  no_reduce: true\n  timeout_send: 500\n"
           "  uses_with: {x: 1}\n"));
  int port = 1;
  for (ShardPod& pod : plan.pods()) pod.address = "0.0.0.0:" + std::to_string(port++);
  EXPECT_THAT(plan.head_arguments(),
              ElementsAre("--shards", "2", "--polling", R"({"/go":"ALL"})", "--no-reduce", "--connection-list",
                          R"({"0":["0.0.0.0:2"],"1":["0.0.0.0:3"]})", "--uses-before-address", "0.0.0.0:1", "--timeout-send", "500",
                          "--runtime-cls", "HeadRuntime", "--pod-role", "HEAD"));
}

TEST(ShardPlan, WithoutShardsThereIsNoHead) {
  const DeploymentSpec plain = item("  uses_before: Before\n  uses_after: BaseExecutor\n  polling: ALL\n");
  EXPECT_FALSE(ShardPlan::needed(plain));
  EXPECT_THAT(without_effect(plain), ElementsAre("polling", "uses_before", "uses_after"));
  EXPECT_THAT(without_effect(item("  uses_before: Before\n  shards: 2\n")), IsEmpty());
}

TEST(ShardPlan, TheGatewayKnowsTheHeadAlone) {
  auto document = config::load_text(
      "jtype: Flow\nexecutors:\n- {name: s, shards: 2, replicas: 2, uses_after: After}\n- {name: b}\n", "flow.yml", "/tmp");
  auto flow = parse_flow(document.value());
  const auto plan = make_launch_plan(flow.value(), {.executable = "/usr/bin/jina"});
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  std::vector<std::string> names;
  for (const PodPlan& pod : plan->pods) names.push_back(pod.name);
  EXPECT_THAT(names, ElementsAre("s/uses_after-0", "s/shard-0/rep-0", "s/shard-0/rep-1", "s/shard-1/rep-0", "s/shard-1/rep-1",
                                 "s/head", "b/rep-0", "gateway/rep-0"));
  const PodPlan& head = plan->pods[5];
  ASSERT_EQ(plan->topology.deployments_addresses.at("s").as_array().size(), 1u);
  EXPECT_EQ(plan->topology.deployments_addresses.at("s").as_array().front().as_string(),
            "grpc://0.0.0.0:" + std::to_string(head.health.port));
  EXPECT_THAT(plan->pods[3].process.arguments, ::testing::IsSupersetOf({"--shard-id", "1", "--shards", "2", "--replicas"}));
  EXPECT_THAT(head.process.arguments,
              ::testing::IsSupersetOf({"executor", "--runtime-cls", "HeadRuntime", "--uses-after-address"}));
}

TEST(ShardPlan, AnErrorSaysWhichClassItIsAbout) {
  auto document = config::load_text("jtype: Flow\nexecutors:\n- {name: s, shards: 2, uses_after: gone.yml}\n", "flow.yml", "/tmp");
  auto flow = parse_flow(document.value());
  const auto plan = make_launch_plan(flow.value(), {.executable = "/usr/bin/jina"});
  ASSERT_FALSE(plan.ok());
  EXPECT_THAT(plan.error().message, ::testing::StartsWith("flow.yml:3:3: s: uses_after: the file 'gone.yml' does not exist"));
}

}  // namespace
}  // namespace jina::flow

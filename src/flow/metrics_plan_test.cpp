// Which process of a Flow has its metrics on which port.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "flow/launch_plan.hpp"

namespace jina::flow {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

LaunchPlan plan_of(const std::string& yaml) {
  auto document = config::load_text(yaml, "flow.yml", "/tmp");
  auto flow = parse_flow(document.value());
  EXPECT_TRUE(flow.ok()) << flow.error().message;
  auto plan = make_launch_plan(flow.value(), {.executable = "/bin/jina"});
  EXPECT_TRUE(plan.ok()) << plan.error().message;
  return std::move(plan).value();
}

// The port of the metrics that a process is told; "" when it is not monitored.
std::string told(const LaunchPlan& plan, const std::string& pod) {
  const auto found = std::find_if(plan.pods.begin(), plan.pods.end(), [&](const PodPlan& each) { return each.name == pod; });
  if (found == plan.pods.end()) return "no such process";
  const auto& words = found->process.arguments;
  const bool monitored = std::find(words.begin(), words.end(), "--monitoring") != words.end();
  const auto port = std::find(words.begin(), words.end(), "--port-monitoring");
  EXPECT_EQ(monitored, port != words.end()) << pod;
  return port == words.end() ? "" : *std::next(port);
}

std::vector<std::string> rows(const LaunchPlan& plan) {
  std::vector<std::string> names;
  for (const EndpointRow& row : plan.endpoints)
    if (row.protocol == "metrics") names.push_back(row.name);
  return names;
}

TEST(MetricsPlan, EachProcessHasAPort) {
  const LaunchPlan plan = plan_of(
      "jtype: Flow\nwith: {monitoring: true, port_monitoring: 29410}\nexecutors:\n"
      "- {name: a, uses: A, replicas: 2, port_monitoring: [29411]}\n"
      "- {name: s, uses: S, shards: 2, port_monitoring: [29412, 29413, 29414]}\n"
      "- {name: off, uses: S, monitoring: false}\n");
  EXPECT_EQ(told(plan, "gateway/rep-0"), "29410");
  EXPECT_EQ(told(plan, "a/rep-0"), "29411");
  EXPECT_THAT((std::vector<std::string>{"", "29410", "29411", "29412"}), Not(Contains(told(plan, "a/rep-1"))));
  EXPECT_EQ(told(plan, "s/head"), "29412");
  EXPECT_EQ(told(plan, "s/shard-0/rep-0"), "29413");
  EXPECT_EQ(told(plan, "s/shard-1/rep-0"), "29414");
  EXPECT_EQ(told(plan, "off/rep-0"), "");
  EXPECT_THAT(rows(plan), ElementsAre("a/rep-0", "a/rep-1", "s/shard-0/rep-0", "s/shard-1/rep-0", "s/head", "gateway/rep-0"));
  const EndpointRow& last = plan.endpoints.back();
  EXPECT_EQ(last.url, "http://127.0.0.1:29410/metrics");
}

TEST(MetricsPlan, WithoutMonitoringNobodyHas) {
  const LaunchPlan plan = plan_of("jtype: Flow\nexecutors: [{name: a, uses: A, port_monitoring: 29411}]\n");
  EXPECT_EQ(told(plan, "a/rep-0"), "");
  EXPECT_EQ(told(plan, "gateway/rep-0"), "");
  EXPECT_THAT(rows(plan), IsEmpty());
}

// Nobody reaches what listens in there; the head is no container.
TEST(MetricsPlan, OneExecutorAlone) {
  const LaunchPlan plan = plan_of("jtype: Flow\nexecutors: [{name: a, uses: A, monitoring: true}]\n");
  EXPECT_THAT(rows(plan), ElementsAre("a/rep-0"));
}

}  // namespace
}  // namespace jina::flow

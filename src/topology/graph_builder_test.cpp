#include "topology/graph_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace jina::topology {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

GraphDescription describe(std::string_view graph, std::string_view addresses = "") {
  GraphDescription description;
  description.graph = boost::json::parse(graph).as_object();
  description.check_addresses = !addresses.empty();
  if (!addresses.empty()) description.addresses = boost::json::parse(addresses).as_object();
  return description;
}

std::string error_of(const GraphDescription& description) {
  const auto graph = build_graph(description);
  return graph ? "no error" : graph.error().message;
}

TEST(GraphBuilder, OrdersRoutesDepthFirst) {
  const auto graph =
      build_graph(describe(R"({"a": ["c"], "start-gateway": ["a", "b"], "b": ["c"], "c": ["end-gateway"]})")).value();
  std::vector<std::string> names;
  for (const NodeIndex index : graph->route_order()) names.push_back(graph->node(index).name);
  EXPECT_THAT(names, ElementsAre("a", "c", "b"));
  EXPECT_EQ(graph->node(graph->route_order()[1]).inputs, 2);
  EXPECT_FALSE(graph->is_chain());
}

TEST(GraphBuilder, FloatingBranchesLeaveAChainAChain) {
  const auto graph =
      build_graph(describe(R"({"a": ["fl", "b"], "start-gateway": ["a"], "fl": ["fl2"], "fl2": [], "b": ["end-gateway"]})"))
          .value();
  EXPECT_TRUE(graph->is_chain());
  for (const GraphNode& node : graph->nodes()) EXPECT_EQ(node.awaited, !node.name.starts_with("fl")) << node.name;
}

TEST(GraphBuilder, NodeKnownByItsAddressAloneAnswers) {
  const auto graph = build_graph(describe(R"({"start-gateway": ["a"]})", R"({"a": ["h:1"]})")).value();
  EXPECT_TRUE(graph->node(0).is_last);
}

TEST(GraphBuilder, ErrorsNameTheNode) {
  EXPECT_THAT(error_of(describe(R"({"start-gateway": "a"})")), HasSubstr("successors of \"start-gateway\" have to be a list"));
  EXPECT_THAT(error_of(describe(R"({"start-gateway": [1]})")), HasSubstr("\"start-gateway\" has a successor that is no text"));
  EXPECT_THAT(error_of(describe(R"({"start-gateway": ["a"]})")), HasSubstr("\"start-gateway\" sends to \"a\", which is unknown"));
  EXPECT_THAT(error_of(describe(R"({"start-gateway": ["a", "a"], "a": ["end-gateway"]})")),
              HasSubstr("names its successor \"a\" twice"));
  EXPECT_THAT(error_of(describe(R"({"start-gateway": ["a"], "a": ["b"], "b": ["c"], "c": ["b", "end-gateway"]})")),
              HasSubstr("b -> c -> b"));
  EXPECT_THAT(error_of(describe(R"({"start-gateway": ["a"], "a": ["end-gateway"], "lost": ["end-gateway"]})")),
              HasSubstr("no request can reach \"lost\""));
  EXPECT_THAT(error_of(describe(R"({"start-gateway": ["a"], "a": ["end-gateway"]})", "{}")), HasSubstr("\"a\" has no address"));
  EXPECT_THAT(error_of(describe(R"({"start-gateway": ["a"], "a": ["start-gateway"]})")), HasSubstr("did you mean \"end-gateway\""));
  EXPECT_THAT(error_of(describe(R"({"end-gateway": ["a"], "a": []})")), HasSubstr("cannot have successors"));
  GraphDescription description = describe(R"({"start-gateway": ["a"], "a": ["end-gateway"]})");
  description.conditions = boost::json::parse(R"({"b": {"x": {"$eq": 1}}})").as_object();
  EXPECT_THAT(error_of(description), HasSubstr("graph-conditions: \"b\" is no node"));
  description.conditions = boost::json::parse(R"({"a": {"x": {"$nope": 1}}})").as_object();
  EXPECT_THAT(error_of(description), HasSubstr("graph-conditions: \"a\": "));
}

}  // namespace
}  // namespace jina::topology

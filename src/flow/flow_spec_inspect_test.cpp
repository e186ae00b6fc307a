// `method: inspect` and what surrounds it, against the graphs that a real Flow builds for the same YAML.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "flow/flow_spec.hpp"
#include "flow/topology_args.hpp"

namespace jina::flow {
namespace {

boost::json::value graph_of(std::string_view items, const std::string& inspect = "") {
  auto document = config::load_text("jtype: Flow\nexecutors:\n" + std::string(items), "flow.yml", "/tmp");
  config::Diagnostics found;
  const auto flow = read_flow(*document, found, {.inspect = inspect});
  for (const auto& text : found.texts(config::Severity::kError)) ADD_FAILURE() << text;
  return topology_args(flow, {}).graph_description;
}

boost::json::value json(std::string_view text) { return boost::json::parse(text); }

constexpr auto kMiddle = "- {name: a}\n- {name: i, method: inspect}\n- {name: b}\n";

TEST(FlowInspect, CollectedAtTheEnd) {
  EXPECT_EQ(graph_of(kMiddle), json(R"({"a": ["i", "_aux_i"], "start-gateway": ["a"], "i": ["gather_inspect"], "_aux_i": ["b"],
                                        "b": ["gather_inspect"], "gather_inspect": ["end-gateway"]})"));
}

TEST(FlowInspect, LeftHanging) {
  EXPECT_EQ(graph_of(kMiddle, "HANG"),
            json(R"({"a": ["i", "_aux_i"], "start-gateway": ["a"], "i": [], "_aux_i": ["b"], "b": ["end-gateway"]})"));
}

TEST(FlowInspect, Removed) {
  EXPECT_EQ(graph_of(kMiddle, "REMOVE"), json(R"({"a": ["b"], "start-gateway": ["a"], "b": ["end-gateway"]})"));
  // Real Jina leaves the pass of the first one behind, without a process; here both go.
  EXPECT_EQ(graph_of("- {name: a}\n- {method: inspect}\n- {method: inspect}\n- {name: b}\n", "REMOVE"),
            json(R"({"a": ["b"], "start-gateway": ["a"], "b": ["end-gateway"]})"));
}

TEST(FlowInspect, NamesOfSeveral) {
  EXPECT_EQ(graph_of("- {name: a}\n- {method: inspect}\n- {method: inspect}\n- {name: b}\n"),
            json(R"({"a": ["inspect", "_aux_inspect"], "start-gateway": ["a"], "inspect": ["gather_inspect"],
                     "_aux_inspect": ["inspect3", "_aux_inspect4"], "inspect3": ["gather_inspect"], "_aux_inspect4": ["b"],
                     "b": ["gather_inspect"], "gather_inspect": ["end-gateway"]})"));
}

TEST(FlowInspect, GatheredInTheMiddle) {
  constexpr auto kItems =
      "- {name: a}\n- {name: i, method: inspect}\n- {name: b}\n- {name: i2, method: inspect}\n"
      "- {name: g, method: gather_inspect}\n- {name: c}\n";
  EXPECT_EQ(graph_of(kItems), json(R"({"a": ["i", "_aux_i"], "start-gateway": ["a"], "i": ["g", "gather_inspect"],
                                       "_aux_i": ["b"], "b": ["i2", "_aux_i2"], "i2": ["g", "gather_inspect"], "_aux_i2": ["g"],
                                       "g": ["c"], "c": ["gather_inspect"], "gather_inspect": ["end-gateway"]})"));
  EXPECT_EQ(graph_of("- {name: a}\n- {method: gather_inspect}\n"), json(R"({"a": ["end-gateway"], "start-gateway": ["a"]})"));
}

TEST(FlowInspect, NeedsAllTakesThemIn) {
  EXPECT_EQ(graph_of("- {name: a, needs: gateway}\n- {name: b, needs: gateway}\n- {name: i, method: inspect}\n"
                     "- {method: needs_all}\n"),
            json(R"({"a": ["joiner"], "start-gateway": ["a", "b"], "b": ["i", "_aux_i"], "i": ["joiner", "gather_inspect"],
                     "_aux_i": ["joiner"], "joiner": ["gather_inspect"], "gather_inspect": ["end-gateway"]})"));
}

TEST(FlowInspect, TakesNoNeeds) {
  auto document =
      config::load_text("jtype: Flow\nexecutors:\n- {name: a}\n- {name: i, method: inspect, needs: a}\n", "flow.yml", "/tmp");
  config::Diagnostics found;
  read_flow(*document, found);
  EXPECT_THAT(found.texts(config::Severity::kError),
              testing::ElementsAre("flow.yml:4:37: an Executor with 'method: inspect' takes no 'needs'; it looks at what the item "
                                   "before it answers"));
}

}  // namespace
}  // namespace jina::flow

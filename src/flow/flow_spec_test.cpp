#include "flow/flow_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "flow/launch_plan.hpp"
#include "flow/topology_args.hpp"

namespace jina::flow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<FlowSpec> parse(std::string_view yaml) {
  auto document = config::load_text(yaml, "flow.yml", "/tmp");
  if (!document) return document.error();
  return parse_flow(*document);
}

std::string error_of(std::string_view yaml) {
  auto flow = parse(yaml);
  return flow ? "no error" : flow.error().message;
}

boost::json::object args_of(std::string_view yaml, const Addresses& addresses) {
  auto flow = parse(yaml);
  if (!flow) {
    ADD_FAILURE() << flow.error().message;
    return {};
  }
  const auto args = topology_args(*flow, addresses);
  return {{"graph_description", args.graph_description},
          {"graph_conditions", args.graph_conditions},
          {"deployments_addresses", args.deployments_addresses},
          {"deployments_metadata", args.deployments_metadata},
          {"deployments_no_reduce", args.deployments_no_reduce}};
}

Addresses at(std::initializer_list<const char*> names) {
  Addresses out;
  int port = 18121;
  for (const char* name : names) out[name] = {"grpc://0.0.0.0:" + std::to_string(port++)};
  return out;
}

// What a real Flow passes to its gateway for the same topology, as recorded.
boost::json::object recorded(std::string_view graph, std::string_view addresses, std::string_view conditions = "{}",
                             std::string_view no_reduce = "[]") {
  return {{"graph_description", boost::json::parse(graph)},
          {"graph_conditions", boost::json::parse(conditions)},
          {"deployments_addresses", boost::json::parse(addresses)},
          {"deployments_metadata", boost::json::object{}},
          {"deployments_no_reduce", boost::json::parse(no_reduce)}};
}

constexpr auto kDiamondAddresses = R"({"a":["grpc://0.0.0.0:18121"],"b":["grpc://0.0.0.0:18122"],"c":["grpc://0.0.0.0:18123"]})";

TEST(TopologyArgs, Chain) {
  EXPECT_EQ(args_of("jtype: Flow\nexecutors:\n- {name: a}\n- {name: x}\n- {name: b}\n", at({"a", "x", "b"})),
            recorded(R"({"a":["x"],"start-gateway":["a"],"x":["b"],"b":["end-gateway"]})",
                     R"({"a":["grpc://0.0.0.0:18121"],"x":["grpc://0.0.0.0:18122"],"b":["grpc://0.0.0.0:18123"]})"));
}

TEST(TopologyArgs, Diamond) {
  EXPECT_EQ(
      args_of("jtype: Flow\nexecutors:\n- {name: a, needs: gateway}\n- {name: b, needs: gateway}\n- {name: c, needs: [a, b]}\n",
              at({"a", "b", "c"})),
      recorded(R"({"a":["c"],"start-gateway":["a","b"],"b":["c"],"c":["end-gateway"]})", kDiamondAddresses));
}

TEST(TopologyArgs, NoReduce) {
  EXPECT_EQ(
      args_of("jtype: Flow\nexecutors:\n- {name: a, needs: gateway}\n- {name: b, needs: gateway}\n- {name: c, needs: [a, b], "
              "no_reduce: true}\n",
              at({"a", "b", "c"})),
      recorded(R"({"a":["c"],"start-gateway":["a","b"],"b":["c"],"c":["end-gateway"]})", kDiamondAddresses, "{}", R"(["c"])"));
}

TEST(TopologyArgs, Conditions) {
  EXPECT_EQ(args_of(R"(
jtype: Flow
executors:
- {name: a, needs: gateway, when: {tags__k: {$eq: 1}}}
- {name: b, needs: gateway, when: {tags__k: {$eq: 2}}}
- {name: j, needs: [a, b], method: needs}
)",
                    at({"a", "b", "j"})),
            recorded(R"({"a":["j"],"start-gateway":["a","b"],"b":["j"],"j":["end-gateway"]})",
                     R"({"a":["grpc://0.0.0.0:18121"],"b":["grpc://0.0.0.0:18122"],"j":["grpc://0.0.0.0:18123"]})",
                     R"({"a":{"tags__k":{"$eq":1}},"b":{"tags__k":{"$eq":2}}})"));
}

TEST(TopologyArgs, Floating) {
  EXPECT_EQ(args_of("jtype: Flow\nexecutors:\n- {name: a}\n- {name: fl, floating: true}\n- {name: b}\n", at({"a", "fl", "b"})),
            recorded(R"({"a":["fl","b"],"start-gateway":["a"],"fl":[],"b":["end-gateway"]})",
                     R"({"a":["grpc://0.0.0.0:18121"],"fl":["grpc://0.0.0.0:18122"],"b":["grpc://0.0.0.0:18123"]})"));
}

TEST(TopologyArgs, ShardsAndReplicas) {
  EXPECT_EQ(args_of("jtype: Flow\nexecutors:\n- {name: s, shards: 2, polling: {'/all': ALL, '*': ANY}}\n- {name: r, replicas: 2}\n",
                    {{"s", {"grpc://0.0.0.0:18121"}}, {"r", {"grpc://0.0.0.0:1", "grpc://0.0.0.0:2"}}}),
            recorded(R"({"s":["r"],"start-gateway":["s"],"r":["end-gateway"]})",
                     R"({"s":["grpc://0.0.0.0:18121"],"r":["grpc://0.0.0.0:1","grpc://0.0.0.0:2"]})"));
  EXPECT_EQ(args_of("jtype: Flow\nexecutors:\n- {name: s, shards: 2, no_reduce: true, polling: ALL}\n", at({"s"})),
            recorded(R"({"s":["end-gateway"],"start-gateway":["s"]})", R"({"s":["grpc://0.0.0.0:18121"]})", "{}", R"(["s"])"));
}

TEST(FlowSpec, NamesFollowJina) {
  auto flow = parse("jtype: Flow\nexecutors:\n- {uses: A}\n- {name: x}\n- {name: x}\n- {uses: B}\n");
  ASSERT_TRUE(flow.ok()) << flow.error().message;
  std::vector<std::string> names;
  for (const auto& spec : flow->deployments) names.push_back(spec.name);
  EXPECT_THAT(names, ElementsAre("executor0", "x", "x2", "executor3"));
  EXPECT_THAT(flow->warnings, ElementsAre("flow.yml:5:10: the name 'x' is used already; this one is called 'x2'"));
}

TEST(FlowSpec, HandsDownAsJinaDoes) {
  auto flow = parse(R"(
jtype: Flow
with:
  port: 1234
  protocol: [grpc, http]
  timeout_send: 500
  retries: 2
  uses: Ignored
  env: {A: 1}
gateway:
  title: T
  with: {x: 1}
executors:
- name: a
  timeout_send: 7
- name: b
)");
  ASSERT_TRUE(flow.ok()) << flow.error().message;
  EXPECT_THAT(flow->gateway.ports("port"), ElementsAre(1234));
  EXPECT_THAT(flow->gateway.texts("protocol"), ElementsAre("GRPC", "HTTP"));
  EXPECT_EQ(flow->gateway.integer("timeout-send"), 500);
  EXPECT_EQ(flow->gateway.text("title"), "T");
  EXPECT_EQ(boost::json::serialize(flow->gateway.get("uses-with")), R"({"x":1})");
  EXPECT_FALSE(flow->gateway.is_set("uses"));
  EXPECT_EQ(flow->deployments[0].options.integer("timeout-send"), 7);
  EXPECT_EQ(flow->deployments[1].options.integer("timeout-send"), 500);
  EXPECT_EQ(flow->deployments[1].options.integer("retries"), 2);
  EXPECT_FALSE(flow->deployments[1].options.is_set("port"));
  EXPECT_EQ(boost::json::serialize(flow->environment), R"({"A":1})");
}

TEST(FlowSpec, TagAndDeploymentForm) {
  auto flow = parse("!Flow\nexecutors:\n- jtype: Deployment\n  with: {name: a, uses: Upper}\n- {name: b}\n");
  ASSERT_TRUE(flow.ok()) << flow.error().message;
  EXPECT_EQ(flow->deployments[0].name, "a");
  EXPECT_EQ(flow->deployments[0].options.text("uses"), "Upper");
}

TEST(FlowSpec, NeedsAllJoinsTheLooseEnds) {
  auto flow = parse("jtype: Flow\nexecutors:\n- {name: a, needs: gateway}\n- {name: b, needs: gateway}\n- {method: needs_all}\n");
  ASSERT_TRUE(flow.ok()) << flow.error().message;
  EXPECT_EQ(flow->last, "joiner");
  EXPECT_THAT(flow->deployments.back().needs, ElementsAre("a", "b"));
}

TEST(FlowSpec, ErrorsNameThePlace) {
  EXPECT_EQ(error_of("with: {}"), "flow.yml:1:1: the first line of a Flow is 'jtype: Flow'");
  EXPECT_EQ(error_of("jtype: Deployment"), "flow.yml:1:8: jtype is 'Deployment', a Flow has 'jtype: Flow'");
  EXPECT_EQ(error_of("jtype: Flow\nexecutor: []"), "flow.yml:2:1: unknown key 'executor' in a Flow; did you mean 'executors'?");
  EXPECT_EQ(error_of("[1]"), "flow.yml:1:1: a Flow is a map that starts with 'jtype: Flow', but this is a list");
  EXPECT_EQ(error_of("jtype: Flow\nexecutors: {a: 1}"),
            "flow.yml:2:12: 'executors' is a list of Executors ('- name: ...'), but this is a map");
  EXPECT_EQ(error_of("jtype: Flow\nexecutors:\n- name: a-b"),
            "flow.yml:3:9: name 'a-b' is no identifier; use letters, digits and '_', and no digit in front");
  EXPECT_EQ(error_of("jtype: Flow\nexecutors:\n- {name: upper}\n- {name: b, needs: uper}"),
            "flow.yml:4:20: b needs 'uper', which is not in this Flow; did you mean 'upper'?");
  EXPECT_EQ(error_of("jtype: Flow\nexecutors:\n- {name: a, needs: b}\n- {name: b, needs: a}"),
            "flow.yml:3:20: a waits for itself: a needs b needs a; take one of these 'needs' out");
  EXPECT_EQ(error_of("jtype: Flow\nexecutors:\n- {name: a, needs: a}"), "flow.yml:3:20: a needs itself");
  EXPECT_EQ(error_of("jtype: Flow\nexecutors:\n- name: a\n  replicas: many"),
            "flow.yml:4:13: replicas: 'many' is not a whole number; write one, for example 1");
  EXPECT_EQ(error_of("jtype: Flow\nexecutors:\n- name: a\n  port: 123456"),
            "flow.yml:4:9: port: 123456 is out of range; ports go from 0 (the system chooses) to 65535");
  EXPECT_EQ(error_of("jtype: Flow\nwith:\n  protocol: htp"),
            "flow.yml:3:13: protocol: 'htp' is not one of GRPC, HTTP, WEBSOCKET; did you mean 'HTTP'?");
  EXPECT_THAT(error_of("jtype: Flow\nexecutors:\n- nothing.txt"),
              HasSubstr("flow.yml:3:3: 'nothing.txt' is neither a map of arguments nor the path"));
  EXPECT_THAT(error_of("jtype: Flow\nexecutors:\n- missing.yml"), HasSubstr("flow.yml:3:3: cannot read /tmp/missing.yml"));
}

TEST(FlowSpec, ListsAllThatIsWrong) {
  auto document = config::load_text(R"(
jtype: Flow
port: 1
with: {retries: many, protocol: htp}
executors:
- {name: a, needs: b}
- {name: b, needs: c}
- {name: c, needs: b, replicas: 0}
- {name: d, needs: nobody, shards: x}
)",
                                    "flow.yml", "/tmp");
  ASSERT_TRUE(document.ok());
  config::Diagnostics found;
  read_flow(*document, found);
  EXPECT_THAT(found.texts(config::Severity::kError),
              ElementsAre("flow.yml:3:1: unknown key 'port' in a Flow; it goes below 'with:', or below 'gateway:'",
                          "flow.yml:4:17: retries: 'many' is not a whole number; write one, for example -1",
                          "flow.yml:4:33: protocol: 'htp' is not one of GRPC, HTTP, WEBSOCKET; did you mean 'HTTP'?",
                          "flow.yml:6:20: a gets no requests: what it needs waits for itself",
                          "flow.yml:7:20: b waits for itself: b needs c needs b; take one of these 'needs' out",
                          "flow.yml:8:33: c: replicas is 0, it must be 1 or more",
                          "flow.yml:9:20: d needs 'nobody', which is not in this Flow",
                          "flow.yml:9:36: shards: 'x' is not a whole number; write one, for example 1"));
}

TEST(FlowSpec, WarnsOnceAboutWhatHasNoEffect) {
  auto flow = parse(
      "jtype: Flow\nwith: {metrics: true}\nexecutors:\n- {name: a, gpus: all, replicsa: 2}\n- {name: b, floating: true, "
      "external: true}\n");
  ASSERT_TRUE(flow.ok()) << flow.error().message;
  EXPECT_THAT(flow->warnings, ElementsAre("flow.yml:4:24: unknown key 'replicsa' in a is ignored; did you mean 'replicas'?",
                                          "flow.yml: without effect here: a.gpus, a.metrics, b.metrics, gateway.metrics"));
}

TEST(LaunchPlan, ProcessesAndPorts) {
  auto flow = parse(
      "jtype: Flow\nwith: {protocol: [grpc, http, websocket], env: {A: x}}\nexecutors:\n- {name: up, uses: Upper, replicas: 2, "
      "uses_with: {n: 1}}\n"
      "- {name: out, external: true, host: 'grpcs://far:99', grpc_metadata: {k: v}}\n");
  ASSERT_TRUE(flow.ok()) << flow.error().message;
  auto plan = make_launch_plan(*flow, {.executable = "/bin/jina"});
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  ASSERT_EQ(plan->pods.size(), 3U);
  const auto& first = plan->pods[0];
  EXPECT_EQ(first.name, "up/rep-0");
  EXPECT_EQ(first.process.program, "/bin/jina");
  const auto port = std::to_string(first.health.port);
  EXPECT_THAT(first.process.arguments,
              ElementsAre("executor", "--name", "up/rep-0", "--host", "0.0.0.0", "--port", port, "--replica-id", "0", "--replicas",
                          "2", "--uses", "Upper", "--uses-with", R"({"n":1})"));
  EXPECT_THAT(first.process.environment, ElementsAre(std::pair<std::string, std::string>("A", "x")));
  EXPECT_NE(plan->pods[1].health.port, first.health.port);
  const auto& gateway = plan->pods[2];
  EXPECT_TRUE(gateway.is_gateway);
  EXPECT_EQ(gateway.process.arguments.front(), "gateway");
  EXPECT_THAT(gateway.process.arguments, testing::Contains("gateway/rep-0"));
  EXPECT_EQ(boost::json::serialize(plan->topology.deployments_addresses.at("out")), R"(["grpcs://far:99"])");
  EXPECT_EQ(boost::json::serialize(plan->topology.deployments_metadata), R"({"out":{"k":"v"}})");
  std::vector<std::string> urls;
  for (const auto& row : plan->endpoints) urls.push_back(row.name + " " + row.protocol);
  EXPECT_THAT(urls, ElementsAre("gateway grpc", "gateway http", "gateway websocket", "up/rep-0 grpc", "up/rep-1 grpc", "out grpc"));
  EXPECT_EQ(plan->endpoints[1].docs, plan->endpoints[1].url + "/docs");
}

TEST(LaunchPlan, SaysWhatCannotRun) {
  const auto plan_error = [](std::string_view yaml) {
    auto flow = parse(yaml);
    auto plan = make_launch_plan(*flow, {.executable = "/bin/jina"});
    return plan ? std::string("no error") : plan.error().message;
  };
  EXPECT_THAT(plan_error("jtype: Flow\nexecutors:\n- {name: a, uses: jinaai://user/Name}"), HasSubstr("is on Jina's Hub"));
  EXPECT_THAT(plan_error("jtype: Flow\nexecutors:\n- {name: a, uses: A, py_modules: gone.cpp}"),
              HasSubstr("a: the file 'gone.cpp' does not exist; looked in /tmp"));
}

}  // namespace
}  // namespace jina::flow

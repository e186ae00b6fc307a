#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <fstream>
#include <sstream>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/pretty_json.hpp"
#include "config/option_sets.hpp"
#include "jina/version.hpp"

namespace jina::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Ran {
  int code = 0;
  std::string out, err;
};

Ran run(std::vector<std::string> words, const std::string& input = "") {
  std::istringstream in(input);
  std::ostringstream out, err;
  Console console{in, out, err};
  const int code = run_program(console, words);
  return {code, out.str(), err.str()};
}

config::OptionBag gateway(std::vector<std::string> words) {
  auto parsed = parse_arguments(config::gateway_options(), 0, words);
  EXPECT_TRUE(parsed.ok()) << parsed.status().message;
  return parsed ? std::move(parsed->options) : config::OptionBag(config::gateway_options());
}

std::string gateway_error(std::vector<std::string> words) {
  return parse_arguments(config::gateway_options(), 0, words).status().message;
}

// The arguments of Jina 3.25.2's `jina gateway` with their defaults (as JSON), and a value that each must take.
struct Row {
  const char* name;
  const char* fallback;
  std::vector<std::string> words;
  const char* value;
};
const Row kGatewayArguments[] = {
    {"name", R"("gateway")", {"gw"}, R"("gw")"},
    {"workspace", "null", {"/w"}, R"("/w")"},
    {"log-config", R"("default")", {"json"}, R"("json")"},
    {"quiet", "false", {}, "true"},
    {"quiet-error", "false", {}, "true"},
    {"workspace-id", "null", {"x"}, R"("x")"},
    {"extra-search-paths", "[]", {"a", "b"}, R"(["a","b"])"},
    {"timeout-ctrl", "60", {"7"}, "7"},
    {"k8s-namespace", "null", {"ns"}, R"("ns")"},
    {"entrypoint", "null", {"e"}, R"("e")"},
    {"docker-kwargs", "null", {"a:1", "b=x"}, R"({"a":1,"b":"x"})"},
    {"prefetch", "1000", {"5"}, "5"},
    {"title", "null", {"T"}, R"("T")"},
    {"description", "null", {"D"}, R"("D")"},
    {"cors", "false", {}, "true"},
    {"uvicorn-kwargs", "null", {"loop: asyncio"}, R"({"loop":"asyncio"})"},
    {"ssl-certfile", "null", {"c.pem"}, R"("c.pem")"},
    {"ssl-keyfile", "null", {"k.pem"}, R"("k.pem")"},
    {"no-debug-endpoints", "false", {}, "true"},
    {"no-crud-endpoints", "false", {}, "true"},
    {"expose-endpoints", "null", {R"({"/foo": {}})"}, R"({"/foo":{}})"},
    {"expose-graphql-endpoint", "false", {}, "true"},
    {"host", R"("0.0.0.0")", {"127.0.0.1"}, R"("127.0.0.1")"},
    {"host-in", R"("0.0.0.0")", {"127.0.0.1"}, R"("127.0.0.1")"},
    {"proxy", "false", {}, "true"},
    {"uses", "null", {"My"}, R"("My")"},
    {"uses-with", "null", {"{\"a\": [1]}"}, R"({"a":[1]})"},
    {"py-modules", "null", {"a.cpp", "b.so"}, R"(["a.cpp","b.so"])"},
    {"compile-flags", "null", {"-O0", "-Wl,-rpath,a b"}, R"(["-O0","-Wl,-rpath,a","b"])"},  // not in Jina
    {"packages", "null", {"zlib,openssl"}, R"(["zlib","openssl"])"},                        // not in Jina
    {"replicas", "1", {"3"}, "3"},
    {"grpc-server-options", "null", {"grpc.max_send_message_length:-1"}, R"({"grpc.max_send_message_length":-1})"},
    {"grpc-channel-options", "null", {"a=1"}, R"({"a":1})"},
    {"graph-description", "{}", {R"({"a": ["b"]})"}, R"({"a":["b"]})"},
    {"graph-conditions", "{}", {R"({"a": {}})"}, R"({"a":{}})"},
    {"deployments-addresses", "{}", {R"({"a": ["grpc://h:1"]})"}, R"({"a":["grpc://h:1"]})"},
    {"deployments-metadata", "{}", {R"({"a": {"k": "v"}})"}, R"({"a":{"k":"v"}})"},
    {"deployments-no-reduce", "[]", {R"(["a"])"}, R"(["a"])"},
    {"deployments-disable-reduce", "[]", {R"(["a", "b"])"}, R"(["a","b"])"},
    {"compression", "null", {"Gzip"}, R"("Gzip")"},
    {"timeout-send", "null", {"500"}, "500"},
    {"runtime-cls", R"("GatewayRuntime")", {"R"}, R"("R")"},
    {"timeout-ready", "600000", {"-1"}, "-1"},
    {"env", "null", {"A=1", "B:x"}, R"({"A":1,"B":"x"})"},
    {"env-from-secret", "null", {"a:b"}, R"({"a":"b"})"},
    {"image-pull-secrets", "null", {"s"}, R"(["s"])"},
    {"shard-id", "0", {"1"}, "1"},
    {"pod-role", R"("GATEWAY")", {"worker"}, R"("WORKER")"},
    {"noblock-on-start", "false", {}, "true"},
    {"floating", "false", {}, "true"},
    {"replica-id", "0", {"1"}, "1"},
    {"reload", "false", {}, "true"},
    {"port", "null", {"1", "2,3"}, "[1,2,3]"},
    {"ports", "null", {"1"}, "[1]"},
    {"port-expose", "null", {"1"}, "[1]"},
    {"port-in", "null", {"1"}, "[1]"},
    {"protocol", R"(["GRPC"])", {"http", "WebSocket"}, R"(["HTTP","WEBSOCKET"])"},
    {"protocols", R"(["GRPC"])", {"grpc,HTTP"}, R"(["GRPC","HTTP"])"},
    {"provider", R"("NONE")", {"azure"}, R"("AZURE")"},
    {"provider-endpoint", "null", {"e"}, R"("e")"},
    {"monitoring", "false", {}, "true"},
    {"port-monitoring", "null", {"9090"}, "[9090]"},
    {"retries", "-1", {"-1"}, "-1"},
    {"tracing", "false", {}, "true"},
    {"traces-exporter-host", "null", {"h"}, R"("h")"},
    {"traces-exporter-port", "null", {"4317"}, "4317"},
    {"metrics", "false", {}, "true"},
    {"metrics-exporter-host", "null", {"h"}, R"("h")"},
    {"metrics-exporter-port", "null", {"4318"}, "4318"},
    {"stateful", "false", {}, "true"},
    {"peer-ports", "null", {"1", "2"}, R"(["1","2"])"},
};

TEST(GatewayArguments, EveryOneOfJinasParsesWithItsDefault) {
  for (const auto& row : kGatewayArguments) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(boost::json::serialize(gateway({}).get(row.name)), row.fallback);
    std::vector<std::string> words{"--" + std::string(row.name)};
    words.insert(words.end(), row.words.begin(), row.words.end());
    words.insert(words.end(), {"--io-threads", "2"});  // something behind it, so that lists must know their end
    const auto options = gateway(words);
    EXPECT_EQ(boost::json::serialize(options.get(row.name)), row.value);
    EXPECT_EQ(options.integer("io-threads"), 2);
  }
}

TEST(GatewayArguments, ErrorsNameTheArgument) {
  EXPECT_EQ(gateway_error({"--prefetch", "x"}), "--prefetch: 'x' is not a whole number; write one, for example 1000");
  EXPECT_EQ(gateway_error({"--port"}), "--port: a value is missing");
  EXPECT_EQ(gateway_error({"--port", "--cors"}), "--port: a value is missing");
  EXPECT_EQ(gateway_error({"--protocol", "gopher"}), "--protocol: 'gopher' is not one of GRPC, HTTP, WEBSOCKET");
  EXPECT_THAT(gateway_error({"--graph-description", "{'a'}"}), HasSubstr("--graph-description:1:2: not valid JSON"));
  EXPECT_EQ(gateway_error({"--cors=maybe"}), "--cors: 'maybe' is neither true nor false; the argument stands alone");
}

TEST(Arguments, ShortenedUnderscoredAndUnknown) {
  EXPECT_EQ(gateway({"--graph-desc", R"({"a":[]})"}).object("graph-description").size(), 1U);
  EXPECT_EQ(gateway({"--timeout_send", "5"}).integer("timeout-send"), 5);
  EXPECT_EQ(gateway({"--prefetch=7"}).integer("prefetch"), 7);
  EXPECT_EQ(gateway({"--py-modules", "a.cpp", "--title=two words"}).text("title"), "two words");
  EXPECT_TRUE(gateway({"--cors", "--quiet"}).flag("cors"));
  auto parsed =
      parse_arguments(config::gateway_options(), 0, {"--timeout 9500", "--port", "1", "--nonsense", "value", "--title", "x"});
  ASSERT_TRUE(parsed.ok()) << parsed.status().message;
  EXPECT_THAT(parsed->unknown, ElementsAre("--timeout 9500", "--nonsense", "value"));
  EXPECT_EQ(parsed->options.text("title"), "x");
}

TEST(Arguments, CompilerFlagsBeginWithOneDash) {
  const auto bag = gateway({"--compile-flags", "-O0", "-g -Wall", "--compile-flags=-DX='a b'", "--uses", "X"});
  EXPECT_THAT(bag.texts("compile-flags"), ElementsAre("-O0", "-g", "-Wall", "-DX=a b"));
  EXPECT_EQ(bag.text("uses"), "X");
  EXPECT_THAT(gateway(bag.to_words()).texts("compile-flags"), ElementsAre("-O0", "-g", "-Wall", "-DX=a b"));
}

TEST(Arguments, ExecutorHostsAndFlags) {
  auto parsed = parse_arguments(config::executor_options(), 0,
                                {"--host", "127.0.0.1", "--native", "--uses-with", "a=1", "b:2", "--uses", "X", "--floating"});
  ASSERT_TRUE(parsed.ok()) << parsed.status().message;
  EXPECT_THAT(parsed->options.texts("host"), ElementsAre("127.0.0.1"));
  EXPECT_TRUE(parsed->options.flag("native"));
  EXPECT_EQ(boost::json::serialize(parsed->options.get("uses-with")), R"({"a":1,"b":2})");
}

TEST(Program, HelpAndVersion) {
  EXPECT_EQ(run({"--version"}).out, std::string(JINA_VERSION) + "\n");
  EXPECT_EQ(run({"-v"}).code, 0);
  EXPECT_THAT(run({"-vf"}).out, HasSubstr("nghttp2"));
  EXPECT_EQ(run({}).code, kUsage);
  EXPECT_THAT(run({"--help"}).out, HasSubstr("jina flow --uses flow.yml"));
  for (const auto& command : commands()) {
    const auto help = run({command.name, "--help"});
    EXPECT_EQ(help.code, 0) << command.name;
    EXPECT_THAT(help.out, HasSubstr("Examples")) << command.name;
  }
  EXPECT_THAT(run({"help", "prefetch"}).out, HasSubstr("jina gateway"));
  EXPECT_THAT(run({"help", "prefetsh"}).err, HasSubstr("did you mean 'prefetch'?"));
  EXPECT_THAT(run({"gatway"}).err, HasSubstr("there is no command 'gatway'; did you mean 'gateway'?"));
  EXPECT_EQ(run({"gatway"}).code, kUsage);
  for (const char* shell : {"bash", "zsh", "fish"})
    EXPECT_THAT(run({"completions", shell}).out, HasSubstr("graph-description")) << shell;
  EXPECT_EQ(run({"completions", "tcsh"}).code, kUsage);
}

TEST(Program, WarnsOnceAboutUnknownAndIneffectiveArguments) {
  const auto ran = run({"executor", "--uses", "x.py", "--timeout 9500", "--prt", "5", "--gpus", "all", "--volumes", "a"});
  EXPECT_EQ(ran.code, kFailure);
  EXPECT_THAT(ran.err, HasSubstr("warning: ignored, not an argument of this command: '--timeout 9500', '--prt'"));
  EXPECT_THAT(ran.err, HasSubstr("warning: accepted, but without effect here: --volumes, --gpus"));
  EXPECT_THAT(ran.err, HasSubstr("error: --uses: 'x.py' is Python, and this program has no Python in it"));
}

TEST(Program, StartErrorsAreClear) {
  EXPECT_THAT(run({"executor", "--uses", "gone.cpp"}).err, HasSubstr("the file 'gone.cpp' does not exist; looked in "));
  EXPECT_THAT(run({"executor", "--uses", "gone.yml"}).err, HasSubstr("gone.yml: No such file"));
  EXPECT_THAT(run({"executor", "--uses", "docker://x"}).err, HasSubstr("is a container image"));
  EXPECT_THAT(run({"flow"}).err, HasSubstr("say which Flow: jina flow --uses flow.yml"));
  EXPECT_EQ(run({"flow"}).code, kUsage);
  EXPECT_THAT(run({"flow", "--uses", "gone.yml"}).err, HasSubstr("gone.yml: No such file"));
  EXPECT_THAT(run({"gateway", "--ssl-certfile", "c"}).err, HasSubstr("--ssl-certfile without --ssl-keyfile: TLS needs both"));
  EXPECT_EQ(run({"gateway", "--ssl-certfile", "c"}).code, kUsage);
  EXPECT_THAT(run({"gateway", "--uses", "My", "--prefetch", "-1"}).err, HasSubstr("--prefetch: -1 is negative"));
}

TEST(Program, PingUsage) {
  EXPECT_EQ(run({"ping"}).code, kUsage);
  EXPECT_THAT(run({"ping", "deplyment", "h:1"}).err, HasSubstr("'deplyment' is none of executor, gateway, flow"));
  EXPECT_THAT(run({"ping", "flow"}).err, HasSubstr("the address is missing"));
  EXPECT_THAT(run({"ping", "gopher://h:1"}).err, HasSubstr("the scheme 'gopher' is none of"));
  const auto refused = run({"ping", "grpc://127.0.0.1:1", "--attempts", "2"});
  EXPECT_EQ(refused.code, kFailure);
  EXPECT_THAT(refused.err, HasSubstr("server grpc://127.0.0.1:1 is not ready"));
  EXPECT_THAT(refused.err, HasSubstr("Connection refused"));
  EXPECT_EQ(run({"ping", "gateway", "http://127.0.0.1:1"}).code, kFailure);
  EXPECT_EQ(run({"ping", "flow", "ws://127.0.0.1:1"}).code, kFailure);
}

TEST(Program, ClientUsage) {
  EXPECT_THAT(run({"client", "grpc://127.0.0.1:1", "gone.json"}).err, HasSubstr("gone.json: No such file"));
  EXPECT_THAT(run({"client", "grpc://127.0.0.1:1", "-"}, "{\"data\": [}").err, HasSubstr("standard input:1:11: not valid JSON"));
  EXPECT_THAT(run({"client", "grpc://127.0.0.1:1", "-"}, "{\"data\": 5}").err, HasSubstr("the request is not valid"));
  for (const char* scheme : {"grpc", "http", "ws"}) {
    const auto ran = run({"client", std::string(scheme) + "://127.0.0.1:1", "--text", "x"});
    EXPECT_EQ(ran.code, kFailure) << scheme;
    EXPECT_THAT(ran.err, HasSubstr("UNAVAILABLE")) << scheme;
    EXPECT_THAT(ran.out, IsEmpty()) << scheme;
  }
}

TEST(PrettyJson, KeepsNumbersAndLeavesOutNull) {
  EXPECT_EQ(pretty_json(R"({"a":1.0,"b":null,"c":[1,2.50],"d":[{"e":"x, {y}\""}],"f":{},"g":[]})", false),
            "{\n  \"a\": 1.0,\n  \"c\": [1, 2.50],\n  \"d\": [\n    {\n      \"e\": \"x, {y}\\\"\"\n    }\n  ],\n  \"f\": {},\n  "
            "\"g\": []\n}");
  EXPECT_THAT(pretty_json(R"({"b":null})", true), HasSubstr("\"b\": null"));
  EXPECT_EQ(pretty_json("Internal Server Error", false), "Internal Server Error");
  EXPECT_EQ(pretty_json("{\"a\":", false), "{\"a\":");
}

}  // namespace
}  // namespace jina::cli

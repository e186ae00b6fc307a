#include "config/substitute.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include "config/yaml_reader.hpp"

namespace jina::config {
namespace {

struct Outcome {
  std::string json;
  std::vector<std::string> warnings;
};

Outcome expand(std::string_view yaml) {
  auto node = read_yaml(yaml, "f.yml");
  if (!node) return {node.error().message, {}};
  Outcome outcome;
  SubstituteOptions options{.source = "f.yml", .context = {{"who", "world"}, {"n", "7"}}, .warnings = &outcome.warnings};
  options.environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "PORT") return "1234";
    if (name == "NAME") return "upper";
    if (name == "FLAG") return "True";
    return std::nullopt;
  };
  const auto status = substitute(*node, options);
  outcome.json = status.ok() ? boost::json::serialize(node->to_json()) : status.message;
  return outcome;
}

TEST(Substitute, Environment) {
  EXPECT_EQ(expand("a: ${{ ENV.PORT }}\nb: ${{ env.NAME }}-1\nc: $PORT\nd: ${NAME}\ne: '${{ENV.PORT}}'\nf: $FLAG").json,
            R"({"a":1234,"b":"upper-1","c":1234,"d":"upper","e":1234,"f":true})");
}

TEST(Substitute, MissingVariablesStayAsInJinaAndWarn) {
  const auto outcome = expand("a: 1\nb: ${{ ENV.M }}\nc: ${{ y }}\nd: $M");
  EXPECT_EQ(outcome.json, R"({"a":1,"b":"$M","c":"$$y","d":"$M"})");
  ASSERT_EQ(outcome.warnings.size(), 2U);
  EXPECT_EQ(outcome.warnings[0], "f.yml:2:4: the environment variable M is not set");
  EXPECT_EQ(outcome.warnings[1], "f.yml:3:4: the context variable y is not given");
}

TEST(Substitute, Context) {
  EXPECT_EQ(expand("a: hello ${{ who }}\nb: ${{ CONTEXT.n }}\nc: ${{ context.who }}!").json,
            R"({"a":"hello world","b":7,"c":"world!"})");
}

TEST(Substitute, References) {
  EXPECT_EQ(expand("port: 5\nname: x\nlist: [{k: v}]\na: ${{root.port}}\nb: pre-${{this.name}}\nc: ${{root.list[0].k}}\nd: {e: 1, "
                   "f: '${{this.e}}'}")
                .json,
            R"({"port":5,"name":"x","list":[{"k":"v"}],"a":5,"b":"pre-x","c":"v","d":{"e":1,"f":1}})");
  EXPECT_EQ(expand("a: ${{root.b}}\nb: ${{root.c}}\nc: 3").json, R"({"a":3,"b":3,"c":3})");
  EXPECT_EQ(expand("a: 1\nb: ${{root.x.y}}").json, "f.yml:2:4: ${{root.x.y}} refers to a value that is not in this file");
  EXPECT_EQ(expand("a: [1]\nb: ${{root.a}}").json, "f.yml:2:4: ${{root.a}} refers to a list; it must be a single value");
}

TEST(Substitute, RetypesTexts) {
  EXPECT_EQ(expand("a: '12'\nb: '\"12\"'\nc: '[a, 1, 2.5]'\nd: 'TRUE'\ne: ''\nf: '1e3'\ng: text").json,
            R"({"a":12,"b":12,"c":["a",1,2.5E0],"d":true,"e":null,"f":1E3,"g":"text"})");
  EXPECT_EQ(expand("id: '12345678901234567890'").json, R"({"id":"12345678901234567890"})");
}

}  // namespace
}  // namespace jina::config

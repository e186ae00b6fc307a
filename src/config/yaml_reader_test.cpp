#include "config/yaml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

namespace jina::config {
namespace {

std::string json_of(std::string_view yaml) {
  auto node = read_yaml(yaml, "f.yml");
  return node ? boost::json::serialize(node->to_json()) : node.error().message;
}

std::string error_of(std::string_view yaml) {
  auto node = read_yaml(yaml, "f.yml");
  return node ? "no error: " + boost::json::serialize(node->to_json()) : node.error().message;
}

TEST(YamlReader, ReadsYaml11AsJinaDoes) {
  EXPECT_EQ(json_of("a: on\nb: off\nc: yes\nd: no\ne: true"), R"({"a":"on","b":"off","c":true,"d":false,"e":true})");
  EXPECT_EQ(json_of("a: 0x1F\nb: 0b101\nc: 017\nd: 1_000\ne: 1:30\nf: 09"), R"({"a":31,"b":5,"c":15,"d":1000,"e":90,"f":"09"})");
  EXPECT_EQ(json_of("a: 1.5\nb: 1e3\nc: 1.0e+3\nd: .5\ne: -2.5"), R"({"a":1.5E0,"b":"1e3","c":1E3,"d":5E-1,"e":-2.5E0})");
  EXPECT_EQ(json_of("a: ~\nb:\nc: null\nd: ''\ne: '12'"), R"({"a":null,"b":null,"c":null,"d":"","e":"12"})");
  EXPECT_EQ(json_of("on: 1\n2: two\ntrue: t"), R"({"on":1,"2":"two","True":"t"})");
  EXPECT_EQ(json_of(""), "null");
}

TEST(YamlReader, TagIsJtype) {
  EXPECT_EQ(json_of("!Flow\nwith: {a: 1}"), R"({"jtype":"Flow","with":{"a":1}})");
  EXPECT_EQ(json_of("uses: !Upper\n  with: {a: 1}"), R"({"uses":{"jtype":"Upper","with":{"a":1}}})");
  EXPECT_EQ(json_of("!MyGateway"), R"({"jtype":"MyGateway"})");
  EXPECT_EQ(json_of("!MyGateway {}"), R"({"jtype":"MyGateway"})");
  EXPECT_EQ(json_of("uses: !Upper\n"), R"({"uses":{"jtype":"Upper"}})");
  EXPECT_EQ(json_of("uses: !Upper\nb: 1\n"), R"({"uses":{"jtype":"Upper"},"b":1})");
  EXPECT_EQ(json_of("a: !!str 12\nb: !!float 3"), R"({"a":"12","b":3E0})");
  EXPECT_THAT(error_of("a: 1\nb: !Foo [1]"), testing::HasSubstr("f.yml:2:4: the tag !Foo stands before a list"));
}

TEST(YamlReader, AnchorsAndMerge) {
  EXPECT_EQ(json_of("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3"), R"({"x":{"a":1,"b":2},"y":{"b":3,"a":1}})");
  EXPECT_THAT(error_of("x: &x\n  y: *x"), testing::HasSubstr("f.yml:2:6: an alias inside"));
  std::string bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n";
  for (int i = 1; i < 9; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) bomb += before + ", ";
    bomb += before + "]\n";
  }
  EXPECT_THAT(error_of(bomb), testing::HasSubstr("more than a million values"));
}

TEST(YamlReader, ErrorsNameLineAndColumn) {
  EXPECT_THAT(error_of("a: 1\nb: 2\na: 3"), testing::StartsWith("f.yml:3:1: the key 'a' stands here twice"));
  EXPECT_THAT(error_of("a: 1\n  b: 2"), testing::StartsWith("f.yml:2:4: not valid YAML"));
  EXPECT_THAT(error_of("a: [1, 2"), testing::StartsWith("f.yml:1:"));
  EXPECT_THAT(error_of("a: 'open"), testing::StartsWith("f.yml:1:"));
  EXPECT_THAT(error_of("? [1]\n: 2"), testing::HasSubstr("f.yml:1:3: a key must be a word"));
  EXPECT_THAT(error_of("a: *nope"), testing::HasSubstr("f.yml:1:"));
  EXPECT_THAT(error_of("a: 1\n---\nb: 2"), testing::HasSubstr("several YAML documents"));
  EXPECT_THAT(error_of(std::string(500, '[')), testing::StartsWith("f.yml:1:"));
}

TEST(YamlReader, KeepsPositions) {
  auto node = read_yaml("with:\n  port: 1\n  list:\n    - a\n    - b\n", "f.yml");
  ASSERT_TRUE(node.ok());
  EXPECT_EQ(node->find("with")->find("port")->position, (Position{2, 9}));
  EXPECT_EQ(node->find("with")->find_entry("port")->position, (Position{2, 3}));
  EXPECT_EQ(node->find("with")->find("list")->items[1].position, (Position{5, 7}));
}

}  // namespace
}  // namespace jina::config

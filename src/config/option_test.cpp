#include "config/option.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include "config/key_values.hpp"
#include "config/load.hpp"
#include "config/option_sets.hpp"
#include "config/suggest.hpp"
#include "config/yaml_reader.hpp"

namespace jina::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string key_values(std::vector<std::string> items) {
  auto map = parse_key_values(items, "--uses-with");
  return map ? boost::json::serialize(*map) : map.error().message;
}

TEST(KeyValues, TextAndJson) {
  EXPECT_EQ(key_values({"a:1", "b=two", "c: x:y", "d=true"}), R"({"a":1,"b":"two","c":"x:y","d":true})");
  EXPECT_EQ(key_values({R"({"a": 1, "b": {"c": [1]}})", "a=2"}), R"({"a":2,"b":{"c":[1]}})");
  EXPECT_EQ(key_values({"url=http://h:1/x"}), R"({"url":"http://h:1/x"})");
  EXPECT_THAT(key_values({"nonsense"}), HasSubstr("--uses-with: 'nonsense' is no KEY=VALUE"));
  EXPECT_THAT(key_values({"{\"a\": }"}), HasSubstr("--uses-with:1:7: not valid JSON"));
}

TEST(Suggest, FindsTypos) {
  const std::vector<std::string> names{"port", "protocol", "replicas", "prefetch"};
  EXPECT_EQ(nearest_name("replica", names), "replicas");
  EXPECT_EQ(nearest_name("prot", names), "port");
  EXPECT_EQ(nearest_name("protcol", names), "protocol");
  EXPECT_EQ(nearest_name("zebra", names), "");
}

Status set_words(OptionBag& bag, std::string_view name, std::vector<std::string> words) {
  return bag.set_from_words(*bag.set().find(name), words, "--" + std::string(name));
}

TEST(OptionBag, WordsOfTheCommandLine) {
  OptionBag bag(gateway_options());
  EXPECT_TRUE(set_words(bag, "port", {"1", "2,3"}).ok());
  EXPECT_TRUE(set_words(bag, "protocols", {"grpc", "Http,WEBSOCKET"}).ok());
  EXPECT_TRUE(set_words(bag, "uses-with", {"a=1"}).ok());
  EXPECT_TRUE(set_words(bag, "uses-with", {"b=2"}).ok());
  EXPECT_THAT(bag.ports("port"), ElementsAre(1, 2, 3));
  EXPECT_THAT(bag.texts("protocol"), ElementsAre("GRPC", "HTTP", "WEBSOCKET"));
  EXPECT_EQ(boost::json::serialize(bag.get("uses-with")), R"({"a":1,"b":2})");
  EXPECT_FALSE(bag.is_set("prefetch"));
  EXPECT_EQ(bag.integer("prefetch"), 1000);

  EXPECT_THAT(set_words(bag, "port", {"70000"}).message, HasSubstr("--port: 70000 is out of range"));
  EXPECT_THAT(set_words(bag, "port", {"x"}).message, HasSubstr("--port: 'x' is not a port"));
  EXPECT_THAT(set_words(bag, "protocol", {"gprc"}).message, HasSubstr("did you mean 'GRPC'?"));
  EXPECT_THAT(set_words(bag, "compression", {"gzip"}).message,
              HasSubstr("'gzip' is not one of NoCompression, Deflate, Gzip; did you mean 'Gzip'?"));
  EXPECT_THAT(set_words(bag, "prefetch", {"many"}).message,
              HasSubstr("--prefetch: 'many' is not a whole number; write one, for example 1000"));
  EXPECT_THAT(set_words(bag, "graph-description", {"{\"a\": [}"}).message, HasSubstr("--graph-description:1:8: not valid JSON"));
}

TEST(OptionBag, YamlValues) {
  auto node = read_yaml("port: [1, '2']\nprotocol: http\ncors: true\nuses_with: {a: 1}\nreplica: 2\ntimeout_send: 5\n", "f.yml");
  ASSERT_TRUE(node.ok());
  OptionBag bag(gateway_options());
  auto unknown = set_from_map(bag, *node, "f.yml");
  ASSERT_TRUE(unknown.ok()) << unknown.error().message;
  ASSERT_EQ(unknown->size(), 1U);
  EXPECT_EQ((*unknown)[0]->key, "replica");
  EXPECT_THAT(bag.to_words(),
              ElementsAre("--port", "1", "2", "--protocol", "HTTP", "--uses-with", R"({"a":1})", "--timeout-send", "5", "--cors"));

  node = read_yaml("a: 1\nprefetch: many", "f.yml");
  OptionBag other(gateway_options());
  EXPECT_EQ(set_from_map(other, *node, "f.yml").status().message,
            "f.yml:2:11: prefetch: 'many' is not a whole number; write one, for example 1000");
  node = read_yaml("cors: [1]", "f.yml");
  EXPECT_EQ(set_from_map(other, *node, "f.yml").status().message, "f.yml:1:7: cors: expects true or false, but this is a list");
}

TEST(OptionBag, WordsSurviveTheWayToAChild) {
  OptionBag bag(gateway_options());
  EXPECT_TRUE(set_words(bag, "retries", {"-1"}).ok());
  EXPECT_TRUE(set_words(bag, "title", {"--weird"}).ok());
  EXPECT_THAT(bag.to_words(), ElementsAre("--retries=-1", "--title=--weird"));
}

TEST(OptionBag, NamesWhatHasNoEffect) {
  OptionBag bag(gateway_options());
  EXPECT_TRUE(set_words(bag, "replicas", {"1"}).ok());
  EXPECT_TRUE(set_words(bag, "k8s-namespace", {"ns"}).ok());
  EXPECT_THAT(bag.ineffective(), ElementsAre("--k8s-namespace"));
}

TEST(ClassifyUses, Kinds) {
  EXPECT_EQ(classify_uses(""), UsesKind::kNone);
  EXPECT_EQ(classify_uses("Upper"), UsesKind::kClass);
  EXPECT_EQ(classify_uses("pkg.Upper"), UsesKind::kClass);
  EXPECT_EQ(classify_uses("dir/upper.cpp"), UsesKind::kModule);
  EXPECT_EQ(classify_uses("./libupper.so"), UsesKind::kModule);
  EXPECT_EQ(classify_uses("upper.py"), UsesKind::kPython);
  EXPECT_EQ(classify_uses("config.yml"), UsesKind::kYamlFile);
  EXPECT_EQ(classify_uses("!Upper"), UsesKind::kText);
  EXPECT_EQ(classify_uses("jtype: Upper"), UsesKind::kText);
  EXPECT_EQ(classify_uses("docker://img"), UsesKind::kImage);
  EXPECT_EQ(classify_uses("jinaai://u/x"), UsesKind::kHub);
  EXPECT_EQ(classify_uses("what/ever"), UsesKind::kUnknown);
}

TEST(Load, MissingFileIsNamed) {
  EXPECT_THAT(load_file("/nowhere/flow.yml").status().message, HasSubstr("cannot read /nowhere/flow.yml: No such file"));
  EXPECT_THAT(load_file("/tmp").status().message, HasSubstr("/tmp is a directory"));
}

}  // namespace
}  // namespace jina::config

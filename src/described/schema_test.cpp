// JSON schemas: against FastAPI's for the same model, and what it has no example for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "described/duel_types.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

// FastAPI writes limits as 1.0.
json::value as_doubles(json::value value) {
  if (value.is_number()) return value.to_number<double>();
  if (auto* array = value.if_array()) {
    for (json::value& item : *array) item = as_doubles(std::move(item));
  } else if (auto* object = value.if_object()) {
    for (auto& entry : *object) entry.value() = as_doubles(std::move(entry.value()));
  }
  return value;
}

TEST(Schema, IsThatOfFastApi) {
  const json::value expected = json::parse(R"({
  "Ask":{"properties":{
      "text":{"type":"string","maxLength":5,"minLength":1,"title":"Text","description":"what to ask","example":"hi"},
      "top_k":{"type":"integer","maximum":100.0,"minimum":1.0,"title":"Top K","default":10},
      "ratio":{"type":"number","exclusiveMaximum":1.0,"exclusiveMinimum":0.0,"title":"Ratio","default":0.5},
      "threshold":{"type":"number","title":"Threshold"},
      "fast":{"type":"boolean","title":"Fast","default":false},
      "mode":{"$ref":"#/components/schemas/Mode"},
      "mode2":{"allOf":[{"$ref":"#/components/schemas/Mode"}],"default":"exact"},
      "names":{"items":{"type":"string"},"type":"array","maxItems":2,"minItems":1,"title":"Names","default":["x"]},
      "weights":{"additionalProperties":{"type":"integer"},"type":"object","title":"Weights"},
      "limits":{"$ref":"#/components/schemas/Limits"},
      "limits2":{"allOf":[{"$ref":"#/components/schemas/Limits"}],"title":"Limits2","description":"more limits","default":{"low":3}},
      "limits3":{"$ref":"#/components/schemas/Limits"},
      "extra":{"title":"Extra"},
      "root":{"$ref":"#/components/schemas/Node"},
      "nested":{"items":{"items":{"type":"integer"},"type":"array"},"type":"array","title":"Nested"},
      "code":{"type":"string","pattern":"^[a-z]+$","title":"Code","default":"abc"},
      "obj":{"type":"object","title":"Obj"},
      "arr":{"items":{},"type":"array","title":"Arr"},
      "tags":{"items":{"type":"string","minLength":2},"type":"array","title":"Tags","default":["aa"]},
      "flags":{"items":{"type":"boolean"},"type":"array","title":"Flags","default":[true]},
      "offset":{"type":"integer","title":"Offset","default":0}},
    "type":"object","required":["text","mode","weights","limits","root","nested","obj","arr"],"title":"Ask"},
  "Limits":{"properties":{
      "low":{"type":"integer","title":"Low"},
      "high":{"type":"number","title":"High"}},
    "type":"object","required":["low"],"title":"Limits"},
  "Mode":{"type":"string","enum":["fast","exact"],"title":"Mode"},
  "Node":{"properties":{
      "name":{"type":"string","title":"Name"},
      "children":{"items":{"$ref":"#/components/schemas/Node"},"type":"array","title":"Children","default":[]}},
    "type":"object","required":["name"],"title":"Node"}})");
  json::object components;
  EXPECT_EQ(schema(type_of<duel::Ask>(), components), json::parse(R"({"$ref":"#/components/schemas/Ask"})"));
  for (const auto& component : expected.get_object()) {
    ASSERT_TRUE(components.contains(component.key())) << component.key();
    const json::object& made = components[component.key()].get_object();
    for (const auto& entry : component.value().get_object()) {
      if (entry.key() != "properties") {
        EXPECT_EQ(as_doubles(made.at(entry.key())), as_doubles(entry.value())) << component.key() << " " << entry.key();
        continue;
      }
      for (const auto& property : entry.value().get_object())
        EXPECT_EQ(as_doubles(made.at("properties").at(property.key())), as_doubles(property.value())) << property.key();
    }
    EXPECT_EQ(as_doubles(made), as_doubles(component.value())) << json::serialize(made);
  }
  EXPECT_EQ(components.size(), expected.get_object().size());
}

struct Sizes {
  std::int8_t tiny = 1;
  std::uint16_t port = 1;
  int count = 1;
  std::uint32_t wide = 1;
  std::size_t huge = 1;
  float ratio = 0.1F;
  Bytes data = Bytes::of_static("hi");
  std::optional<std::vector<int>> list;
  int capped = 5;
  static void describe(Fields& on) {
    on.says("Numbers of all sizes.");
    on["list"].min_items(2).at_least(0).says("none or more");
    on["capped"].greater_than(0).at_most(9.5).example(3);
  }
};
BOOST_DESCRIBE_STRUCT(Sizes, (), (tiny, port, count, wide, huge, ratio, data, list, capped))

TEST(Schema, SaysWhatAMemberHolds) {
  json::object components;
  schema(type_of<Sizes>(), components);
  EXPECT_EQ(as_doubles(components.at("Sizes")), as_doubles(json::parse(R"({"properties":{
      "tiny":{"type":"integer","maximum":127,"minimum":-128,"title":"Tiny","default":1},
      "port":{"type":"integer","maximum":65535,"minimum":0,"title":"Port","default":1},
      "count":{"type":"integer","format":"int32","title":"Count","default":1},
      "wide":{"type":"integer","maximum":4294967295,"minimum":0,"title":"Wide","default":1},
      "huge":{"type":"integer","minimum":0,"title":"Huge","default":1},
      "ratio":{"type":"number","title":"Ratio","default":0.1},
      "data":{"type":"string","format":"byte","title":"Data","default":"aGk="},
      "list":{"items":{"type":"integer","minimum":0,"format":"int32"},"type":"array","minItems":2,"title":"List",
              "description":"none or more"},
      "capped":{"type":"integer","maximum":9.5,"exclusiveMinimum":0,"format":"int32","title":"Capped","default":5,"example":3}},
      "type":"object","title":"Sizes","description":"Numbers of all sizes."})")))
      << json::serialize(components);
}

TEST(Schema, RootsThatAreNoStructs) {
  json::object components;
  EXPECT_EQ(schema(type_of<std::vector<duel::Node>>(), components),
            json::parse(R"({"items":{"$ref":"#/components/schemas/Node"},"type":"array"})"));
  EXPECT_EQ(schema(type_of<json::value>(), components), json::object());
  EXPECT_EQ(schema(type_of<std::map<std::string, duel::Mode>>(), components),
            json::parse(R"({"type":"object","additionalProperties":{"$ref":"#/components/schemas/Mode"}})"));
  EXPECT_TRUE(components.contains("Node"));
  EXPECT_TRUE(components.contains("Mode"));
}

namespace one {
struct Item {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Item, (), (name))
}  // namespace one
namespace two {
struct Item {
  std::string title;
  Defaulted<std::vector<Item>> parts;
};
BOOST_DESCRIBE_STRUCT(Item, (), (title, parts))
struct Both {
  one::Item first;
  Item second;
};
BOOST_DESCRIBE_STRUCT(Both, (), (first, second))
}  // namespace two
template <class T>
struct Page {
  std::vector<T> items;
};
BOOST_DESCRIBE_STRUCT(Page<one::Item>, (), (items))

TEST(Schema, TypesOfOneNameAreTwoComponents) {
  json::object components;
  schema(type_of<one::Item>(), components);
  const json::value second = schema(type_of<two::Item>(), components);
  const std::string_view name = second.at("$ref").get_string();
  ASSERT_TRUE(name.ends_with("two__Item")) << name;
  const json::value& made = components.at(name.substr(name.rfind('/') + 1));
  EXPECT_TRUE(made.at("properties").as_object().contains("title"));
  EXPECT_EQ(made.at("properties").at("parts").at("items"), second);  // it refers to itself, not to the other one

  // The same types again: nothing new, the same names.
  const json::object before = components;
  EXPECT_EQ(schema(type_of<one::Item>(), components), json::parse(R"({"$ref":"#/components/schemas/Item"})"));
  EXPECT_EQ(schema(type_of<two::Item>(), components), second);
  EXPECT_EQ(components, before);

  schema(type_of<two::Both>(), components);
  EXPECT_EQ(components.at("Both").at("properties").at("first").at("$ref"), "#/components/schemas/Item");
  EXPECT_EQ(components.at("Both").at("properties").at("second"), second);
  EXPECT_EQ(components.size(), before.size() + 1);
}

int counter = 0;
struct Changing {
  int id = ++counter;
  int same = 7;
};
BOOST_DESCRIBE_STRUCT(Changing, (), (id, same))

TEST(Schema, DefaultsThatChangeAreNotShown) {
  json::object components;
  schema(type_of<Changing>(), components);
  schema(type_of<Changing>(), components);
  ASSERT_EQ(components.size(), 1u);
  const json::object& properties = components.at("Changing").at("properties").as_object();
  EXPECT_FALSE(properties.at("id").as_object().contains("default"));
  EXPECT_EQ(properties.at("same").at("default"), 7);
  EXPECT_FALSE(components.at("Changing").as_object().contains("required"));
}

TEST(Schema, NamesOfTemplatesFitIntoReferences) {
  json::object components;
  schema(type_of<Page<one::Item>>(), components);
  for (const auto& component : components) {
    for (const char c : std::string_view(component.key()))
      EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') << component.key();
  }
  EXPECT_EQ(components.size(), 2u);
}

}  // namespace
}  // namespace jina::described

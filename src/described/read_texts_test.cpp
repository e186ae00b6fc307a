// Query, header and form values.
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "jina/described.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

struct Point {
  int x = 0;
  int y = 0;
};
BOOST_DESCRIBE_STRUCT(Point, (), (x, y))

struct Texts {
  int number = 0;
  std::vector<int> list;
  std::optional<std::vector<std::string>> words;
  bool flag = false;
  std::optional<double> real;
  std::string text = "x";
  std::optional<Point> point;
  std::optional<std::map<std::string, int>> map;
  json::value any;
  std::optional<json::array> array;
};
BOOST_DESCRIBE_STRUCT(Texts, (), (number, list, words, flag, real, text, point, map, any, array))

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string read_pairs(Texts& object, const Pairs& pairs, const TextOptions& options = {}) {
  std::vector<InputError> errors;
  const bool good = read_texts(type_of<Texts>(), &object, pairs, {"query"}, errors, options);
  EXPECT_EQ(good, errors.empty());
  std::string all;
  for (const InputError& error : errors) all += json::serialize(error.location) + " " + error.message + "; ";
  return all;
}

TEST(ReadTexts, ByNameTheLastOneUnlessItIsAList) {
  Texts texts;
  EXPECT_EQ(read_pairs(texts, {{"number", "1"},
                               {"list", "1"},
                               {"number", "2"},
                               {"list", "2"},
                               {"flag", "on"},
                               {"real", "1e3"},
                               {"other", "x"},
                               {"text", ""},
                               {"words", "a b"},
                               {"any", "1"},
                               {"array", "a"},
                               {"array", "b"}}),
            "");
  EXPECT_EQ(texts.number, 2);
  EXPECT_EQ(texts.list, (std::vector<int>{1, 2}));
  EXPECT_TRUE(texts.flag);
  EXPECT_EQ(texts.real, 1000);
  EXPECT_EQ(texts.text, "");
  EXPECT_EQ(texts.words, std::vector<std::string>{"a b"});
  EXPECT_EQ(texts.any, json::value("1"));
  EXPECT_EQ(texts.array, (json::array{"a", "b"}));
}

TEST(ReadTexts, ErrorsAreLocated) {
  Texts texts;
  EXPECT_EQ(read_pairs(texts, {}), R"(["query","number"] field required; ["query","list"] field required; )");
  EXPECT_EQ(read_pairs(texts, {{"number", ""}, {"list", "1"}, {"list", "x"}, {"flag", "x"}, {"real", ""}}),
            R"(["query","number"] value is not a valid integer; ["query","list",1] value is not a valid integer; )"
            R"(["query","flag"] value could not be parsed to a boolean; ["query","real"] value is not a valid float; )");
}

TEST(ReadTexts, EmptyFieldsOfFormsAreAbsent) {
  Texts texts;
  const TextOptions form{.empty_is_absent = true};
  EXPECT_EQ(read_pairs(texts, {{"number", ""}, {"list", ""}, {"text", ""}}, form),
            R"(["query","number"] field required; ["query","list",0] value is not a valid integer; )");
  EXPECT_EQ(texts.text, "x");
}

TEST(ReadTexts, StructsAreJsonText) {
  Texts texts;
  const Pairs needed = {{"number", "1"}, {"list", "1"}};
  const auto with = [&](const char* name, const char* text) {
    Pairs pairs = needed;
    pairs.emplace_back(name, text);
    return read_pairs(texts, pairs);
  };
  EXPECT_EQ(with("point", R"({"x":1,"y":"2"})"), "");
  EXPECT_EQ(texts.point->y, 2);
  EXPECT_EQ(with("point", R"({"x":1})"), R"(["query","point","y"] field required; )");
  EXPECT_EQ(with("point", "no"), R"(["query","point"] value is not a valid dict; )");
  EXPECT_EQ(with("map", R"({"a":1})"), "");
  EXPECT_EQ(texts.map->at("a"), 1);
}

// A type that reads itself: an index into what was handed along.
struct Attachment {
  std::string text;
};

}  // namespace

template <>
struct CustomType<Attachment> {
  static const CustomInfo kInfo;
};
const CustomInfo CustomType<Attachment>::kInfo{
    "a file",
    [](void* into, const json::value& value, const ReadOptions& options, const json::array& at, std::vector<InputError>& errors) {
      const auto* all = static_cast<const std::vector<std::string>*>(options.attachments);
      const std::size_t index = std::stoul(std::string(value.as_string()));
      if (all == nullptr || index >= all->size()) {
        errors.push_back({at, "no such file", "value_error"});
        return false;
      }
      static_cast<Attachment*>(into)->text = (*all)[index];
      return true;
    },
    [](const void*, std::string& out) { out += "null"; },
    [](const void*) { return json::value(); },
    [](json::object&) {
      return json::value{{"type", "string"}, {"format", "binary"}};
    },
    [](const void* object) { return static_cast<const Attachment*>(object)->text.empty(); }};

namespace {

struct Upload {
  std::string title;
  Attachment cover;
  std::vector<Attachment> pages = {{"none"}};
  std::optional<Attachment> extra;
};
BOOST_DESCRIBE_STRUCT(Upload, (), (title, cover, pages, extra))

TEST(ReadTexts, CustomTypesGetTheAttachments) {
  const std::vector<std::string> files = {"zero", "one", "two"};
  const TextOptions options{.attachments = &files};
  Upload upload;
  std::vector<InputError> errors;
  ASSERT_TRUE(read_texts(type_of<Upload>(), &upload, Pairs{{"title", "t"}, {"cover", "2"}, {"pages", "0"}, {"pages", "1"}},
                         {"body"}, errors, options));
  EXPECT_EQ(upload.cover.text, "two");
  ASSERT_EQ(upload.pages.size(), 2u);
  EXPECT_EQ(upload.pages[1].text, "one");
  EXPECT_FALSE(upload.extra.has_value());

  EXPECT_FALSE(read_texts(type_of<Upload>(), &upload, Pairs{{"title", "t"}, {"pages", "7"}}, {"body"}, errors, options));
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(json::serialize(errors[0].location), R"(["body","cover"])");
  EXPECT_EQ(errors[0].type, "value_error.missing");
  EXPECT_EQ(json::serialize(errors[1].location), R"(["body","pages",0])");
}

}  // namespace
}  // namespace jina::described

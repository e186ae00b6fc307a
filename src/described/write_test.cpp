// Writing: what JSON text looks like, what comes back unchanged, what can not be said.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <stdexcept>

#include "jina/described.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

enum class Color : unsigned { kRed, kBlue = 4'000'000'000U };
BOOST_DESCRIBE_ENUM(Color, kRed, kBlue)

struct Empty {};
BOOST_DESCRIBE_STRUCT(Empty, (), ())

struct Item {
  std::string text;
  float score = 0;
};
BOOST_DESCRIBE_STRUCT(Item, (), (text, score))

struct Answer {
  bool yes = true;
  std::int8_t small = -5;
  std::uint64_t large = std::numeric_limits<std::uint64_t>::max();
  double real = 2;
  float narrow = 0.1F;
  std::string text = "a\"b\\c\n\x01é€😀/";
  Bytes data = Bytes::of_static("hello");
  Color color = Color::kBlue;
  std::optional<int> none;
  std::optional<int> some = 3;
  std::vector<Item> items = {{"x", 1}, {"y", 1.5}};
  std::vector<bool> bits = {true, false};
  std::map<std::string, std::vector<double>> map = {{"k\"", {1e16, 1e-5}}};
  Empty empty;
  json::value any = {{"n", nullptr}, {"d", 1.0}, {"i", 1}, {"u", std::numeric_limits<std::uint64_t>::max()},
                     {"b", true},    {"s", "é"}};
  json::object object = {{"a", json::array{1, "x"}}};
  json::array array;
  Defaulted<int> zero;
};
BOOST_DESCRIBE_STRUCT(Answer, (),
                      (yes, small, large, real, narrow, text, data, color, none, some, items, bits, map, empty, any, object, array,
                       zero))

template <class T>
std::string written(const T& value) {
  std::string text;
  write(type_of<T>(), &value, text);
  return text;
}

TEST(Write, LooksAsPythonWritesIt) {
  EXPECT_EQ(
      written(Answer{}),
      R"({"yes":true,"small":-5,"large":18446744073709551615,"real":2.0,"narrow":0.1,"text":"a\"b\\c\n\u0001é€😀/",)"
      R"("data":"aGVsbG8=","color":"kBlue","none":null,"some":3,"items":[{"text":"x","score":1.0},{"text":"y","score":1.5}],)"
      R"("bits":[true,false],"map":{"k\"":[1e+16,1e-05]},"empty":{},)"
      R"("any":{"n":null,"d":1.0,"i":1,"u":18446744073709551615,"b":true,"s":"é"},"object":{"a":[1,"x"]},"array":[],"zero":0})");
}

TEST(Write, ComesBackUnchanged) {
  const std::string text = written(Answer{});
  Answer back;
  back.text.clear();
  back.items.clear();
  back.color = Color::kRed;
  std::vector<InputError> errors;
  ASSERT_TRUE(read(type_of<Answer>(), &back, json::parse(text), {.unknown = Unknown::kRefuse, .coerce = false}, {}, errors))
      << errors.front().message << json::serialize(errors.front().location);
  EXPECT_EQ(written(back), text);
  EXPECT_EQ(back.narrow, 0.1F);
  EXPECT_EQ(to_json(back), json::parse(text));
}

TEST(Write, BrokenTextIsRepaired) {
  EXPECT_EQ(written(std::string("a\xFF"
                                "b\xE2\x82")),
            "\"a\uFFFDb\uFFFD\uFFFD\"");
}

template <class T>
std::string refusal(const T& value) {
  std::string first;
  try {
    written(value);
  } catch (const std::domain_error& error) {
    first = error.what();
  }
  try {
    to_json(value);
    return "to_json() said it";
  } catch (const std::domain_error& error) {
    EXPECT_EQ(first, error.what());
  }
  return first;
}

TEST(Write, WhatJsonCanNotSayIsAnErrorThatNamesThePlace) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Answer answer;
  answer.items[1].score = -kInfinity;
  EXPECT_EQ(refusal(answer), "Answer.items[1].score is -infinity, which JSON can not say");
  answer = {};
  answer.map["key"] = {1, kNaN};
  EXPECT_EQ(refusal(answer), "Answer.map.key[1] is NaN, which JSON can not say");
  answer = {};
  answer.any = {{"deep", json::array{1, kNaN}}};
  EXPECT_EQ(refusal(answer), "Answer.any.deep[1] is NaN, which JSON can not say");
  answer = {};
  answer.color = static_cast<Color>(7);
  EXPECT_EQ(refusal(answer), "Answer.color is no enumerator of Color (7), which JSON can not say");
  EXPECT_EQ(refusal(std::vector<double>{1, kNaN}), "[1] is NaN, which JSON can not say");
  EXPECT_EQ(refusal(kNaN), "a value is NaN, which JSON can not say");
}

}  // namespace
}  // namespace jina::described

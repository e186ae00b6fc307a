// What `describe` may say, and what becomes of mistakes in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <thread>

#include "jina/described.hpp"

namespace jina::described {
namespace {

using testing::HasSubstr;

// What the next describe() of a Probe does. A mistake is not kept, so each test may make another one.
std::function<void(Fields&)> describe_now;

struct Probe {
  std::string text = "x";
  int number = 1;
  std::optional<std::vector<double>> list;
  bool flag = false;
  static void describe(Fields& on) { describe_now(on); }
};
BOOST_DESCRIBE_STRUCT(Probe, (), (text, number, list, flag))

std::string mistake(std::function<void(Fields&)> describe) {
  describe_now = std::move(describe);
  try {
    check(type_of<std::vector<Probe>>());
    return "none";
  } catch (const std::logic_error& error) {
    return error.what();
  }
}

TEST(Fields, MistakesNameStructAndMember) {
  EXPECT_EQ(mistake([](Fields& on) { on["txt"]; }),
            "describe() of Probe: the struct has no member 'txt'; did you mean 'text'? (BOOST_DESCRIBE_STRUCT lists its members)");
  EXPECT_EQ(mistake([](Fields& on) { on["number"].min_length(1); }),
            "describe() of Probe.number: min_length() is for texts, and the member is a whole number");
  EXPECT_THAT(mistake([](Fields& on) { on["number"].max_length(1); }), HasSubstr("max_length() is for texts"));
  EXPECT_THAT(mistake([](Fields& on) { on["flag"].pattern("a"); }), HasSubstr("pattern() is for texts"));
  EXPECT_THAT(mistake([](Fields& on) { on["text"].pattern("(?=a)"); }), HasSubstr(".text: pattern(\"(?=a)\") is no regular"));
  EXPECT_THAT(mistake([](Fields& on) { on["text"].at_least(1); }), HasSubstr(".text: a limit is for numbers"));
  EXPECT_THAT(mistake([](Fields& on) { on["number"].less_than(true); }), HasSubstr("a limit is a number"));
  EXPECT_THAT(mistake([](Fields& on) { on["text"].min_items(1); }), HasSubstr("min_items() is for lists"));
  EXPECT_THAT(mistake([](Fields& on) { on["text"].max_items(1); }), HasSubstr("max_items() is for lists"));
  // All that fits.
  EXPECT_EQ(mistake([](Fields& on) {
              on.says("all of it");
              on["text"].says("a").example("b").min_length(0).max_length(3).pattern("[a-z]*$");
              on["number"].at_least(-1).at_most(10U).greater_than(-1.5).less_than(11.5F).example(2);
              on["list"].min_items(1).max_items(2).at_least(0.5).example({1, 2});
              on["flag"].says("yes or no");
            }),
            "none");
}

struct Broken {
  int number = 1;
  static void describe(Fields& on) { on["nobody"].says("x"); }
};
BOOST_DESCRIBE_STRUCT(Broken, (), (number))

TEST(Fields, AMistakeStaysOne) {
  Broken broken;
  std::vector<InputError> errors;
  for (int i = 0; i < 2; ++i)
    EXPECT_THROW(read(type_of<Broken>(), &broken, boost::json::object(), {}, {}, errors), std::logic_error);
}

struct Shared {
  int number = 1;
  static void describe(Fields& on) { on["number"].at_least(1); }
};
BOOST_DESCRIBE_STRUCT(Shared, (), (number))

TEST(Fields, ManyThreadsMayBeTheFirst) {
  std::vector<std::thread> threads;
  std::atomic<int> refused = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      Shared shared;
      std::vector<InputError> errors;
      if (!read(type_of<Shared>(), &shared, {{"number", 0}}, {}, {}, errors)) ++refused;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused, 8);
}

struct Limited {
  std::optional<std::vector<std::vector<int>>> nested;
  std::map<std::string, std::string> texts = {{"a", "b"}};
  float ratio = 0.5F;
  static void describe(Fields& on) {
    on["nested"].max_items(1).at_most(5);
    on["texts"].max_length(2);
    on["ratio"].less_than(0.75);
  }
};
BOOST_DESCRIBE_STRUCT(Limited, (), (nested, texts, ratio))

TEST(Fields, RulesApplyToWhatIsInside) {
  const auto types = [](const boost::json::value& value) {
    Limited limited;
    std::vector<InputError> errors;
    read(type_of<Limited>(), &limited, value, {}, {}, errors);
    std::vector<std::string> all;
    for (const InputError& error : errors) all.push_back(error.type);
    return all;
  };
  using Types = std::vector<std::string>;
  const auto one = [](boost::json::array inner) { return boost::json::array{boost::json::value(std::move(inner))}; };
  EXPECT_EQ(types({{"nested", one({1, 2, 3})}}), Types{});  // the count is of the outermost list
  EXPECT_EQ(types({{"nested", one({1, 6})}}), Types{"value_error.number.not_le"});
  EXPECT_EQ(types({{"nested", boost::json::array{boost::json::array(), boost::json::array()}}}),
            Types{"value_error.list.max_items"});
  EXPECT_EQ(types({{"texts", {{"a", "abc"}}}}), Types{"value_error.any_str.max_length"});
  EXPECT_EQ(types({{"ratio", 0.75}}), Types{"value_error.number.not_lt"});
}

}  // namespace
}  // namespace jina::described

#include "jina/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jina {
namespace {

using testing::HasSubstr;

struct Limits {
  int low = 1;
  std::optional<double> high;
};
BOOST_DESCRIBE_STRUCT(Limits, (), (low, high))

struct Options {
  std::string model = "small";
  std::uint8_t top_k = 10;
  double threshold = 0.5;
  bool fast = false;
  Defaulted<std::vector<std::string>> names;
  Defaulted<std::map<std::string, int>> weights;
  Limits limits;
  boost::json::value extra;
};
BOOST_DESCRIBE_STRUCT(Options, (), (model, top_k, threshold, fast, names, weights, limits, extra))

enum class Mode { kFast, kExact };
BOOST_DESCRIBE_ENUM(Mode, kFast, kExact)

struct Needs {
  std::string model;
  int count = 0;
  std::uint16_t port = 0;
  Mode mode = Mode::kExact;
  Defaulted<std::string> suffix;
  std::vector<double> weights = {1};
  static void describe(Fields& on) {
    on["model"].says("which model").min_length(2).pattern("[a-z]+$");
    on["count"].at_least(1).less_than(10);
    on["weights"].max_items(2).greater_than(0);
  }
};
BOOST_DESCRIBE_STRUCT(Needs, (), (model, count, port, mode, suffix, weights))

struct Mistaken {
  int count = 1;
  static void describe(Fields& on) { on["cuont"].at_least(1); }
};
BOOST_DESCRIBE_STRUCT(Mistaken, (), (count))

// A kind of class, as jina::Executor and jina::Gateway are; the registry knows neither.
class Executor {
 public:
  using RegistryBase = Executor;
  static constexpr std::string_view kRegistryKind = "Executor";
  virtual ~Executor() = default;
};

class Base : public Executor {};
class Plain : public Base {};
class WithOptions : public Base {
 public:
  explicit WithOptions(Options with) : options(std::move(with)) {}
  Options options;
};
class WithReference : public Base {
 public:
  explicit WithReference(const Options& with) : options(with) {}
  Options options;
};
class WithJson : public Base {
 public:
  explicit WithJson(const boost::json::object& with) : json(with) {}
  boost::json::object json;
};
class Needing : public Base {
 public:
  explicit Needing(Needs) {}
};
class WithMistake : public Base {
 public:
  explicit WithMistake(Mistaken) {}
};
class Throwing : public Base {
 public:
  Throwing() { throw std::runtime_error("no GPU"); }
};

class RegistryTest : public testing::Test {
 protected:
  RegistryTest() {
    registry.add<Plain>("Plain")
        .add<WithOptions>("Ranker")
        .add<WithReference>("Reference")
        .add<WithJson>("Json")
        .add<Needing>("Needing")
        .add<Throwing>("Throwing");
  }
  std::string error(std::string_view name, const boost::json::object& with) {
    Result<std::unique_ptr<Executor>> made = registry.make<Executor>(name, with);
    return made ? "no error" : made.error().message;
  }
  Registry registry;
};

TEST_F(RegistryTest, DescribedStructTakesTheArguments) {
  const boost::json::object with = {{"model", "large"},
                                    {"top_k", 3.0},
                                    {"threshold", 1},
                                    {"fast", true},
                                    {"names", {"a", "b"}},
                                    {"weights", {{"x", 2}}},
                                    {"limits", {{"low", -1}, {"high", 2.5}}},
                                    {"extra", {1, nullptr}}};
  auto made = registry.make<Executor>("Ranker", with);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const Options& options = dynamic_cast<WithOptions&>(**made).options;
  EXPECT_EQ(options.model, "large");
  EXPECT_EQ(options.top_k, 3);
  EXPECT_EQ(options.threshold, 1.0);
  EXPECT_TRUE(options.fast);
  EXPECT_EQ(*options.names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(options.weights->at("x"), 2);
  EXPECT_EQ(options.limits.low, -1);
  EXPECT_EQ(options.limits.high, 2.5);
  EXPECT_EQ(options.extra, (boost::json::array{1, nullptr}));
}

TEST_F(RegistryTest, WhatIsNotGivenKeepsItsDefault) {
  auto made = registry.make<Executor>("Reference", {{"fast", true}});
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(dynamic_cast<WithReference&>(**made).options.model, "small");
}

TEST_F(RegistryTest, JsonObjectTakesAnything) {
  auto made = registry.make<Executor>("Json", {{"any", 1}});
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(dynamic_cast<WithJson&>(**made).json, (boost::json::object{{"any", 1}}));
}

TEST_F(RegistryTest, UnknownArgumentIsNamedWithWhatItMayMean) {
  EXPECT_EQ(error("Ranker", {{"modle", "x"}}),
            "Executor 'Ranker': there is no argument 'modle'; did you mean 'model'? (there are: model, top_k, threshold, fast, "
            "names, weights, "
            "limits, extra)");
  EXPECT_THAT(error("Ranker", {{"limits", {{"lo", 1}}}}), HasSubstr("'limits.lo'"));
}

TEST_F(RegistryTest, WrongTypesAreNamed) {
  EXPECT_EQ(error("Ranker", {{"top_k", "ten"}}),
            "Executor 'Ranker': argument 'top_k' is the text \"ten\", expected a whole number, not negative, that fits");
  EXPECT_THAT(error("Ranker", {{"top_k", 256}}), HasSubstr("'top_k' is 256"));
  EXPECT_THAT(error("Ranker", {{"top_k", -1}}), HasSubstr("'top_k' is -1"));
  EXPECT_THAT(error("Ranker", {{"top_k", 1.5}}), HasSubstr("expected a whole number"));
  EXPECT_THAT(error("Ranker", {{"top_k", 1e300}}), HasSubstr("'top_k' is 1E300, expected at most 255"));
  EXPECT_THAT(error("Ranker", {{"names", {"a", {1}}}}), HasSubstr("'names[1]' is the list [1], expected a text"));
  EXPECT_THAT(error("Ranker", {{"limits", 1}}), HasSubstr("'limits' is 1, expected an object"));
  EXPECT_THAT(error("Ranker", {{"fast", "yes"}}), HasSubstr("expected true or false"));
}

TEST_F(RegistryTest, AllThatIsWrongIsReportedAtOnce) {
  EXPECT_EQ(error("Needing", {{"count", "1"}, {"port", 1}, {"mode", "kExcat"}, {"prot", 2}}),
            "Executor 'Needing': 4 arguments are wrong:\n"
            "  argument 'model' is missing: it is required, a text. Set it under `with:` in YAML, or by --uses-with model=VALUE\n"
            "  argument 'count' is the text \"1\", expected a whole number that fits\n"
            "  argument 'mode' is the text \"kExcat\", expected one of kFast, kExact; did you mean 'kExact'?\n"
            "  there is no argument 'prot'; did you mean 'port'? (there are: model, count, port, mode, suffix, weights)");
}

TEST_F(RegistryTest, WhatDescribeAsksIsNamed) {
  const auto with = [&](std::string_view name, const boost::json::value& value) {
    boost::json::object arguments = {{"model", "ab"}, {"count", 1}, {"port", 1}};
    arguments[name] = value;
    return error("Needing", arguments);
  };
  EXPECT_EQ(with("suffix", ""), "no error");
  EXPECT_EQ(with("model", "a"), "Executor 'Needing': argument 'model' is the text \"a\", expected at least 2 characters");
  EXPECT_THAT(with("model", "AB"), HasSubstr("expected a text that matches [a-z]+$"));
  EXPECT_THAT(with("count", 0), HasSubstr("'count' is 0, expected at least 1"));
  EXPECT_THAT(with("count", 10), HasSubstr("'count' is 10, expected less than 10"));
  EXPECT_THAT(with("port", 70000), HasSubstr("'port' is 70000, expected at most 65535"));
  EXPECT_THAT(with("weights", {1, 2, 3}), HasSubstr("'weights' is the list [1,2,3], expected at most 2 items"));
  EXPECT_THAT(with("weights", {1, 0}), HasSubstr("'weights[1]' is 0, expected more than 0"));
  EXPECT_THAT(with("model", nullptr), HasSubstr("'model' is null, expected a text"));
}

TEST_F(RegistryTest, ToolsSeeTheArguments) {
  const described::TypeInfo* type = registry.arguments_of("Executor", "Needing");
  ASSERT_NE(type, nullptr);
  const std::vector<described::MemberFacts> members = described::members_of(*type);
  ASSERT_EQ(members.size(), 6u);
  EXPECT_EQ(members[0].name, "model");
  EXPECT_TRUE(members[0].required);
  EXPECT_EQ(members[0].description, "which model");
  EXPECT_EQ(described::name_of(*members[0].type), "a text");
  EXPECT_FALSE(members[3].required);
  EXPECT_EQ(members[3].default_value, boost::json::value("kExact"));
  EXPECT_EQ(registry.arguments_of("Executor", "Json"), nullptr);
  EXPECT_EQ(registry.arguments_of("Executor", "Plain"), nullptr);
  EXPECT_EQ(registry.arguments_of("Executor", "Nobody"), nullptr);
  ASSERT_NE(registry.arguments_of("Executor", "Reference"), nullptr);
}

TEST_F(RegistryTest, MistakeInDescribeShowsWhenTheClassIsAdded) {
  try {
    registry.add<WithMistake>("Mistake");
    FAIL() << "registered";
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(),
                 "describe() of Mistaken: the struct has no member 'cuont'; did you mean 'count'? (BOOST_DESCRIBE_STRUCT lists its "
                 "members)");
  }
}

TEST_F(RegistryTest, ErrorsNameTheModule) {
  registry.set_module("modules/ranker.cpp");
  registry.add<WithOptions>("Other").add<Throwing>("Thrower");
  EXPECT_EQ(registry.module_of("Executor", "Other"), "modules/ranker.cpp");
  EXPECT_EQ(error("Other", {{"fast", 1}}),
            "Executor 'Other' (of modules/ranker.cpp): argument 'fast' is 1, expected true or false");
  EXPECT_EQ(error("Thrower", {}), "the constructor of Executor 'Thrower' (of modules/ranker.cpp) failed: no GPU");
}

TEST_F(RegistryTest, ClassWithoutArgumentsRefusesThem) {
  EXPECT_TRUE(registry.make<Executor>("Plain", {}).ok());
  EXPECT_EQ(error("Plain", {{"a", 1}}), "Executor 'Plain': argument 'a' was given, but Plain takes none");
}

TEST_F(RegistryTest, UnknownClassIsNamedWithWhatItMayMean) {
  const std::string message = error("Plian", {});
  EXPECT_THAT(message, HasSubstr("there is no Executor class 'Plian'"));
  EXPECT_THAT(message, HasSubstr("did you mean 'Plain'?"));
  Registry empty;
  EXPECT_THAT(empty.make<Executor>("Upper", {}).error().message, HasSubstr("py_modules"));
}

TEST_F(RegistryTest, ConstructorThatThrows) {
  EXPECT_EQ(error("Throwing", {}), "the constructor of Executor 'Throwing' failed: no GPU");
}

TEST_F(RegistryTest, NamesAreUniqueAndKnowTheirModule) {
  registry.set_module("a.cpp");
  registry.add<Plain>("Other");
  EXPECT_EQ(registry.names("Executor", "a.cpp"), std::vector<std::string>{"Other"});
  EXPECT_TRUE(registry.names("Gateway").empty());
  registry.set_module("b.cpp");
  try {
    registry.add<Plain>("Other");
    FAIL() << "registered twice";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "two classes are registered as 'Other': one by a.cpp, one by b.cpp; rename one of them");
  }
}

}  // namespace
}  // namespace jina

#include "jina/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jina/executor.hpp"

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
  std::vector<std::string> names;
  std::map<std::string, int> weights;
  Limits limits;
  boost::json::value extra;
};
BOOST_DESCRIBE_STRUCT(Options, (), (model, top_k, threshold, fast, names, weights, limits, extra))

class Base : public Executor {
 public:
  void setup(Endpoints&) override {}
};
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
  EXPECT_EQ(options.names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(options.weights.at("x"), 2);
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
  EXPECT_THAT(error("Ranker", {{"top_k", 1e300}}), HasSubstr("expected a whole number"));
  EXPECT_THAT(error("Ranker", {{"names", {"a", 1}}}), HasSubstr("'names[1]' is 1, expected a text"));
  EXPECT_THAT(error("Ranker", {{"limits", 1}}), HasSubstr("'limits' is 1, expected an object"));
  EXPECT_THAT(error("Ranker", {{"fast", "yes"}}), HasSubstr("expected true or false"));
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

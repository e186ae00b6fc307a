// Described structs in modules: their tables belong to the module.
#include "jina/described.hpp"
#include "jina/executor.hpp"
#include "module/module_test_kit.hpp"

namespace jina {
namespace {

using testing::HasSubstr;

std::string module_text(const std::string& name, const std::string& members, const std::string& names) {
  return R"(
#include <jina/executor.hpp>
#include <jina/module.hpp>
enum class Mode { kFast, kExact };
BOOST_DESCRIBE_ENUM(Mode, kFast, kExact)
struct Options {
)" + members +
         R"(
  std::optional<jina::Document> start;
};
BOOST_DESCRIBE_STRUCT(Options, (), ()" +
         names + R"(, start))
class )" +
         name + R"( : public jina::Executor {
 public:
  explicit )" +
         name + R"((Options options) : options_(std::move(options)) {}
  void setup(jina::Endpoints& on) override { on.add("/options", &)" +
         name + R"(::options); }
  jina::Results options() { return {jina::described::to_json(options_).as_object()}; }
  Options options_;
};
JINA_MODULE(registry) { registry.add<)" +
         name + R"(>(")" + name + R"("); }
)";
}

boost::json::object options_of(Executor& executor) {
  Endpoints on;
  executor.setup(on);
  RequestContext context;
  EndpointCall call{{}, {}, context};
  on.find("/options")->plain(executor, call);
  return call.results.value();
}

TEST_F(ModuleTest, StructsOfOneNameInTwoModulesAreTwoTypes) {
  const Status first =
      load(write("first.cpp", module_text("First", "std::string text = \"a\"; Mode mode = Mode::kExact;", "text, mode")));
  ASSERT_TRUE(first.ok()) << first.message;
  const fs::path other = write("other.cpp", module_text("Other", "std::vector<int> list; double ratio = 0.5;", "list, ratio"));
  const Status second = load(other);
  ASSERT_TRUE(second.ok()) << second.message;

  auto one = registry.make<Executor>("First", {{"text", "b"}, {"start", {{"text", "doc"}}}});
  ASSERT_TRUE(one.ok()) << one.error().message;
  boost::json::object shown = options_of(**one);
  EXPECT_EQ(shown.at("start").at("text"), "doc");
  shown.erase("start");
  EXPECT_EQ(shown, (boost::json::object{{"text", "b"}, {"mode", "kExact"}}));

  auto two = registry.make<Executor>("Other", {{"list", {1, 2}}});
  ASSERT_TRUE(two.ok()) << two.error().message;
  EXPECT_EQ(options_of(**two), (boost::json::object{{"list", {1, 2}}, {"ratio", 0.5}, {"start", nullptr}}));

  auto wrong = registry.make<Executor>("Other", {{"text", "b"}});
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().message, HasSubstr("Executor 'Other' (of " + other.string() + "): 2 arguments are wrong:"));
  EXPECT_THAT(wrong.error().message, HasSubstr("argument 'list' is missing"));
  EXPECT_THAT(wrong.error().message, HasSubstr("there is no argument 'text' (there are: list, ratio, start)"));
  EXPECT_EQ(described::members_of(*registry.arguments_of("Executor", "First")).size(), 3u);
}

}  // namespace
}  // namespace jina

#include "module/module_loader.hpp"

#include "executor/executor_host.hpp"
#include "jina/executor.hpp"
#include "module/module_test_kit.hpp"

namespace jina {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kGood = R"(
#include <jina/executor.hpp>
#include <jina/module.hpp>
class Good : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add("/good", &Good::good); }
  jina::DocumentArray good() { return {jina::Document{{.id = "from-module"}}}; }
};
JINA_MODULE(registry) { registry.add<Good>("Good"); }
)";

TEST_F(ModuleTest, CompilesLoadsAndRegisters) {
  const fs::path path = write("good.cpp", kGood);
  const Status status = load(path);
  ASSERT_TRUE(status.ok()) << status.message;
  EXPECT_THAT(progress, ElementsAre("compiling good.cpp ..."));
  EXPECT_THAT(registry.names("Executor", path.string()), ElementsAre("Good"));
  auto made = registry.make<Executor>("Good", {});
  ASSERT_TRUE(made.ok()) << made.error().message;
  Endpoints on;
  (*made)->setup(on);
  RequestContext context;
  EndpointCall call{{}, {}, context};
  on.find("/good")->plain(**made, call);
  EXPECT_EQ(call.docs.at(0).id, "from-module");
}

TEST_F(ModuleTest, ExceptionsOfAModuleAreUnderstood) {
  const Status status = load(write("raising.cpp", R"(
#include <jina/executor.hpp>
#include <jina/module.hpp>
struct Own : std::runtime_error { using std::runtime_error::runtime_error; };
class Raising : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add("/error", &Raising::error).add("/own", &Raising::own); }
  void error() { throw jina::EndpointError("ValueError", {"boom"}); }
  void own() { throw Own("mine"); }
};
JINA_MODULE(registry) { registry.add<Raising>("Raising"); }
)"));
  ASSERT_TRUE(status.ok()) << status.message;
  auto made = registry.make<Executor>("Raising", {}).value();
  Endpoints on;
  made->setup(on);
  RequestContext context;
  EndpointCall call{{}, {}, context};
  const auto description = [&](const char* path) {
    try {
      on.find(path)->plain(*made, call);
    } catch (...) {
      return EndpointFailure::of(std::current_exception()).description;
    }
    return std::string("nothing was thrown");
  };
  EXPECT_EQ(description("/error"), "ValueError('boom')");
  EXPECT_EQ(description("/own"), "Own('mine')");
}

// ---- wrong signatures: the compiler's first error is a sentence

struct Mistake {
  const char* name;
  const char* members;  // of class Bad
  const char* table;    // what setup() adds
  const char* sentence;
};

class CompileFailTest : public ModuleTest, public testing::WithParamInterface<Mistake> {};

TEST_P(CompileFailTest, SaysWhatIsExpected) {
  const Mistake& mistake = GetParam();
  options.flags = {"-fsyntax-only"};
  const Status status = load(write(
      "bad.cpp",
      std::string("#include <jina/executor.hpp>\n#include <jina/module.hpp>\nclass Bad : public jina::Executor {\n public:\n") +
          "  void setup(jina::Endpoints& on) override { (void)on; " + mistake.table + " }\n" + mistake.members +
          "\n};\nJINA_MODULE(registry) { registry.add<Bad>(\"Bad\"); }\n"));
  ASSERT_FALSE(status.ok());
  const std::size_t first = status.message.find("error: ");
  ASSERT_NE(first, std::string::npos) << status.message;
  EXPECT_THAT(status.message.substr(first, status.message.find('\n', first) - first), HasSubstr(mistake.sentence))
      << status.message;
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, CompileFailTest,
    testing::Values(Mistake{"Argument", "void f(jina::DocumentArray&, int) {}", "on.add(\"/f\", &Bad::f);",
                            "an endpoint takes DocumentArray& (or const DocumentArray&"},
                    Mistake{"MutableParameters", "void f(jina::Parameters&) {}", "on.add(\"/f\", &Bad::f);",
                            "an endpoint takes DocumentArray& (or const DocumentArray&"},
                    Mistake{"DocumentsTwice", "void f(jina::DocumentArray&, const jina::DocumentArray&) {}",
                            "on.add(\"/f\", &Bad::f);", "an endpoint takes the Documents once"},
                    Mistake{"Result", "int f(jina::DocumentArray&) { return 5; }", "on.add(\"/f\", &Bad::f);",
                            "an endpoint returns void, DocumentArray, Results, or a Task"},
                    Mistake{"TaskOfResult", "jina::Task<int> f(jina::DocumentArray&) { co_return 5; }", "on.add(\"/f\", &Bad::f);",
                            "an endpoint returns void, DocumentArray, Results, or a Task"},
                    Mistake{"Constructor", "explicit Bad(std::string) {}", "",
                            "T needs a constructor that takes nothing, a struct with BOOST_DESCRIBE_STRUCT"},
                    Mistake{"ForeignClass", "struct Other { void f(jina::DocumentArray&) {} };", "on.add(\"/f\", &Other::f);",
                            "an endpoint is a member function of a class that derives from jina::Executor"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace jina

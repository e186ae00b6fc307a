#include "module/module_loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "executor/executor_host.hpp"
#include "jina/executor.hpp"
#include "jina/version.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A folder of its own with a cache in it.
class ModuleTest : public testing::Test {
 protected:
  ModuleTest() {
    std::string name = (fs::temp_directory_path() / "jina-module-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
    options.cache = folder / "cache";
    options.flags = {"-O0"};
    options.on_progress = [this](const std::string& line) { progress.push_back(line); };
  }
  ~ModuleTest() override { fs::remove_all(folder); }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return folder / name;
  }
  Status load(const fs::path& path) { return load_module(path, registry, options); }

  fs::path folder;
  Registry registry;
  ModuleOptions options;
  std::vector<std::string> progress;
};

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

TEST_F(ModuleTest, TheSameModuleIsCompiledOnce) {
  const fs::path path = write("good.cpp", kGood);
  ASSERT_TRUE(load(path).ok());
  ASSERT_THAT(progress, Not(IsEmpty()));
  progress.clear();
  Registry second;
  EXPECT_TRUE(load_module(path, second, options).ok());
  EXPECT_THAT(progress, IsEmpty());
  EXPECT_THAT(second.names("Executor"), ElementsAre("Good"));
}

TEST_F(ModuleTest, AnotherSourceOrFlagIsCompiledAgain) {
  const fs::path path = write("empty.cpp", "#include <jina/module.hpp>\nJINA_MODULE(registry) {}\n");
  ASSERT_TRUE(load(path).ok());
  options.flags.emplace_back("-DMORE");
  ASSERT_TRUE(load(path).ok());
  EXPECT_EQ(progress.size(), 2U);
  write("empty.cpp", "#include <jina/module.hpp>\nJINA_MODULE(registry) { }\n");
  ASSERT_TRUE(load(path).ok());
  EXPECT_EQ(progress.size(), 3U);
}

TEST_F(ModuleTest, AHeaderOfTheModulesOwnIsLookedAt) {
  write("own header.hpp", "// one\n");
  const fs::path path = write("empty.cpp", "#include \"own header.hpp\"\n#include <jina/module.hpp>\nJINA_MODULE(registry) {}\n");
  ASSERT_TRUE(load(path).ok());
  ASSERT_TRUE(load(path).ok());
  EXPECT_EQ(progress.size(), 1U);
  write("own header.hpp", "// two\n");
  ASSERT_TRUE(load(path).ok());
  EXPECT_EQ(progress.size(), 2U);
}

TEST_F(ModuleTest, CompilerErrorsAreShownAsTheyAre) {
  const fs::path path = write("bad.cpp", "int main( {}\n");
  const Status status = load(path);
  EXPECT_EQ(status.code, StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message, HasSubstr("module " + path.string() + " does not compile:\n"));
  EXPECT_THAT(status.message, HasSubstr("bad.cpp:1:"));
  EXPECT_THAT(status.message, HasSubstr("error:"));
  for (const auto& entry : fs::directory_iterator(options.cache)) EXPECT_EQ(entry.path().extension(), ".lock") << entry.path();
}

TEST_F(ModuleTest, WarningsOfTheCompilerAreShown) {
  const fs::path path = write("warn.cpp", "#warning look here\n#include <jina/module.hpp>\nJINA_MODULE(registry) {}\n");
  ASSERT_TRUE(load(path).ok());
  ASSERT_EQ(progress.size(), 2U);
  EXPECT_THAT(progress.back(), HasSubstr("look here"));
}

TEST_F(ModuleTest, AModuleThatRegistersNothing) {
  const Status status = load(write("nothing.cpp", "int nothing = 1;\n"));
  EXPECT_THAT(status.message, HasSubstr("nothing.cpp registers nothing: it needs JINA_MODULE(registry)"));
}

TEST_F(ModuleTest, AMissingSymbolIsNamed) {
  const Status status = load(write("missing.cpp", R"(
#include <jina/module.hpp>
namespace lost { void function(int); }
JINA_MODULE(registry) { lost::function(1); }
)"));
  EXPECT_THAT(status.message, HasSubstr("missing.cpp can not be loaded: 'lost::function(int)' is defined nowhere"));
}

TEST_F(ModuleTest, AnotherVersionIsRefused) {
  const Status status = load(write("old.cpp", R"(
struct Info { int abi; const char* version; };
extern "C" const Info* jina_module() {
  static const Info info{0, "0.0.9"};
  return &info;
}
)"));
  EXPECT_THAT(status.message, HasSubstr("old.cpp was built against jina 0.0.9 (module ABI 0"));
  EXPECT_THAT(status.message, HasSubstr("this is jina " JINA_VERSION " (module ABI " + std::to_string(JINA_ABI)));
}

TEST_F(ModuleTest, ANameThatIsTaken) {
  ASSERT_TRUE(load(write("one.cpp", kGood)).ok());
  const Status status = load(write("two.cpp", kGood));
  EXPECT_THAT(status.message, HasSubstr("two classes are registered as 'Good'"));
  EXPECT_THAT(status.message, HasSubstr("one.cpp"));
}

TEST_F(ModuleTest, FilesThatAreNoModules) {
  EXPECT_EQ(load(folder / "absent.cpp").code, StatusCode::kNotFound);
  EXPECT_THAT(load("absent.so").message, HasSubstr("(looked for " + fs::current_path().string() + "/absent.so)"));
  EXPECT_THAT(load("module.py").message, HasSubstr("is Python"));
  EXPECT_THAT(load("module").message, HasSubstr("should end in .cpp"));
  EXPECT_THAT(load(write("text.so", "no object")).message, HasSubstr("text.so can not be loaded"));
}

TEST_F(ModuleTest, ACompilerThatIsNotThere) {
  const char* before = std::getenv("CXX");
  const std::string kept = before != nullptr ? before : "";
  setenv("CXX", "no-such-compiler", 1);
  const Status status = load(write("good.cpp", kGood));
  if (before != nullptr)
    setenv("CXX", kept.c_str(), 1);
  else
    unsetenv("CXX");
  EXPECT_THAT(status.message, HasSubstr("needs a compiler, and 'no-such-compiler' does not run"));
}

TEST_F(ModuleTest, PackagesThatAreNotThere) {
  options.packages = {"no-such-package"};
  EXPECT_THAT(load(write("good.cpp", kGood)).message, HasSubstr("names packages that pkg-config does not find"));
}

TEST_F(ModuleTest, PackagesGiveFlagsAndLibraries) {
  options.packages = {"zlib"};
  const Status status = load(write("zipped.cpp", R"(
#include <jina/module.hpp>
#include <zlib.h>
JINA_MODULE(registry) { if (zlibVersion() == nullptr) throw std::runtime_error("no zlib"); }
)"));
  EXPECT_TRUE(status.ok()) << status.message;
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

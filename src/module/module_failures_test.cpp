// Modules that can not be loaded: the message names the file and says what to do.
#include <elf.h>

#include "base/subprocess.hpp"
#include "jina/version.hpp"
#include "module/module_test_kit.hpp"

namespace jina {
namespace {

using testing::AllOf;
using testing::ExitedWithCode;
using testing::HasSubstr;

// A module without jina's headers, which compiles in a moment.
std::string plain_module(const std::string& code, const std::string& body = "") {
  return R"(
#include <stdexcept>
namespace jina { class Registry; }
struct Info { int abi; const char* version; int boost; void (*add)(jina::Registry&); };
)" + code +
         "\nstatic void add(jina::Registry&) {" + body +
         "}\nextern \"C\" const Info* jina_module() { static const Info info{JINA_ABI, JINA_VERSION, BOOST_VERSION, &add}; return "
         "&info; }\n";
}

class ModuleFailure : public ModuleTest {
 protected:
  ModuleFailure() {
    options.flags = {"-O0", "-include", "jina/version.hpp", "-include", "boost/version.hpp"};
    GTEST_FLAG_SET(death_test_style, "fast");
  }
  std::string error(const std::string& name, const std::string& text) { return load(write(name, text)).message; }
  // The shared object of a good module.
  std::string object() {
    EXPECT_TRUE(load(write("good.cpp", plain_module(""))).ok());
    std::ifstream in(cached(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(ModuleFailure, AModuleThatRegistersNothing) {
  EXPECT_THAT(error("nothing.cpp", "int nothing = 1;\n"),
              HasSubstr("nothing.cpp registers nothing: it needs JINA_MODULE(registry)"));
}

TEST_F(ModuleFailure, AMissingSymbolIsNamed) {
  EXPECT_THAT(error("missing.cpp", plain_module("namespace lost { void function(int); }", "lost::function(1);")),
              HasSubstr("missing.cpp can not be loaded: 'lost::function(int)' is defined nowhere"));
}

TEST_F(ModuleFailure, AMissingLibraryIsNamed) {
  const fs::path library = folder / "nowhere.so";
  const CommandResult made = run_command({"g++", "-shared", "-fPIC", "-Wl,-soname,libnowhere.so.3", "-o", library.string(),
                                          write("nowhere.cpp", "int nowhere() { return 1; }\n").string()});
  ASSERT_EQ(made.exit_code, 0) << made.output;
  options.flags.push_back(library.string());
  const Status status = load(write("needs.cpp", plain_module("int nowhere();", "nowhere();")));
  EXPECT_THAT(status.message,
              HasSubstr("needs.cpp needs the library libnowhere.so.3, which is not where the system's loader looks"));
}

TEST_F(ModuleFailure, AnotherVersionIsRefused) {
  const std::string old = R"(
struct Info { int abi; const char* version; };
extern "C" const Info* jina_module() { static const Info info{0, "0.0.9"}; return &info; }
)";
  // Compiled here, so its headers are wrong; the object alone is to be built again.
  EXPECT_THAT(error("old.cpp", old), AllOf(HasSubstr("old.cpp was compiled with the headers of jina 0.0.9 (module ABI 0"),
                                           HasSubstr("install headers that fit")));
  EXPECT_EQ(cached(), "") << "a module that does not fit must not stay in the cache";
  const Status status = load(write("old2.cpp", old + "// again\n"));
  EXPECT_THAT(status.message, HasSubstr("this program is jina " JINA_VERSION " (module ABI " + std::to_string(JINA_ABI)));
}

TEST_F(ModuleFailure, ASharedObjectOfAnotherVersionIsRefused) {
  std::string text = object();
  const std::string version = JINA_VERSION;
  const std::size_t at = text.find(version + '\0');
  ASSERT_NE(at, std::string::npos);
  text.replace(at, version.size(), std::string("0.0.") + std::string(version.size() - 4, '9'));
  EXPECT_THAT(error("old.so", text), AllOf(HasSubstr("old.so was built against jina 0.0.9"),
                                           HasSubstr(", this is jina " JINA_VERSION), HasSubstr(": build it again")));
}

TEST_F(ModuleFailure, ASharedObjectThatIsCutShort) {
  const std::string text = object();
  for (const std::size_t size : {text.size() / 2, std::size_t{100}, std::size_t{20}})
    EXPECT_THAT(error("cut.so", text.substr(0, size)),
                HasSubstr("cut.so is cut short: it has " + std::to_string(size) + " bytes and should have at least "));
  EXPECT_THAT(error("empty.so", ""), HasSubstr("empty.so is empty"));
}

TEST_F(ModuleFailure, ASharedObjectForAnotherMachine) {
  std::string text = object();
  const auto machine = [&](unsigned number) {
    text[offsetof(Elf64_Ehdr, e_machine)] = static_cast<char>(number);
    return error("other.so", text);
  };
  EXPECT_THAT(machine(EM_AARCH64 == 183 && EM_X86_64 == 62 && text[18] == 62 ? EM_AARCH64 : EM_X86_64),
              AllOf(HasSubstr("other.so is built for "), HasSubstr(", this program runs on "), HasSubstr(": build it here")));
  text[EI_CLASS] = ELFCLASS32;
  EXPECT_THAT(machine(EM_386), HasSubstr("is built for x86 (32 bits)"));
  EXPECT_THAT(machine(EM_ARM), HasSubstr("is built for ARM (32 bits)"));
  text[EI_CLASS] = ELFCLASS64;
  text[EI_DATA] = ELFDATA2MSB;
  text[19] = EM_S390;
  EXPECT_THAT(machine(0), HasSubstr("is built for IBM Z"));
}

TEST_F(ModuleFailure, AProgramIsNoModule) {
  options.flags.emplace_back("-no-pie");
  std::ifstream in("/proc/self/exe", std::ios::binary);
  std::string head(200, '\0');
  in.read(head.data(), 200);
  head[16] = ET_EXEC;
  EXPECT_THAT(error("program.so", head), HasSubstr("program.so can not be loaded: it is not linked with -shared"));
}

TEST_F(ModuleFailure, RegisteringThrows) {
  EXPECT_THAT(error("raises.cpp", plain_module("", "throw std::runtime_error(\"no database\");")),
              HasSubstr("raises.cpp failed to register its classes: std::runtime_error: no database"));
  EXPECT_THAT(error("number.cpp", plain_module("", "throw 5;")), HasSubstr("number.cpp failed to register its classes: int"));
}

TEST_F(ModuleFailure, AStaticInitialiserThrows) {
  const fs::path path =
      write("early.cpp", plain_module("struct Early { Early() { throw std::runtime_error(\"too early\"); } } early;"));
  EXPECT_EXIT(static_cast<void>(load(path)), ExitedWithCode(1),
              "jina: error: module .*early.cpp threw in a static initialiser: std::runtime_error: too early");
}

TEST_F(ModuleFailure, AStaticInitialiserExits) {
  const fs::path path = write("leaves.cpp", plain_module("#include <cstdlib>\nstruct Early { Early() { std::exit(7); } } early;"));
  EXPECT_EXIT(static_cast<void>(load(path)), ExitedWithCode(1), "leaves.cpp ended the process .exit code 7. while it was loaded");
  options.on_fatal = [](const std::string& text) { fprintf(stderr, "jina gateway: error: %s\n", text.c_str()); };
  EXPECT_EXIT(static_cast<void>(load(path)), ExitedWithCode(1), "jina gateway: error: module .*leaves.cpp ended the process");
}

TEST_F(ModuleFailure, AfterLoadingAnExitIsAnExit) {
  EXPECT_TRUE(load(write("good.cpp", plain_module(""))).ok());
  EXPECT_EXIT(std::exit(7), ExitedWithCode(7), "");
}

TEST_F(ModuleFailure, ANameThatIsTaken) {
  const std::string text = R"(
#include <jina/executor.hpp>
#include <jina/module.hpp>
class Same : public jina::Executor { void setup(jina::Endpoints&) override {} };
JINA_MODULE(registry) { registry.add<Same>("Same"); }
)";
  ASSERT_TRUE(load(write("one.cpp", text)).ok());
  EXPECT_THAT(error("two.cpp", text), AllOf(HasSubstr("two.cpp failed to register its classes"),
                                            HasSubstr("two classes are registered as 'Same'"), HasSubstr("one.cpp")));
}

TEST_F(ModuleFailure, FilesThatAreNoModules) {
  EXPECT_EQ(load(folder / "absent.cpp").code, StatusCode::kNotFound);
  EXPECT_THAT(load("absent.so").message, HasSubstr("(looked for " + fs::current_path().string() + "/absent.so)"));
  EXPECT_THAT(load("module.py").message, HasSubstr("is Python"));
  EXPECT_THAT(load("module").message, HasSubstr("should end in .cpp"));
  EXPECT_THAT(load(write("text.so", "no object")).message, HasSubstr("text.so can not be loaded: it is no shared object"));
}

}  // namespace
}  // namespace jina

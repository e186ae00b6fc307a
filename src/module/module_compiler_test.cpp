// Compiling: flags, packages, what is compiled again, and what people are told when it fails.
#include <fcntl.h>
#include <sys/file.h>

#include "module/compiler.hpp"
#include "module/content_hash.hpp"
#include "module/module_compiler.hpp"
#include "module/module_test_kit.hpp"

namespace jina {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST_F(ModuleTest, TheSameModuleIsCompiledOnce) {
  const fs::path path = write("empty.cpp", kEmptyModule);
  ASSERT_TRUE(load(path).ok());
  ASSERT_THAT(progress, SizeIs(1));
  Registry second;
  EXPECT_TRUE(load_module(path, second, options).ok());
  EXPECT_THAT(progress, SizeIs(1));
}

TEST_F(ModuleTest, SaysWhichProcessCompilesTheSameModuleAlready) {
  const fs::path path = write("empty.cpp", kEmptyModule);
  ASSERT_TRUE(load(path).ok());
  fs::path lock = cached();
  fs::remove(lock);
  lock.replace_extension(".lock");
  EXPECT_EQ(std::stoi(read_file(lock).value_or("")), getpid());
  std::ofstream(lock) << "4711\n";
  // Another opening of the file is as good as another process.
  const int file = open(lock.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(file, LOCK_EX), 0);
  progress.clear();
  options.on_progress = [&](const std::string& line) {
    progress.push_back(line);
    if (line.starts_with("waiting")) close(file);
  };
  EXPECT_TRUE(compile_module(path, options).ok());
  EXPECT_THAT(progress, testing::ElementsAre("waiting for process 4711, which compiles empty.cpp ...", "compiling empty.cpp ..."));
}

TEST_F(ModuleTest, FindsWhatIsCompiledWithoutCompiling) {
  const fs::path path = write("empty.cpp", kEmptyModule);
  EXPECT_FALSE(find_compiled_module(path, options));
  EXPECT_FALSE(fs::exists(options.cache));
  const auto made = compile_module(path, options);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(find_compiled_module(path, options), *made);
  write("empty.cpp", std::string(kEmptyModule) + "// more\n");
  EXPECT_FALSE(find_compiled_module(path, options));
  EXPECT_THAT(progress, SizeIs(1));
}

TEST_F(ModuleTest, AnotherSourceFlagPathOrCompilerIsCompiledAgain) {
  const fs::path path = write("empty.cpp", kEmptyModule);
  ASSERT_TRUE(load(path).ok());
  options.flags.emplace_back("-DMORE");
  ASSERT_TRUE(load(path).ok());
  EXPECT_THAT(progress, SizeIs(2));
  write("empty.cpp", std::string(kEmptyModule) + "// more\n");
  ASSERT_TRUE(load(path).ok());
  EXPECT_THAT(progress, SizeIs(3));
  ASSERT_TRUE(load(write("other/empty.cpp", std::string(kEmptyModule) + "// more\n")).ok());
  EXPECT_THAT(progress, SizeIs(4));
  const fs::path wrapper = write("c++", "#!/bin/sh\nexec g++ \"$@\"\n");
  fs::permissions(wrapper, fs::perms::owner_all);
  const WithVariable compiler("CXX", wrapper.string());
  ASSERT_TRUE(load(path).ok());
  EXPECT_THAT(progress, SizeIs(5));
  EXPECT_TRUE(load(path).ok());
  EXPECT_THAT(progress, SizeIs(5));
}

TEST_F(ModuleTest, AHeaderOfTheModulesOwnIsLookedAt) {
  write("own header.hpp", "// one\n");
  const fs::path path = write("empty.cpp", std::string("#include \"own header.hpp\"\n") + kEmptyModule);
  ASSERT_TRUE(load(path).ok());
  ASSERT_TRUE(load(path).ok());
  EXPECT_THAT(progress, SizeIs(1));
  // Written again as it is: not worth a compilation.
  write("own header.hpp", "// one\n");
  ASSERT_TRUE(load(path).ok());
  EXPECT_THAT(progress, SizeIs(1));
  write("own header.hpp", "// two\n");
  ASSERT_TRUE(load(path).ok());
  EXPECT_THAT(progress, SizeIs(2));
}

TEST_F(ModuleTest, AHeaderThatChangesWhileItIsCompiledIsLookedAtAgain) {
  write("own.hpp", "// one\n");
  const fs::path path = write("empty.cpp", std::string("#include \"own.hpp\"\n") + kEmptyModule);
  const fs::path wrapper = write("c++", "#!/bin/sh\ng++ \"$@\" && echo '// two' > " + (folder / "own.hpp").string() + "\n");
  fs::permissions(wrapper, fs::perms::owner_all);
  const WithVariable compiler("CXX", wrapper.string());
  ASSERT_TRUE(load(path).ok());
  write("c++", "#!/bin/sh\nexec g++ \"$@\"\n");
  ASSERT_TRUE(load(path).ok());
  EXPECT_THAT(progress, SizeIs(2));
}

TEST_F(ModuleTest, HalfACachedObjectIsCompiledAgain) {
  const fs::path path = write("empty.cpp", kEmptyModule);
  ASSERT_TRUE(load(path).ok());
  // Not resize_file: the loaded one is mapped into this process.
  const fs::path object = cached();
  const auto size = fs::file_size(object);
  fs::rename(object, folder / "whole.so");
  fs::copy_file(folder / "whole.so", object);
  fs::resize_file(object, size / 2);
  const Status status = load(path);
  EXPECT_TRUE(status.ok()) << status.message;
  EXPECT_THAT(progress, SizeIs(2));
  EXPECT_EQ(fs::file_size(object), size);
}

TEST_F(ModuleTest, OldModulesLeaveTheCache) {
  fs::create_directories(options.cache);
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(48);
  for (int i = 0; i < 120; ++i) {
    const std::string name = "cache/old-" + std::to_string(i);
    write(name + ".headers", "");
    fs::last_write_time(write(name + ".so", ""), long_ago + std::chrono::minutes(i));
  }
  ASSERT_TRUE(load(write("empty.cpp", kEmptyModule)).ok());
  EXPECT_FALSE(fs::exists(options.cache / "old-20.so"));
  EXPECT_FALSE(fs::exists(options.cache / "old-20.headers"));
  EXPECT_TRUE(fs::exists(options.cache / "old-21.so"));
}

TEST_F(ModuleTest, RelativeFoldersInFlagsCountFromTheModule) {
  write("project/include/own.hpp", "inline int own() { return 1; }\n");
  const fs::path path = write("project/own.cpp", std::string("#include <own.hpp>\nint used = own();\n") + kEmptyModule);
  options.flags.emplace_back("-Iinclude");
  const Status status = load(path);
  ASSERT_TRUE(status.ok()) << status.message;
  write("project/include/own.hpp", "inline int own() { return 2; }\n");
  ASSERT_TRUE(load(path).ok());
  EXPECT_THAT(progress, SizeIs(2));
}

TEST_F(ModuleTest, CompilerErrorsAreShownAsTheyAre) {
  const fs::path path = write("bad.cpp", "int main( {}\n");
  const Status status = load(path);
  EXPECT_EQ(status.code, StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message, HasSubstr("module " + path.string() + " does not compile:\n"));
  EXPECT_THAT(status.message, HasSubstr("bad.cpp:1:"));
  EXPECT_THAT(status.message, HasSubstr("error:"));
  EXPECT_THAT(status.message, Not(HasSubstr("hint:")));
  for (const auto& entry : fs::directory_iterator(options.cache)) EXPECT_EQ(entry.path().extension(), ".lock") << entry.path();
}

TEST_F(ModuleTest, WarningsOfTheCompilerAreShown) {
  ASSERT_TRUE(load(write("warn.cpp", std::string("#warning look here\n") + kEmptyModule)).ok());
  ASSERT_THAT(progress, SizeIs(2));
  EXPECT_THAT(progress.back(), HasSubstr("look here"));
}

TEST_F(ModuleTest, AMissingHeaderOrLibraryGetsAHint) {
  EXPECT_THAT(load(write("header.cpp", "#include <no/such.hpp>\n")).message,
              HasSubstr("hint: 'no/such.hpp' is neither beside the module nor where the compiler looks. Install the package"));
  options.packages = {};
  options.flags.emplace_back("-lnosuchlibrary");
  EXPECT_THAT(load(write("library.cpp", "int one = 1;\n")).message,
              HasSubstr("hint: the library 'nosuchlibrary' is not installed"));
}

TEST(CompilerHint, ReadsWhatCompilersWrite) {
  EXPECT_THAT(compiler_hint("m.cpp:1:10: fatal error: boost/asio.hpp: No such file or directory\n"), HasSubstr("libboost1.81-dev"));
  EXPECT_THAT(compiler_hint("m.cpp:1:10: fatal error: 'boost/asio.hpp' file not found\n"), HasSubstr("libboost1.81-dev"));
  EXPECT_THAT(compiler_hint("m.cpp:1:10: fatal error: 'jina/none.hpp' file not found\n"),
              HasSubstr("has no header 'jina/none.hpp'"));
  EXPECT_THAT(compiler_hint("/usr/bin/ld: cannot find -lfoo: No such file or directory\n"), HasSubstr("the library 'foo'"));
  EXPECT_THAT(compiler_hint("mold: fatal: library not found: foo\n"), HasSubstr("the library 'foo'"));
  EXPECT_THAT(compiler_hint("g++: error: unrecognized command-line option '-std=c++20'\n"), HasSubstr("too old"));
  EXPECT_EQ(compiler_hint("m.cpp:1:1: fatal error: too many errors emitted\n"), "");
}

TEST_F(ModuleTest, ACompilerThatIsNotThere) {
  const WithVariable compiler("CXX", "no-such-compiler");
  EXPECT_THAT(load(write("empty.cpp", kEmptyModule)).message,
              HasSubstr("needs a compiler, and there is no 'no-such-compiler' in PATH: install g++ (Debian: apt-get install g++)"));
}

TEST_F(ModuleTest, PackagesThatAreNotThere) {
  options.packages = {"no-such-package"};
  const Status status = load(write("empty.cpp", kEmptyModule));
  EXPECT_THAT(status.message, HasSubstr("names packages that pkg-config does not find:\n"));
  EXPECT_THAT(status.message, HasSubstr("no-such-package"));
  EXPECT_THAT(status.message, HasSubstr("hint: install their development packages"));
  const WithVariable path("PATH", folder.string());
  const fs::path wrapper = write("g++", "#!/bin/sh\nexit 1\n");
  fs::permissions(wrapper, fs::perms::owner_all);
  EXPECT_THAT(load(write("empty.cpp", kEmptyModule)).message, HasSubstr("apt-get install pkg-config"));
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

}  // namespace
}  // namespace jina

// What `uses` stands for, where its files are found, and how its modules are compiled.
#include "config/uses_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "config/option_sets.hpp"
#include "config/search_path.hpp"
#include "config/shell_words.hpp"

namespace jina::config {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

class UsesConfigTest : public testing::Test {
 protected:
  UsesConfigTest() {
    std::string name = (fs::temp_directory_path() / "jina-uses-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
  }
  ~UsesConfigTest() override { fs::remove_all(folder); }

  fs::path write(const std::string& name, const std::string& text = "") const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << text;
    return folder / name;
  }
  // Of a Gateway YAML with that text.
  UsesConfig load(const std::string& text, const std::vector<std::string>& search_paths = {}) const {
    auto config = load_uses(write("config.yml", text).string(), {}, "gateway", search_paths);
    EXPECT_TRUE(config.ok()) << config.status().message;
    return config ? std::move(*config) : UsesConfig{};
  }
  std::string error(const std::string& text) const {
    return load_uses(write("config.yml", text).string(), {}, "gateway").status().message;
  }

  fs::path folder;
};

TEST_F(UsesConfigTest, ModulesAreFoundBesideTheYaml) {
  const auto one = write("one.cpp"), two = write("src/two.so"), three = write("three.cc");
  const auto config = load("!My\npy_modules: one.cpp\nmodules: [src/two.so]\nmetas: {py_modules: three.cc}\nport: 5");
  EXPECT_EQ(config.class_name, "My");
  EXPECT_THAT(config.modules, testing::UnorderedElementsAre(one, two, three));
  EXPECT_EQ(config.rest.entries.size(), 1U) << "port is left to the caller";
}

TEST_F(UsesConfigTest, WithoutTheSourceTheBuiltModuleCounts) {
  write("a.so");
  EXPECT_THAT(load("jtype: A\npy_modules: a.cpp\n").modules, ElementsAre(folder / "a.so"));
  write("a.cpp");
  EXPECT_THAT(load("jtype: A\npy_modules: a.cpp\n").modules, ElementsAre(folder / "a.cpp"));
  EXPECT_THAT(error("jtype: A\npy_modules: b.cpp\n"), HasSubstr("the file 'b.cpp' does not exist"));
}

TEST_F(UsesConfigTest, ThenInTheSearchPaths) {
  const auto module = write("lib/far.cpp");
  EXPECT_THAT(load("!My\npy_modules: far.cpp", {"elsewhere", "lib"}).modules, ElementsAre(module)) << "relative to the YAML";
  EXPECT_THAT(load("!My\npy_modules: far.cpp", {(folder / "lib").string()}).modules, ElementsAre(module));
  write("conf/other.yml", "!Other");
  auto other = load_uses("other.yml", {"far.cpp"}, "gateway", {(folder / "conf").string(), (folder / "lib").string()});
  ASSERT_TRUE(other.ok()) << other.error().message;
  EXPECT_EQ(other->class_name, "Other");
  EXPECT_THAT(other->modules, ElementsAre(module));
}

TEST_F(UsesConfigTest, AMissingModuleIsLookedForDeeper) {
  write("src/deep/gateway.cpp");
  write("build/lost.cpp");
  EXPECT_THAT(error("!My\npy_modules:\n- gateway.cpp"),
              AllOf(HasSubstr("config.yml:3:3: py_modules: the file 'gateway.cpp' does not exist; looked in " + folder.string()),
                    EndsWith("; did you mean 'src/deep/gateway.cpp'?")));
  EXPECT_THAT(error("!My\npy_modules: lost.cpp"), testing::Not(HasSubstr("did you mean")));
  EXPECT_EQ(error("!My\npy_modules: /no/such.cpp").substr((folder / "config.yml").string().size()),
            ":2:13: py_modules: the file '/no/such.cpp' does not exist");
}

TEST_F(UsesConfigTest, PythonModulesNameBothWaysOn) {
  EXPECT_THAT(error("!My\npy_modules: my_gateway.py"),
              AllOf(HasSubstr("config.yml:2:13: py_modules: 'my_gateway.py' is Python"), HasSubstr("jina new gateway NAME"),
                    HasSubstr("python -m jina gateway --uses ")));
  EXPECT_THAT(load_uses("x.py", {}, "Executor").status().message,
              AllOf(HasSubstr("--uses: 'x.py' is Python"), HasSubstr("jina new executor NAME")));
}

TEST_F(UsesConfigTest, FlagsAndPackages) {
  auto config = load("!My\ncompile_flags: -O0 '-DTEXT=\"a b\"'\npackages: zlib, openssl");
  EXPECT_THAT(config.compile_flags, ElementsAre("-O0", "-DTEXT=\"a b\""));
  EXPECT_THAT(config.packages, ElementsAre("zlib", "openssl"));
  config = load("!My\ncompile_flags:\n- -DTEXT=\"a b\"\n- -Wl,-rpath,/opt/lib\npackages: [zlib]\nport: 1");
  EXPECT_THAT(config.compile_flags, ElementsAre("-DTEXT=\"a b\"", "-Wl,-rpath,/opt/lib")) << "words of a list are as they are";
  EXPECT_THAT(load("!My\ncompile_flags: -I 'my include'").compile_flags, ElementsAre("-I", "my include"));
  EXPECT_THAT(config.packages, ElementsAre("zlib"));
  EXPECT_THAT(load("!My\ncompile_flags:\npackages:").compile_flags, IsEmpty());
  EXPECT_THAT(error("!My\ncompile_flags: {a: b}"), HasSubstr("config.yml:2:16: compile_flags: expects a list, but this is a map"));
}

TEST_F(UsesConfigTest, FlagsCrossTheCommandLineAsTheyAre) {
  for (const OptionSet* set : {&gateway_options(), &executor_options()}) {
    OptionBag bag(*set);
    const std::vector<std::string> words{"-O0", "-DTEXT=\"it's\" -Wl,--as-needed"};
    ASSERT_TRUE(bag.set_from_words(*set->find("compile_flags"), words, "--compile-flags").ok());
    EXPECT_THAT(bag.texts("compile-flags"), ElementsAre("-O0", "-DTEXT=it's", "-Wl,--as-needed"));
    EXPECT_THAT(bag.to_words(), ElementsAre("--compile-flags=-O0 '-DTEXT=it'\\''s' -Wl,--as-needed"));
  }
}

TEST(ShellWords, SplitAndJoined) {
  const auto both = [](const std::vector<std::string>& words) {
    EXPECT_EQ(split_shell_words(join_shell_words(words)), words) << join_shell_words(words);
  };
  both({});
  both({"a"});
  both({"", "a b", "it's", "say \"x\"", "back\\slash", "tab\t", "-DX=\"1\""});
  EXPECT_THAT(split_shell_words("  a\t'b c'd\n\"e\\\"f\\n\" \\  ''"), ElementsAre("a", "b cd", "e\"f\\n", " ", ""));
  EXPECT_THAT(split_shell_words("'open end"), ElementsAre("open end"));
}

}  // namespace
}  // namespace jina::config

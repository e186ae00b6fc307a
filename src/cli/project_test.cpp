#include "cli/project.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/template_files.hpp"

namespace jina::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(ProjectName, IsAnIdentifier) {
  for (const char* name : {"demo", "my_gateway", "Demo2", "a", "gateway2"}) EXPECT_TRUE(check_project_name(name).ok()) << name;
  for (const char* name : {"", "2fast", "my-gateway", "a b", "a__b", "_a", "a.b", "größe", "a/b"})
    EXPECT_THAT(check_project_name(name).message, HasSubstr("letters, digits and single '_' are allowed")) << name;
}

TEST(ProjectName, ProposesOneThatIsNear) {
  EXPECT_THAT(check_project_name("my-gateway").message, HasSubstr("'my_gateway' would do"));
  EXPECT_THAT(check_project_name("_a_").message, HasSubstr("'a' would do"));
  EXPECT_THAT(check_project_name("2fast").message, Not(HasSubstr("would do")));
  EXPECT_THAT(check_project_name("class-").message, Not(HasSubstr("would do")));
}

TEST(ProjectName, IsNoWordOfCppNorTaken) {
  for (const char* name : {"class", "co_await", "xor_eq", "namespace", "int"})
    EXPECT_THAT(check_project_name(name).message, HasSubstr("is a word of C++ itself")) << name;
  for (const char* name : {"gateway", "executor", "jina", "test"})
    EXPECT_THAT(check_project_name(name).message, HasSubstr("is taken")) << name;
}

TEST(ProjectName, MakesClassesAndIdentifiers) {
  EXPECT_EQ(class_name_of("my_gateway"), "MyGateway");
  EXPECT_EQ(class_name_of("demo"), "Demo");
  EXPECT_EQ(class_name_of("a1_b2"), "A1B2");
  EXPECT_EQ(identifier_of("hello-jina"), "hello_jina");
  EXPECT_EQ(identifier_of("a--b. c"), "a_b_c");
  EXPECT_EQ(identifier_of("--"), "");
}

std::vector<ProjectFile> make(std::string_view kind) {
  return make_project(*find_project_kind(kind),
                      {.name = "own_thing", .class_name = "OwnThing", .program = "/opt/jina", .version = "9.8.7"});
}

std::string text_of(const std::vector<ProjectFile>& files, const std::string& path) {
  for (const auto& file : files)
    if (file.path == path) return file.text;
  ADD_FAILURE() << path << " is missing";
  return {};
}

TEST(Project, HasNoPlaceholdersLeft) {
  for (const auto& kind : project_kinds())
    for (const auto& file : make(kind.name))
      for (const char* word : {"my_name", "MyName", "my_kind", "my_config", "my_program", "my_version"})
        EXPECT_EQ(file.text.find(word), std::string::npos) << file.path << " has " << word;
}

TEST(Project, EachKindHasWhatItNeeds) {
  for (const auto& kind : project_kinds()) {
    const auto files = make(kind.name);
    for (const char* path : {"dev", "README.md", "Dockerfile", "CMakeLists.txt", ".gitignore", "tests/check.hpp", "tests/serve.sh"})
      EXPECT_NE(text_of(files, path), "") << kind.name;
    EXPECT_THAT(text_of(files, std::string(kind.config)), HasSubstr("OwnThing"));
    for (const auto& file : files) EXPECT_EQ(file.executable, file.path == "dev") << file.path;
    EXPECT_THAT(text_of(files, "dev"), HasSubstr("'/opt/jina'"));
  }
}

TEST(Project, FlowHasTheCodeOfBoth) {
  const auto files = make("flow");
  EXPECT_THAT(text_of(files, "gateway.cpp"), HasSubstr("class OwnThingGateway : public jina::HttpGateway"));
  EXPECT_THAT(text_of(files, "executor.cpp"), HasSubstr("class OwnThingExecutor : public jina::Executor"));
  EXPECT_THAT(text_of(files, "flow.yml"), HasSubstr("uses: OwnThingGateway"));
  EXPECT_THAT(text_of(files, "flow.yml"), HasSubstr("uses: OwnThingExecutor"));
  text_of(files, "tests/sentences_test.cpp");
  text_of(files, "tests/keywords_test.cpp");
}

TEST(Project, Tree) {
  EXPECT_EQ(project_tree({{"a", ""}, {"b.cpp", ""}, {"tests/x", ""}, {"tests/y", ""}}, ""),
            "├── a\n├── b.cpp\n└── tests/\n    ├── x\n    └── y\n");
  EXPECT_EQ(project_tree({{"a", ""}, {"x/1", ""}, {"z/2", ""}}, "  "), "  ├── a\n  ├── x/\n  │   └── 1\n  └── z/\n      └── 2\n");
}

}  // namespace
}  // namespace jina::cli

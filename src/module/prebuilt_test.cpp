// Modules compiled ahead of time: when they stand in for their source, and when not.
#include "module/prebuilt.hpp"

#include "module/module_test_kit.hpp"

namespace jina {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PrebuiltTest : public ModuleTest {
 protected:
  PrebuiltTest() {
    write("own/text.hpp", "inline const char* text() { return \"one\"; }\n");
    source = write("a module.cpp", std::string("#include \"own/text.hpp\"\n") + kEmptyModule);
    built = prebuilt_path(source);
    const Status status = build_module(source, built, options);
    EXPECT_TRUE(status.ok()) << status.message;
    fs::remove_all(options.cache);
    progress.clear();
  }
  Prebuilt check() const { return check_prebuilt(built, source, options); }

  fs::path source;
  fs::path built;
};

TEST_F(PrebuiltTest, IsLoadedWithoutACompiler) {
  EXPECT_EQ(built.filename(), "a module.so");
  const WithVariable compiler("CXX", "/nowhere/g++");
  EXPECT_EQ(check(), Prebuilt::kFits);
  const Status status = load(source);
  EXPECT_TRUE(status.ok()) << status.message;
  EXPECT_THAT(progress, IsEmpty());
  EXPECT_FALSE(fs::exists(options.cache));
}

TEST_F(PrebuiltTest, ASourceThatChangedIsCompiled) {
  write("a module.cpp", std::string("// more\n#include \"own/text.hpp\"\n") + kEmptyModule);
  EXPECT_EQ(check(), Prebuilt::kStale);
  EXPECT_TRUE(load(source).ok());
  EXPECT_THAT(progress, ElementsAre(AllOf(HasSubstr("a module.so was not built from this a module.cpp"), HasSubstr("jina build")),
                                    HasSubstr("compiling a module.cpp")));
}

TEST_F(PrebuiltTest, AHeaderThatChangedIsNoticed) {
  write("own/text.hpp", "inline const char* text() { return \"two\"; }\n");
  EXPECT_EQ(check(), Prebuilt::kStale);
}

TEST_F(PrebuiltTest, HeadersNeedNotBeThere) {
  fs::remove_all(folder / "own");
  EXPECT_EQ(check(), Prebuilt::kFits);
}

TEST_F(PrebuiltTest, OtherFlagsAndPackagesAreOtherModules) {
  options.flags.emplace_back("-DMORE");
  EXPECT_EQ(check(), Prebuilt::kStale);
  options.flags.pop_back();
  options.packages.emplace_back("zlib");
  EXPECT_EQ(check(), Prebuilt::kStale);
}

TEST_F(PrebuiltTest, WhatNobodyBuiltIsLeftAlone) {
  fs::remove(built);
  EXPECT_EQ(check(), Prebuilt::kNone);
  for (const char* content : {"", "x", "jina-build 99999999\n", "jina-build 0000000x\n", "x\njina-build 00000009\n"}) {
    write("a module.so", content);
    EXPECT_EQ(check(), Prebuilt::kNone) << content;
  }
  EXPECT_TRUE(load(source).ok());
  EXPECT_THAT(progress, ElementsAre(HasSubstr("compiling a module.cpp")));
}

TEST_F(PrebuiltTest, GoesIntoAFolderThatIsThere) {
  EXPECT_THAT(build_module(source, folder / "nowhere" / "x.so", options).message, HasSubstr("x.so can not be written"));
  EXPECT_TRUE(build_module(source, folder / "own" / "x.so", options).ok());
  EXPECT_TRUE(load(folder / "own" / "x.so").ok());
}

TEST_F(PrebuiltTest, ErrorsOfTheCompilerAreShown) {
  write("a module.cpp", "int x = nonsense;\n");
  EXPECT_THAT(build_module(source, built, options).message, HasSubstr("was not declared"));
}

}  // namespace
}  // namespace jina

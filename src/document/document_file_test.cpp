#include "jina/document_file.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace jina {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class DocumentFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "jina_documents_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static DocumentArray texts(std::initializer_list<const char*> all) {
    DocumentArray docs;
    for (const char* text : all) docs.push_back(Document{{.text = text}});
    return docs;
  }
  static std::vector<std::string> texts(const DocumentArray& docs) {
    std::vector<std::string> out;
    for (const Document& doc : docs) out.push_back(doc.text());
    return out;
  }

  fs::path folder_;
};

TEST_F(DocumentFileTest, WithoutAFileThereAreNone) { EXPECT_TRUE(DocumentFile(folder_ / "none.bin").load().empty()); }

TEST_F(DocumentFileTest, WhatIsAppendedIsReadBackWhole) {
  DocumentFile file(folder_ / "made" / "on the way" / "docs.bin");
  DocumentArray docs = texts({"one", "two"});
  docs[0].embedding = Tensor::of(std::vector<float>{1, 2, 3});
  docs[1].tags["page"] = 7.0;
  file.append(docs);
  file.append(texts({"three"}));
  const DocumentArray loaded = file.load();
  EXPECT_THAT(texts(loaded), ElementsAre("one", "two", "three"));
  EXPECT_EQ(loaded[0], docs[0]);
  EXPECT_EQ(loaded[1], docs[1]);
}

TEST_F(DocumentFileTest, ReplaceLeavesTheNewOnesOnly) {
  DocumentFile file(folder_ / "docs.bin");
  file.append(texts({"old", "older"}));
  file.replace(texts({"new"}));
  EXPECT_THAT(texts(file.load()), ElementsAre("new"));
  EXPECT_FALSE(fs::exists(folder_ / "docs.bin.part"));
  file.replace({});
  EXPECT_TRUE(file.load().empty());
}

// At every length that a process may leave behind when it dies in append().
TEST_F(DocumentFileTest, ADocumentThatWasCutShortIsTakenOff) {
  const fs::path path = folder_ / "docs.bin";
  DocumentFile(path).append(texts({"whole"}));
  const auto whole = fs::file_size(path);
  DocumentFile(path).append(texts({std::string(300, 'x').c_str()}));
  const auto all = fs::file_size(path);
  for (const auto size : {all - 1, all - 200, whole + 50, whole + 3, whole + 2, whole + 1}) {
    fs::resize_file(path, size);
    DocumentFile file(path);
    EXPECT_THAT(texts(file.load()), ElementsAre("whole")) << size;
    EXPECT_EQ(file.cut_bytes(), size - whole);
    EXPECT_EQ(fs::file_size(path), whole);
    EXPECT_EQ(fs::file_size(folder_ / "docs.bin.cut"), size - whole) << "nothing is lost";
    file.append(texts({std::string(300, 'x').c_str()}));
    EXPECT_EQ(file.load().size(), 2U);
  }
}

TEST_F(DocumentFileTest, AnotherFileIsRefusedWithTheOffset) {
  const fs::path path = folder_ / "notes.txt";
  std::ofstream(path) << "hello world";
  try {
    DocumentFile(path).load();
    FAIL() << "it was taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("notes.txt: byte 0: "));
    EXPECT_THAT(error.what(), HasSubstr("it is no file of Documents"));
  }
  EXPECT_EQ(fs::file_size(path), 11U) << "nothing of it may be cut";
}

TEST_F(DocumentFileTest, ADiskThatRefusesIsNamed) {
  try {
    DocumentFile("/proc/nowhere/docs.bin").append(texts({"x"}));
    FAIL() << "it was written";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/proc/nowhere"));
  }
}

}  // namespace
}  // namespace jina

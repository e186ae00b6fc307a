// Fan-in (wire facts, section 6).
#include "document/reduce.hpp"

#include <gtest/gtest.h>
#include <boost/json/object.hpp>

namespace jina {
namespace {

DocumentArray branch(const std::string& pod) {
  DocumentArray docs;
  for (const char* id : {"d1", "d2"}) {
    Document doc{{.id = id, .text = std::string(id) + "|" + pod}};
    doc.tags[pod] = 1.0;
    doc.chunks.emplace_back(DocumentFields{.id = "c-" + pod, .text = pod});
    doc.matches.emplace_back(DocumentFields{.id = "m-" + pod, .text = pod});
    docs.push_back(std::move(doc));
  }
  return docs;
}

std::vector<std::string> ids(const DocumentArray& docs) {
  std::vector<std::string> out;
  for (const Document& doc : docs) out.push_back(doc.id);
  return out;
}
using Ids = std::vector<std::string>;

// The recorded diamond: a answers first; b adds an embedding and a weight; both know the match m-shared.
TEST(Reduce, Diamond) {
  DocumentArray a = branch("a");
  DocumentArray b = branch("b");
  a[0].matches.emplace_back(DocumentFields{.id = "m-shared", .text = "s-a"});
  b[0].matches.insert(b[0].matches.begin(), Document{{.id = "m-shared", .text = "s-b"}});
  b[0].weight = 2.5f;
  b[0].embedding = Tensor::of<float>(std::vector<float>{7});
  const DocumentArray merged = reduce_all({a, b});
  ASSERT_EQ(ids(merged), (Ids{"d1", "d2"}));
  const Document& doc = merged[0];
  EXPECT_EQ(doc.text(), "d1|a");
  EXPECT_EQ(doc.tags, (boost::json::object{{"a", 1.0}}));
  EXPECT_EQ(doc.weight, 2.5f);
  EXPECT_EQ(doc.embedding->view<float>()[0], 7.0f);
  EXPECT_EQ(ids(doc.chunks), (Ids{"c-a", "c-b"}));
  EXPECT_EQ(doc.chunks[1].parent_id, "d1");
  EXPECT_EQ(doc.chunks[1].granularity, 1u);
  EXPECT_EQ(ids(doc.matches), (Ids{"m-a", "m-shared", "m-b"}));
  EXPECT_EQ(doc.matches[1].text(), "s-a");
  EXPECT_EQ(doc.matches[2].adjacency, 1u);
}

TEST(Reduce, UnknownIdsAreAppendedInOrder) {
  const DocumentArray merged = reduce_all(
      {{Document{{.id = "1"}}, Document{{.id = "2"}}}, {Document{{.id = "3"}}, Document{{.id = "1"}}}, {Document{{.id = "4"}}}});
  EXPECT_EQ(ids(merged), (Ids{"1", "2", "3", "4"}));
}

TEST(Reduce, FieldsAreFilledNeverOverwritten) {
  Document first{{.id = "d", .uri = "u1", .tags = {{"a", 1.0}}}};
  first.parent_id = "p1";
  first.scores["x"] = {.value = 1};
  Document later{{.id = "d", .uri = "u2", .mime_type = "text/plain", .tags = {{"b", 2.0}}}};
  later.parent_id = "p2";
  later.offset = 3;
  later.modality = "m";
  later.location = {1, 2};
  later.scores["y"] = {.value = 2};
  later.evaluations["e"] = {.value = 3};
  DocumentArray merged{first};
  reduce(merged, {later});
  const Document& doc = merged[0];
  EXPECT_EQ(doc.uri, "u1");
  EXPECT_EQ(doc.mime_type, "text/plain");
  EXPECT_EQ(doc.parent_id, "p1");
  EXPECT_EQ(doc.tags, first.tags);
  EXPECT_EQ(doc.scores, first.scores);
  EXPECT_EQ(doc.evaluations, later.evaluations);
  EXPECT_EQ(doc.offset, 3.0f);
  EXPECT_EQ(doc.modality, "m");
  EXPECT_EQ(doc.location, later.location);
}

TEST(Reduce, AnotherKindOfContentReplacesTheOneThatIsThere) {
  DocumentArray merged{Document{{.id = "d", .text = "t"}}};
  reduce(merged, {Document{{.id = "d", .blob = Bytes::copy_of("b")}}});
  EXPECT_EQ(merged[0].blob().view(), "b");
  EXPECT_FALSE(merged[0].has_text());
  reduce(merged, {Document{{.id = "d", .blob = Bytes::copy_of("c")}}});
  EXPECT_EQ(merged[0].blob().view(), "b");
  reduce(merged, {Document{{.id = "d"}}});
  EXPECT_TRUE(merged[0].has_blob());
}

TEST(Reduce, ManyDocumentsWithLongIds) {
  DocumentArray first;
  DocumentArray second;
  for (int i = 0; i < 2000; ++i) {
    const std::string id = "a-rather-long-identifier-" + std::to_string(i);
    first.push_back(Document{{.id = id}});
    second.push_back(Document{{.id = i % 2 == 0 ? id : "other-" + id, .text = "x"}});
  }
  const DocumentArray merged = reduce_all({std::move(first), std::move(second)});
  EXPECT_EQ(merged.size(), 3000u);
  EXPECT_EQ(merged[0].text(), "x");
  EXPECT_EQ(merged[1].text(), "");
}

}  // namespace
}  // namespace jina

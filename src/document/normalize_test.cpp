// What decoding in Python does to a Document; the expected values are docarray 0.21.1's.
#include "document/normalize.hpp"

#include <gtest/gtest.h>

#include "document/document_codec.hpp"
#include "document/mime_types.hpp"
#include "wire/data_request.hpp"
#include "wire/golden_messages.hpp"

namespace jina {
namespace {

namespace recorded = testing_data;

Document named(std::string id) { return Document{{.id = std::move(id)}}; }

TEST(Normalize, ChunksAndMatchesFollowTheirDocument) {
  Document root = named("r");
  root.granularity = 4;
  root.adjacency = 2;
  root.chunks.push_back(named("c"));
  root.chunks[0].chunks.push_back(named("g"));
  root.chunks[0].matches.push_back(named("cm"));
  root.matches.push_back(named("m"));
  normalize_like_docarray(root);
  EXPECT_EQ(root.chunks[0].parent_id, "r");
  EXPECT_EQ(root.chunks[0].granularity, 5u);
  EXPECT_EQ(root.chunks[0].adjacency, 0u);
  // The inner ones were decoded before their own parent was counted.
  EXPECT_EQ(root.chunks[0].chunks[0].granularity, 1u);
  EXPECT_EQ(root.chunks[0].chunks[0].parent_id, "c");
  EXPECT_EQ(root.chunks[0].matches[0].adjacency, 1u);
  EXPECT_EQ(root.matches[0].adjacency, 3u);
  EXPECT_EQ(root.matches[0].parent_id, "");
}

TEST(Normalize, MimeTypes) {
  struct Case {
    const char* uri;
    const char* mime_type;
    const char* expected;
  };
  const Case cases[] = {
      {"a/b.png", "", "image/png"},
      {"data:text/plain,hi", "", "text/plain"},
      {"data:;base64,x", "", "text/plain"},
      {"data:image/png;base64,AA", "", "image/png"},
      {"data:nothing", "", ""},
      {"x.tar.gz", "", "application/x-tar"},
      {"x.tgz", "", "application/x-tar"},
      {"x.TXT", "", "text/plain"},
      {"x.svgz", "", "image/svg+xml"},
      {"x.pdf.gz", "", "application/pdf"},
      {"x.Z", "", ""},
      {"http://h/p.html?q=1", "", ""},
      {"http://h/p.html", "", "text/html"},
      {".png", "", ""},
      {"a.b/c", "", ""},
      {"x.unknown", "", ""},
      {"", "png", "image/png"},
      {"", "jpeg", "image/jpeg"},
      {"", "image/png", "image/png"},
      {"a.png", "text/plain", "text/plain"},
      {"a.png", "foo", "foo"},
  };
  for (const Case& c : cases) {
    Document doc{{.id = "d", .uri = c.uri, .mime_type = c.mime_type}};
    normalize_like_docarray(doc);
    EXPECT_EQ(doc.mime_type, c.expected) << c.uri << " " << c.mime_type;
  }
}

TEST(Normalize, EmptyThingsDisappear) {
  Document doc = Document::blank();
  doc.set_text("");
  doc.scores["none"] = {};
  doc.scores["some"] = {.op_name = "x"};
  doc.evaluations["none"] = {};
  doc.metadata.emplace();
  doc.embedding.emplace();
  normalize_like_docarray(doc);
  EXPECT_EQ(doc.id.size(), 32u);
  EXPECT_FALSE(doc.has_content());
  EXPECT_EQ(doc.scores.size(), 1u);
  EXPECT_TRUE(doc.evaluations.empty());
  EXPECT_FALSE(doc.metadata);
  EXPECT_FALSE(doc.embedding);
}

// What a real Executor received and what it answered.
TEST(Normalize, AsRecorded) {
  const auto docs = [](std::string_view hex) {
    return decode_documents(*wire::DataRequest::parse(Buffer::take(recorded::from_hex(hex))).value().data).value();
  };
  for (const auto& [request, reply] : {std::pair(recorded::kChunksMatchesUp0Req, recorded::kChunksMatchesUp0Resp),
                                       std::pair(recorded::kTensorEmptyUp0Req, recorded::kTensorEmptyUp0Resp),
                                       std::pair(recorded::kMimeGuessUp0Req, recorded::kMimeGuessUp0Resp)}) {
    DocumentArray documents = docs(request);
    normalize_like_docarray(documents);
    EXPECT_EQ(documents, docs(reply));
  }
}

}  // namespace
}  // namespace jina

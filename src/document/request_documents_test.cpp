#include "document/request_documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "document/wire_form.hpp"

namespace jina {
namespace {

using testing::HasSubstr;

DocumentArray two() {
  DocumentArray docs;
  docs.push_back(Document{{.id = "a", .text = "first"}});
  docs.push_back(Document{{.id = "b", .tags = {{"n", 1}}}});
  return docs;
}

DocumentArray sent(const wire::DataRequest& request) {
  return content_of(wire::DataRequest::parse(request.serialize()).value()).value().docs.value();
}

TEST(RequestDocuments, AreEncodedWhenSomebodyAsksForBytes) {
  wire::DataRequest request;
  EXPECT_FALSE(request.has_data());
  set_documents(request, two());
  EXPECT_TRUE(request.has_data());
  EXPECT_FALSE(request.data.has_value());
  const Buffer bytes = request.serialize();
  wire::DataRequest encoded;
  encoded.data = encode_documents(two());
  EXPECT_EQ(bytes.str(), encoded.serialize().str());
  EXPECT_EQ(request.serialize().str(), bytes.str()) << "again";
}

TEST(RequestDocuments, EmptyOnesAreAField) {
  wire::DataRequest request;
  set_documents(request, {});
  EXPECT_EQ(wire::DataRequest::parse(request.serialize()).value().data->str(), std::string("\x0a\x00", 2));
}

TEST(RequestDocuments, AreMovedOutOfTheOnlyRequestThatHasThem) {
  wire::DataRequest request;
  set_documents(request, two());
  const Document* place = decoded_documents(request)->data();
  const DataContent content = take_content(request).value();
  EXPECT_EQ(content.docs->data(), place);
  EXPECT_FALSE(request.has_data());
}

TEST(RequestDocuments, SharedOnesStayAsTheyAreForTheOthers) {
  wire::DataRequest request;
  set_documents(request, two());
  wire::DataRequest branch = request;
  EXPECT_EQ(decoded_documents(branch), decoded_documents(request)) << "branches share them";
  DataContent content = take_content(branch).value();
  content.docs->front().set_text("changed");
  EXPECT_FALSE(branch.has_data());
  EXPECT_EQ(decoded_documents(request)->front().text(), "first");
  EXPECT_EQ(sent(request).front().text(), "first");
}

TEST(RequestDocuments, OfAMessageAreDecoded) {
  wire::DataRequest request;
  request.data = encode_documents(two());
  EXPECT_EQ(decoded_documents(request), nullptr);
  EXPECT_EQ(content_of(request).value().docs->size(), 2u);
  EXPECT_TRUE(request.has_data());
  EXPECT_EQ(take_content(request).value().docs->size(), 2u);
  EXPECT_FALSE(request.has_data());
  EXPECT_FALSE(take_content(request).value().docs.has_value());
}

TEST(RequestDocuments, ThoseThatAreSetReplaceTheOthers) {
  wire::DataRequest request;
  request.data = encode_documents(two());
  set_documents(request, DocumentArray(1));
  EXPECT_EQ(sent(request).size(), 1u);
  set_encoded_documents(request, encode_documents(two()));
  EXPECT_EQ(sent(request).size(), 2u);
}

// Whoever gets them can not tell whether they were on a wire.
TEST(WireForm, IsWhatComesBackFromTheWire) {
  DocumentArray docs = two();
  docs[0].tags = {{"int", 1}, {"unsigned", std::uint64_t{7}}, {"list", {1, "x", {{"deep", -3}}}}, {"none", nullptr}};
  docs[0].metadata = boost::json::object{{"m", 2}};
  docs[0].chunks.push_back(Document{{.id = "c", .tags = {{"n", 5}}}});
  docs[1].matches.push_back(Document{{.id = "m", .tags = {{"n", 6}}}});
  const DocumentArray through = decode_documents(encode_documents(docs)).value();
  DocumentArray numbers = docs;
  numbers_as_on_wire(numbers);
  EXPECT_EQ(numbers, through);
  EXPECT_EQ(numbers[0].tags.at("int").kind(), boost::json::kind::double_);
  ASSERT_TRUE(bring_into_wire_form(docs).ok());
  EXPECT_EQ(docs, through);
  EXPECT_EQ(docs[0].chunks[0].tags.at("n").kind(), boost::json::kind::double_);
}

TEST(WireForm, RefusesWhatNobodyCouldRead) {
  DocumentArray docs = two();
  docs[1].set_text("\xff");
  EXPECT_THAT(bring_into_wire_form(docs).message, HasSubstr("Document 1: text"));
  docs = two();
  docs[0].tags["\xc0"] = 1;
  EXPECT_THAT(bring_into_wire_form(docs).message, HasSubstr("Document 0: tags"));
  docs = two();
  docs[0].scores["s"].op_name = "\xfe";
  EXPECT_THAT(bring_into_wire_form(docs).message, HasSubstr("scores"));
  docs = DocumentArray(1);
  for (Document* at = &docs[0]; docs[0].weight < 110; docs[0].weight += 1) at = &at->chunks.emplace_back();
  EXPECT_THAT(bring_into_wire_form(docs).message, HasSubstr("more than 100 levels"));
  EXPECT_FALSE(decode_documents(encode_documents(docs)).ok());
}

}  // namespace
}  // namespace jina

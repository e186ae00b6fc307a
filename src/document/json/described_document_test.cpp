// Documents as members and roots of described types.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <stdexcept>

#include "jina/described.hpp"
#include "jina/document.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

struct Ask {
  Document query;
  DocumentArray docs;
  std::optional<Document> extra;
  Defaulted<DocumentArray> more;
  std::map<std::string, Document> named = {{"a", Document{{.text = "x"}}}};
};
BOOST_DESCRIBE_STRUCT(Ask, (), (query, docs, extra, more, named))

std::string problems(const TypeInfo& type, void* into, const json::value& value) {
  std::vector<InputError> errors;
  const bool good = read(type, into, value, {}, {"body"}, errors);
  EXPECT_EQ(good, errors.empty());
  std::string all;
  for (const InputError& error : errors)
    all += (all.empty() ? "" : "; ") + json::serialize(error.location) + " " + error.message + " (" + error.type + ")";
  return all;
}

TEST(DescribedDocument, IsReadAsJinasServerReadsIt) {
  Ask ask;
  EXPECT_EQ(problems(type_of<Ask>(), &ask, json::parse(R"({
      "query":{"text":"hello","tags":{"n":1,"s":"x"},"embedding":[[1,2],[3,4]],"weight":"2.5","unknown":1},
      "docs":[{"id":"a","blob":"aGk=","chunks":[{"text":"c"}]},{}],
      "extra":null})")),
            "");
  EXPECT_EQ(ask.query.text(), "hello");
  EXPECT_EQ(ask.query.id.size(), 32u);
  EXPECT_EQ(ask.query.weight, 2.5F);
  EXPECT_EQ(ask.query.tags.at("s"), json::value("x"));
  ASSERT_TRUE(ask.query.embedding.has_value());
  EXPECT_EQ(ask.query.embedding->shape, (std::vector<std::uint32_t>{2, 2}));
  ASSERT_EQ(ask.docs.size(), 2u);
  EXPECT_EQ(ask.docs[0].blob().view(), "hi");
  EXPECT_EQ(ask.docs[0].chunks.at(0).parent_id, "a");
  EXPECT_FALSE(ask.extra.has_value());
}

TEST(DescribedDocument, ErrorsAreLocatedInTheWholeInput) {
  Ask ask;
  EXPECT_EQ(problems(type_of<Ask>(), &ask, json::parse(R"({"query":{"weight":"heavy"},
      "docs":[{"text":"a"},{"chunks":[{"granularity":[]},5]},null],"named":{"k":3}})")),
            R"(["body","query","weight"] value is not a valid float (type_error.float); )"
            R"(["body","docs",1,"chunks",0,"granularity"] value is not a valid integer (type_error.integer); )"
            R"(["body","docs",1,"chunks",1] value is not a valid dict (type_error.dict); )"
            R"(["body","docs",2] none is not an allowed value (type_error.none.not_allowed); )"
            R"(["body","named","k"] value is not a valid dict (type_error.dict))");
  EXPECT_EQ(problems(type_of<Ask>(), &ask, json::parse(R"({"query":null,"docs":{}})")),
            R"(["body","query"] none is not an allowed value (type_error.none.not_allowed); )"
            R"(["body","docs"] value is not a valid list (type_error.list))");
}

TEST(DescribedDocument, WhatJinaFailsOnIsTheSendersMistake) {
  Document document;
  const std::string problem = problems(type_of<Document>(), &document, json::parse(R"({"blob":"abc"})"));
  EXPECT_THAT(problem, HasSubstr(R"(["body"] blob: base64)"));
  EXPECT_THAT(problem, HasSubstr("(value_error)"));
}

TEST(DescribedDocument, IsRequiredUnlessItHasContent) {
  const std::vector<MemberFacts> members = members_of(type_of<Ask>());
  EXPECT_TRUE(members[0].required);
  EXPECT_TRUE(members[1].required);
  EXPECT_FALSE(members[2].required);
  EXPECT_FALSE(members[3].required);
  EXPECT_FALSE(members[4].required);
  Ask ask;
  EXPECT_EQ(problems(type_of<Ask>(), &ask, json::object()),
            R"(["body","query"] field required (value_error.missing); ["body","docs"] field required (value_error.missing))");
}

TEST(DescribedDocument, IsWrittenWithAllItsFields) {
  Document document{{.id = "a", .text = "hé"}};
  document.tags = {{"n", 1.0}};
  std::string text;
  write(type_of<Document>(), &document, text);
  EXPECT_EQ(
      text,
      R"({"id":"a","parent_id":null,"granularity":null,"adjacency":null,"blob":null,"tensor":null,"mime_type":null,)"
      R"("text":"hé","weight":null,"uri":null,"tags":{"n":1.0},"offset":null,"location":null,"embedding":null,"modality":null,)"
      R"("evaluations":null,"scores":null,"chunks":null,"matches":null})");
  EXPECT_EQ(to_json(document), json::parse(text));
  const DocumentArray documents = {document, document};
  std::string list;
  write(type_of<DocumentArray>(), &documents, list);
  EXPECT_EQ(list, "[" + text + "," + text + "]");
}

TEST(DescribedDocument, ComesBackUnchanged) {
  Document document{
      {.id = "a", .tensor = Tensor::of<double>(std::vector<double>{1, 2.5}), .tags = {{"x", json::array{"y", nullptr}}}}};
  document.chunks.push_back(Document{{.id = "c", .text = "chunk"}});
  std::string text;
  write(type_of<Document>(), &document, text);
  Document back;
  ASSERT_EQ(problems(type_of<Document>(), &back, json::parse(text)), "");
  EXPECT_EQ(back.tensor().copy_as<double>(), (std::vector<double>{1, 2.5}));
  EXPECT_EQ(back.tags, document.tags);
  EXPECT_EQ(back.chunks.at(0).text(), "chunk");
}

TEST(DescribedDocument, WhatJsonCanNotSayIsAnError) {
  Document document;
  document.weight = std::numeric_limits<float>::infinity();
  std::string text;
  EXPECT_THROW(write(type_of<Document>(), &document, text), std::domain_error);
  EXPECT_THROW(to_json(document), std::domain_error);
}

namespace taken {
struct Document {
  int number = 1;
};
BOOST_DESCRIBE_STRUCT(Document, (), (number))
}  // namespace taken

TEST(DescribedDocument, HasASchema) {
  json::object components;
  schema(type_of<Ask>(), components);
  const json::object& properties = components.at("Ask").at("properties").as_object();
  EXPECT_EQ(properties.at("query"), json::parse(R"({"$ref":"#/components/schemas/Document"})"));
  EXPECT_EQ(properties.at("docs").at("items"), properties.at("query"));
  const json::object& document = components.at("Document").as_object();
  EXPECT_EQ(document.at("properties").as_object().size(), 19u);
  EXPECT_EQ(document.at("properties").at("chunks").at("items"), properties.at("query"));
  EXPECT_FALSE(document.contains("required"));

  json::object others;
  schema(type_of<taken::Document>(), others);
  EXPECT_EQ(schema(type_of<Document>(), others), json::parse(R"({"$ref":"#/components/schemas/JinaDocument"})"));
  EXPECT_EQ(schema(type_of<Document>(), others), json::parse(R"({"$ref":"#/components/schemas/JinaDocument"})"));
}

}  // namespace
}  // namespace jina::described

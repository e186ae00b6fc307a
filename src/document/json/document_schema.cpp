#include "document/json/document_schema.hpp"

#include <boost/json/array.hpp>
#include <string>
#include <string_view>

namespace jina::pyjson {
namespace {

namespace json = boost::json;

// All members may be null: so they are in answers when they are not set.
json::object titled(std::string_view title, json::object schema) {
  schema["type"] = json::array{schema.at("type"), "null"};
  schema["title"] = title;
  return schema;
}

json::object make(const std::string& reference) {
  const json::object text = {{"type", "string"}};
  const json::object integer = {{"type", "integer"}};
  const json::object number = {{"type", "number"}};
  const json::object array = {{"type", "array"}, {"items", json::object()}};  // numbers in nested lists
  const json::object numbers = {{"type", "array"}, {"items", number}};
  const json::object documents = {{"type", "array"}, {"items", {{"$ref", reference}}}};
  const json::object score = {{"type", "object"},
                              {"properties",
                               {{"value", titled("Value", number)},
                                {"op_name", titled("Op Name", text)},
                                {"description", titled("Description", text)},
                                {"ref_id", titled("Ref Id", text)}}}};
  const json::object scores = {{"type", "object"}, {"additionalProperties", score}};
  json::object blob = titled("Blob", text);
  blob["format"] = "byte";
  json::object properties = {{"id", titled("Id", text)},
                             {"parent_id", titled("Parent Id", text)},
                             {"granularity", titled("Granularity", integer)},
                             {"adjacency", titled("Adjacency", integer)},
                             {"blob", std::move(blob)},
                             {"tensor", titled("Tensor", array)},
                             {"mime_type", titled("Mime Type", text)},
                             {"text", titled("Text", text)},
                             {"weight", titled("Weight", number)},
                             {"uri", titled("Uri", text)},
                             {"tags", titled("Tags", {{"type", "object"}})},
                             {"offset", titled("Offset", number)},
                             {"location", titled("Location", numbers)},
                             {"embedding", titled("Embedding", array)},
                             {"modality", titled("Modality", text)},
                             {"evaluations", titled("Evaluations", scores)},
                             {"scores", titled("Scores", scores)},
                             {"chunks", titled("Chunks", documents)},
                             {"matches", titled("Matches", documents)}};
  return {{"properties", std::move(properties)}, {"type", "object"}, {"title", "Document"}};
}

}  // namespace

json::value document_schema(json::object& components) {
  for (const std::string_view name : {"Document", "JinaDocument"}) {
    const std::string reference = "#/components/schemas/" + std::string(name);
    json::object schema = make(reference);
    const json::value* there = components.if_contains(name);
    if (there != nullptr && *there != schema) continue;
    components[name] = std::move(schema);
    return {{"$ref", reference}};
  }
  return json::object();  // both names are taken by others: any object
}

}  // namespace jina::pyjson

#include "executor/endpoint_schemas.hpp"

#include <boost/json/object.hpp>

#include "document/struct_codec.hpp"
#include "wire/pb_writer.hpp"

namespace jina {
namespace {

namespace json = boost::json;

json::object typed(const char* type) { return {{"type", type}}; }

json::object list_of(json::object items) { return {{"type", "array"}, {"items", std::move(items)}}; }

// The JSON schema of docarray v1's Document; the name is the one that Jina's peers know it by.
json::object document_schema() {
  json::object properties;
  for (const char* name : {"id", "parent_id", "blob", "mime_type", "text", "uri", "modality"}) properties[name] = typed("string");
  for (const char* name : {"granularity", "adjacency"}) properties[name] = typed("integer");
  for (const char* name : {"weight", "offset"}) properties[name] = typed("number");
  for (const char* name : {"tags", "evaluations", "scores"}) properties[name] = typed("object");
  for (const char* name : {"tensor", "embedding"}) properties[name] = json::object{};
  properties["location"] = list_of(typed("number"));
  for (const char* name : {"chunks", "matches"}) properties[name] = list_of({{"$ref", "#/definitions/PydanticDocument"}});
  return {{"$ref", "#/definitions/PydanticDocument"},
          {"definitions",
           {{"PydanticDocument", {{"title", "PydanticDocument"}, {"type", "object"}, {"properties", std::move(properties)}}}}}};
}

}  // namespace

Buffer encode_endpoints(const std::vector<std::string>& paths, const std::string& dry_run) {
  std::vector<std::string> all = paths;
  all.push_back(dry_run);
  const json::object side = {{"name", "PydanticDocument"}, {"model", document_schema()}};
  json::object schemas;
  for (const std::string& path : all) {
    schemas[path] = {{"input", side}, {"output", side}, {"is_generator", false}, {"is_singleton_doc", false}, {"parameters", json::object{}}};
  }
  std::string message;
  wire::PbWriter writer(message);
  for (const std::string& path : all) writer.bytes(1, path);
  writer.bytes(3, encode_struct(schemas));
  return Buffer::take(std::move(message));
}

}  // namespace jina

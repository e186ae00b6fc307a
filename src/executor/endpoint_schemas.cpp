#include "executor/endpoint_schemas.hpp"

#include <boost/json/object.hpp>
#include <cctype>

#include "document/struct_codec.hpp"
#include "wire/pb_writer.hpp"

namespace jina {
namespace {

namespace json = boost::json;

json::object typed(const char* type) { return {{"type", type}}; }
json::object reference(const char* name) { return {{"$ref", std::string("#/definitions/") + name}}; }
json::object list_of(json::object items) { return {{"type", "array"}, {"items", std::move(items)}}; }
json::object map_of(json::object values) { return {{"type", "object"}, {"additionalProperties", std::move(values)}}; }

// "parent_id" -> "Parent Id".
std::string title_of(std::string_view name) {
  std::string title;
  bool begins = true;
  for (const char c : name) {
    title += c == '_' ? ' ' : begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    begins = c == '_';
  }
  return title;
}

void add_property(json::object& properties, std::string_view name, json::object schema) {
  schema["title"] = title_of(name);
  properties[name] = std::move(schema);
}

// What a tag may be: a scalar, a list, an object, to the depth that Jina's schema spells out.
json::object tag_schema() {
  const json::array scalars = {typed("boolean"), typed("number"), typed("string")};
  json::array leaf = scalars;
  leaf.push_back(list_of({}));
  leaf.push_back(typed("object"));
  json::array value = leaf;
  value.push_back(list_of({{"anyOf", leaf}}));
  value.push_back(map_of({{"anyOf", leaf}}));
  return {{"anyOf", value}};
}

json::object score_schema() {
  json::object properties;
  add_property(properties, "value", typed("number"));
  for (const char* name : {"op_name", "description", "ref_id"}) add_property(properties, name, typed("string"));
  return {{"title", "_NamedScore"}, {"type", "object"}, {"properties", std::move(properties)}};
}

// The JSON schema of docarray v1's Document; the name is the one that Jina's peers know it by.
json::object document_schema() {
  json::object properties;
  for (const char* name : {"id", "parent_id", "blob", "mime_type", "text", "uri", "modality"})
    add_property(properties, name, typed("string"));
  for (const char* name : {"granularity", "adjacency"}) add_property(properties, name, typed("integer"));
  for (const char* name : {"weight", "offset"}) add_property(properties, name, typed("number"));
  for (const char* name : {"tensor", "embedding"}) add_property(properties, name, {});
  for (const char* name : {"evaluations", "scores"}) add_property(properties, name, map_of(reference("_NamedScore")));
  for (const char* name : {"chunks", "matches"}) add_property(properties, name, list_of(reference("PydanticDocument")));
  add_property(properties, "location", list_of(typed("number")));
  add_property(properties, "tags", map_of(tag_schema()));
  const json::object document = {{"title", "PydanticDocument"}, {"type", "object"}, {"properties", std::move(properties)}};
  json::object schema = reference("PydanticDocument");
  schema["definitions"] = {{"PydanticDocument", document}, {"_NamedScore", score_schema()}};
  return schema;
}

}  // namespace

Buffer encode_endpoints(const std::vector<EndpointSchema>& endpoints) {
  const json::object side = {{"name", "PydanticDocument"}, {"model", document_schema()}};
  json::object schemas;
  for (const EndpointSchema& endpoint : endpoints)
    schemas[endpoint.path] = {{"input", side},
                              {"output", side},
                              {"is_generator", endpoint.is_generator},
                              {"is_singleton_doc", endpoint.takes_one},
                              {"parameters", json::object{}}};
  std::string message;
  wire::PbWriter writer(message);
  for (const EndpointSchema& endpoint : endpoints) writer.bytes(1, endpoint.path);
  writer.bytes(3, encode_struct(schemas));
  return Buffer::take(std::move(message));
}

}  // namespace jina

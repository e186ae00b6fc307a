#include "executor/http/executor_openapi.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "document/json/document_schema.hpp"
#include "jina/version.hpp"

namespace jina {
namespace {

namespace json = boost::json;

json::object content(const char* type, json::value schema) { return {{"content", {{type, {{"schema", std::move(schema)}}}}}}; }

json::object answer(const char* description, json::object with = {}) {
  with["description"] = description;
  return with;
}

// "/a/b" -> "a_b".
std::string word_of(const std::string& path) {
  std::string word = path.substr(1);
  for (char& c : word)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return word;
}

}  // namespace

std::string write_openapi(const std::string& title, const std::vector<HttpEndpoint>& endpoints) {
  json::object schemas;
  const json::value document = pyjson::document_schema(schemas);
  const json::object documents = {{"type", "array"}, {"items", document}};
  const json::object any = {{"type", "object"}};
  const json::object one_or_more = {{"anyOf", json::array{documents, document}}};
  schemas["ExecutorRequest"] = {
      {"type", "object"}, {"required", {"data"}}, {"properties", {{"data", one_or_more}, {"parameters", any}, {"header", any}}}};
  schemas["ExecutorResponse"] = {{"type", "object"}, {"properties", {{"data", documents}, {"parameters", any}}}};
  const auto reference = [](const char* name) { return json::object{{"$ref", std::string("#/components/schemas/") + name}}; };
  json::object paths;
  for (const HttpEndpoint& endpoint : endpoints) {
    json::object operation;
    operation["summary"] = (endpoint.streams ? "Streaming Endpoint " : "Endpoint ") + endpoint.path;
    operation["operationId"] = (endpoint.streams ? "stream_" : "post_") + word_of(endpoint.path);
    if (endpoint.streams) {
      operation["requestBody"] = content("application/json", document);
      operation["responses"] = {{"200", answer("Documents as events", content("text/event-stream", any))},
                                {"422", answer("Input that is wrong")}};
    } else {
      json::object body = content("application/json", reference("ExecutorRequest"));
      body["required"] = true;
      operation["requestBody"] = std::move(body);
      operation["responses"] = {{"200", answer("Successful Response", content("application/json", reference("ExecutorResponse")))},
                                {"422", answer("Input that is wrong")},
                                {"499", answer("The Executor raised")}};
    }
    paths[endpoint.path] = json::object{{endpoint.streams ? "get" : "post", std::move(operation)}};
  }
  paths["/"] = json::object{{"get", json::object{{"summary", "Get the health of Jina Executor service"},
                                                 {"operationId", "health"},
                                                 {"responses", {{"200", answer("Healthy")}, {"503", answer("Not healthy")}}}}}};
  return json::serialize(json::object{{"openapi", "3.1.0"},
                                      {"info", {{"title", title}, {"version", JINA_VERSION}}},
                                      {"paths", std::move(paths)},
                                      {"components", {{"schemas", std::move(schemas)}}}});
}

}  // namespace jina

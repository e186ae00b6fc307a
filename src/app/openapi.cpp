#include "app/openapi.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

#include "app/openapi_nulls.hpp"
#include "document/json/json_text.hpp"

namespace jina::app {
namespace {

namespace json = boost::json;

constexpr std::string_view kValidationSchemas = R"json({
"HTTPValidationError": {
  "properties": {"detail": {"items": {"$ref": "#/components/schemas/ValidationError"}, "type": "array", "title": "Detail"}},
  "type": "object", "title": "HTTPValidationError"},
"ValidationError": {
  "properties": {
    "loc": {"items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}, "type": "array", "title": "Location"},
    "msg": {"type": "string", "title": "Message"},
    "type": {"type": "string", "title": "Error Type"},
    "ctx": {"type": "object", "title": "Context"}},
  "type": "object", "required": ["loc", "msg", "type"], "title": "ValidationError"}
})json";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// What a path of the document can have; other methods are served and not described.
bool is_described_method(std::string_view method) {
  constexpr std::array<std::string_view, 8> kMethods{"get", "put", "post", "delete", "options", "head", "patch", "trace"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

// What is there stays.
void add_missing(json::object& to, const json::object& from) {
  for (const auto& entry : from)
    if (!to.contains(entry.key())) to[entry.key()] = entry.value();
}

json::object& path_item(json::object& paths, const std::string& path) {
  json::value& item = paths[path];
  if (!item.is_object()) item = json::object{};
  return item.get_object();
}

void add_routes(const AppState& app, json::object& paths, json::object& components) {
  for (const RouteInfo* route : app.in_order) {
    if (route->hidden || route->methods.empty()) continue;
    bool first = true;
    for (const std::string& upper : route->methods) {
      const std::string method = lower(upper);
      if (!is_described_method(method)) continue;
      json::object operation = openapi_operation(*route, method, components);
      // An id that the user chose is for one operation only.
      if (!route->operation_id.empty() && !std::exchange(first, false))
        operation["operationId"] = route->operation_id + "_" + method;
      path_item(paths, route->pattern.openapi())[method] = std::move(operation);
    }
  }
}

// What bodies of requests and answers are made of.
std::vector<const described::TypeInfo*> body_types(const AppState& app) {
  std::vector<const described::TypeInfo*> types;
  for (const RouteInfo* route : app.in_order) {
    if (route->hidden || route->methods.empty()) continue;
    for (const RouteInput& input : route->inputs)
      if (input.info.source == Source::kJson || input.info.source == Source::kForm) types.push_back(input.info.type);
    if (route->operation.output.type != nullptr) types.push_back(route->operation.output.type);
    for (const DocumentedResponse& response : route->responses)
      if (response.type != nullptr) types.push_back(response.type);
  }
  return types;
}

void add_builtin(std::span<const BuiltinRoute> builtin, json::object& paths) {
  for (const BuiltinRoute& route : builtin) {
    if (route.summary.empty()) continue;
    for (const std::string& upper : route.methods) {
      const std::string method = lower(upper);
      json::object& item = path_item(paths, route.path);
      if (item.contains(method) || !is_described_method(method)) continue;
      const json::object content{{"application/json", json::object{{"schema", json::object{}}}}};
      const json::object answer{{"description", "Successful Response"}, {"content", content}};
      item[method] = json::object{{"summary", route.summary},
                                  {"operationId", openapi_operation_id("", route.path, method)},
                                  {"responses", json::object{{"200", answer}}}};
    }
  }
}

void add_fallback(const json::object& extra, json::object& paths) {
  for (const auto& entry : extra)
    if (entry.value().is_object()) add_missing(path_item(paths, std::string(entry.key())), entry.value().get_object());
}

bool refers_to_validation(const json::object& paths) {
  std::string text;
  jina::json::append_object(text, paths);
  return text.find("/HTTPValidationError") != std::string::npos;
}

json::object info_of(const AppState& app, const AppEnvironment& environment) {
  const auto either = [](const std::string& first, const std::string& second) { return first.empty() ? second : first; };
  json::object info{{"title", either(app.title, environment.title)}};
  if (const std::string text = either(app.description, environment.description); !text.empty()) info["description"] = text;
  info["version"] = either(either(app.version, environment.version), "0.1.0");
  return info;
}

}  // namespace

std::string openapi_operation_id(const std::string& name, const std::string& path, const std::string& method) {
  std::string id = name + path;
  for (char& c : id)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  if (name.empty()) id.erase(0, id.find_first_not_of('_'));
  return (id.empty() ? "root" : id) + "_" + method;
}

std::string make_openapi(const AppState& app, const AppEnvironment& environment, std::span<const BuiltinRoute> builtin) {
  json::object paths, components;
  add_routes(app, paths, components);
  allow_nulls(body_types(app), components);
  add_builtin(builtin, paths);
  add_fallback(environment.extra_paths, paths);
  add_missing(components, environment.extra_schemas);
  if (refers_to_validation(paths)) add_missing(components, json::parse(kValidationSchemas).get_object());

  json::array tags;
  for (const auto& [name, description] : app.tags) tags.push_back(json::object{{"name", name}, {"description", description}});
  tags.insert(tags.end(), environment.extra_tags.begin(), environment.extra_tags.end());

  json::object document{{"openapi", "3.1.0"}, {"info", info_of(app, environment)}, {"paths", std::move(paths)}};
  if (!components.empty()) document["components"] = json::object{{"schemas", std::move(components)}};
  if (!tags.empty()) document["tags"] = std::move(tags);
  std::string text;
  jina::json::append_object(text, document);
  return text;
}

}  // namespace jina::app

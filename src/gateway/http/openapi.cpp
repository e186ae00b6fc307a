#include "gateway/http/openapi.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace jina::gateway {
namespace {

namespace json = boost::json;

std::string operation_id(const Route& route, const std::string& method, bool first) {
  if (!route.operation_id.empty()) return first ? route.operation_id : route.operation_id + "_" + method;
  std::string id = route.name + route.path;
  for (char& c : id)
    if (!(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_')) c = '_';
  return id + "_" + method;
}

json::object json_content(std::string_view schema) {
  const json::object reference{{"$ref", "#/components/schemas/" + std::string(schema)}};
  return json::object{{"application/json", json::object{{"schema", reference}}}};
}

json::object answer(std::string_view description, std::string_view schema) {
  return json::object{{"description", description}, {"content", json_content(schema)}};
}

json::object detail_answer(std::string_view description) {
  const json::object schema{{"type", "object"},
                            {"required", json::array{"detail"}},
                            {"properties", json::object{{"detail", json::object{{"type", "string"}}}}}};
  return json::object{{"description", description},
                      {"content", json::object{{"application/json", json::object{{"schema", schema}}}}}};
}

json::object data_responses(const Route& route) {
  const std::string_view success =
      route.response_description.empty() ? "The Documents as the Flow left them" : std::string_view(route.response_description);
  const json::object plain{{"description", "The gateway could not make an answer"},
                           {"content", json::object{{"text/plain", json::object{{"schema", json::object{{"type", "string"}}}}}}}};
  return json::object{
      {std::to_string(route.success_status), answer(success, "JinaResponseModel")},
      {"400", detail_answer("The body is not UTF-8")},
      {"415", detail_answer("The body is compressed")},
      {"422", answer("The body is not what this route takes; `detail` names the place", "HTTPValidationError")},
      {"500", plain},
      {"503", answer("An Executor could not be reached; `header.status` says which", "JinaResponseModel")},
      {"504", answer("An Executor did not answer in time; `header.status` says which", "JinaResponseModel")},
  };
}

// The texts of a Document that a query may have, for pages that can send no body with a GET.
json::array document_query() {
  json::array parameters;
  for (const char* name : {"text", "uri", "id"})
    parameters.push_back(
        json::object{{"name", name}, {"in", "query"}, {"required", false}, {"schema", json::object{{"type", "string"}}}});
  return parameters;
}

json::object stream_responses() {
  const json::object events{{"text/event-stream", json::object{{"schema", json::object{{"type", "string"}}}}}};
  return json::object{
      {"200", json::object{{"description", "Documents as events"}, {"content", events}}},
      {"400", detail_answer("The endpoint does not stream any more")},
      {"415", detail_answer("The body is compressed")},
      {"422", answer("The Document is not one; `detail` names the place", "HTTPValidationError")},
      {"499", detail_answer("The Executor raised before its first Document")},
      {"503", detail_answer("The Executor could not be reached; `detail` says which")},
      {"504", detail_answer("The Executor did not answer in time; `detail` says which")},
  };
}

json::object operation(const Route& route, const std::string& method, bool first) {
  json::object op;
  if (!route.tags.empty()) {
    json::array tags;
    for (const auto& tag : route.tags) tags.emplace_back(tag);
    op["tags"] = std::move(tags);
  }
  op["summary"] = route.summary;
  if (!route.description.empty()) op["description"] = route.description;
  op["operationId"] = operation_id(route, method, first);
  if (route.deprecated) op["deprecated"] = true;
  switch (route.kind) {
    case RouteKind::kPost:
    case RouteKind::kEndpoint: {
      const std::string_view body = route.kind == RouteKind::kPost ? "JinaEndpointRequestModel" : "JinaRequestModel";
      op["requestBody"] = json::object{{"content", json_content(body)}, {"required", true}};
      op["responses"] = data_responses(route);
      break;
    }
    case RouteKind::kStream:
      op["parameters"] = document_query();
      op["requestBody"] = json::object{{"content", json_content("PydanticDocument")}};
      op["responses"] = stream_responses();
      break;
    case RouteKind::kDryRun: op["responses"] = json::object{{"200", answer("The verdict; look at `code`", "StatusProto")}}; break;
    case RouteKind::kStatus: op["responses"] = json::object{{"200", answer("Versions and environment", "JinaInfoModel")}}; break;
    default: op["responses"] = json::object{{"200", answer("The gateway is alive", "JinaHealthModel")}}; break;
  }
  return op;
}

bool has_tag(std::span<const Route> routes, std::string_view tag) {
  return std::any_of(routes.begin(), routes.end(), [tag](const Route& route) {
    return std::find(route.tags.begin(), route.tags.end(), tag) != route.tags.end();
  });
}

}  // namespace

std::string description_of(const GatewayOptions& options) {
  if (!options.description.empty()) return options.description;
  std::string over;
  for (std::size_t i = 0; i < options.protocols.size(); ++i) {
    const Protocol protocol = options.protocols[i];
    over += i == 0 ? "" : i + 1 == options.protocols.size() ? " and " : ", ";
    over += protocol == Protocol::kGrpc ? "gRPC" : protocol == Protocol::kHttp ? "HTTP" : "WebSocket";
  }
  const bool shared = options.protocols.size() > 1 && options.ports.size() == 1;
  return "Sends Documents through this Flow over " + over + (shared ? " on one port." : ".");
}

json::object openapi_document(const GatewayOptions& options, std::span<const Route> routes) {
  json::object paths;
  for (const Route& route : routes) {
    if (!route.in_schema) continue;
    json::value& path = paths[route.path];
    if (!path.is_object()) path = json::object{};
    bool first = true;
    for (std::string method : route.methods) {
      std::transform(method.begin(), method.end(), method.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      // The first route with this path and method is the one that is served.
      if (!path.as_object().contains(method)) path.as_object()[method] = operation(route, method, std::exchange(first, false));
    }
  }

  json::object info{{"title", options.title}};
  info["description"] = description_of(options);
  info["version"] = kJinaProtocolVersion;

  json::array tags;
  if (has_tag(routes, "Debug"))
    tags.push_back(
        json::object{{"name", "Debug"}, {"description", "For development; `--no-debug-endpoints` removes these routes."}});
  if (has_tag(routes, "CRUD"))
    tags.push_back(json::object{
        {"name", "CRUD"}, {"description", "One route for each of four usual endpoints; `--no-crud-endpoints` removes them."}});

  json::object document{{"openapi", "3.1.0"},
                        {"info", std::move(info)},
                        {"paths", std::move(paths)},
                        {"components", json::object{{"schemas", openapi_schemas()}}}};
  if (!tags.empty()) document["tags"] = std::move(tags);
  return document;
}

std::string make_openapi(const GatewayOptions& options, std::span<const Route> routes) {
  return json::serialize(openapi_document(options, routes));
}

}  // namespace jina::gateway

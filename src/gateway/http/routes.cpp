#include "gateway/http/routes.hpp"

#include <spdlog/spdlog.h>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>

#include "app/docs_assets.hpp"
#include "app/document_input.hpp"

namespace jina::gateway {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse(const std::string& endpoint, const std::string& what) {
  throw std::invalid_argument("--expose-endpoints: \"" + endpoint + "\": " + what);
}

std::string text_of(const std::string& endpoint, const json::key_value_pair& entry) {
  if (const auto* text = entry.value().if_string()) return std::string(*text);
  refuse(endpoint, "\"" + std::string(entry.key()) + "\" must be a string, not " + json::serialize(entry.value()));
}

std::vector<std::string> texts_of(const std::string& endpoint, const json::key_value_pair& entry) {
  const auto* list = entry.value().if_array();
  std::vector<std::string> texts;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
    if (const auto* text = (*list)[i].if_string()) texts.emplace_back(*text);
  if (list == nullptr || texts.size() != list->size())
    refuse(endpoint, "\"" + std::string(entry.key()) + "\" must be a list of strings, not " + json::serialize(entry.value()));
  return texts;
}

bool flag_of(const std::string& endpoint, const json::key_value_pair& entry) {
  if (const auto* flag = entry.value().if_bool()) return *flag;
  refuse(endpoint, "\"" + std::string(entry.key()) + "\" must be true or false, not " + json::serialize(entry.value()));
}

int status_of(const std::string& endpoint, const json::key_value_pair& entry) {
  const auto* code = entry.value().if_int64();
  if (code == nullptr || *code < 200 || *code > 599)
    refuse(endpoint, "\"status_code\" must be a number from 200 to 599, not " + json::serialize(entry.value()));
  return static_cast<int>(*code);
}

std::vector<std::string> methods_of(const std::string& endpoint, const json::key_value_pair& entry) {
  auto methods = texts_of(endpoint, entry);
  if (methods.empty()) refuse(endpoint, "\"methods\" is empty; name at least one, for example [\"POST\"]");
  for (auto& method : methods)
    std::transform(method.begin(), method.end(), method.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return methods;
}

Route exposed_route(const std::string& endpoint, const json::object& settings) {
  Route route{
      .kind = RouteKind::kEndpoint, .path = endpoint, .methods = {"POST"}, .exec_endpoint = endpoint, .tags = {"Customized"}};
  for (const auto& entry : settings) {
    const std::string_view key = entry.key();
    if (entry.value().is_null()) continue;
    // Jina documents `path` but takes only `http_path`.
    if (key == "http_path" || key == "path")
      route.path = text_of(endpoint, entry);
    else if (key == "methods")
      route.methods = methods_of(endpoint, entry);
    else if (key == "summary")
      route.summary = text_of(endpoint, entry);
    else if (key == "description")
      route.description = text_of(endpoint, entry);
    else if (key == "response_description")
      route.response_description = text_of(endpoint, entry);
    else if (key == "operation_id")
      route.operation_id = text_of(endpoint, entry);
    else if (key == "tags")
      route.tags = texts_of(endpoint, entry);
    else if (key == "status_code")
      route.success_status = status_of(endpoint, entry);
    else if (key == "deprecated")
      route.deprecated = flag_of(endpoint, entry);
    else if (key == "include_in_schema")
      route.in_schema = flag_of(endpoint, entry);
    else
      spdlog::warn("--expose-endpoints: \"{}\": \"{}\" has no meaning here and is ignored", endpoint, key);
  }
  if (route.path.empty() || route.path.front() != '/')
    refuse(endpoint, "the HTTP path \"" + route.path + "\" must start with \"/\"; set \"http_path\"");
  route.name = route.path;
  if (route.summary.empty()) route.summary = "Send Documents to " + endpoint;
  return route;
}

void add_debug_routes(std::vector<Route>& routes) {
  routes.push_back({.kind = RouteKind::kDryRun,
                    .path = "/dry_run",
                    .methods = {"GET"},
                    .name = "_flow_health",
                    .summary = "Ask whether the whole Flow answers",
                    .description =
                        "Sends a request without Documents through all Executors. The answer is 200 in any case: `code` is 0 "
                        "when they were reached and 1 when one of them was not."});
  routes.push_back({.kind = RouteKind::kStatus,
                    .path = "/status",
                    .methods = {"GET"},
                    .name = "_status",
                    .summary = "Versions and environment of this gateway",
                    .tags = {"Debug"}});
  routes.push_back({.kind = RouteKind::kPost,
                    .path = "/post",
                    .methods = {"POST"},
                    .name = "post",
                    .summary = "Send Documents to the endpoint named in the body",
                    .description = "`execEndpoint` says which endpoint of the Executors serves the request."});
}

void add_crud_routes(std::vector<Route>& routes) {
  struct Crud {
    const char* path;
    const char* method;
  };
  for (const Crud& crud : {Crud{"/index", "POST"}, Crud{"/search", "POST"}, Crud{"/delete", "DELETE"}, Crud{"/update", "PUT"}}) {
    const std::string path = crud.path;
    routes.push_back({.kind = RouteKind::kEndpoint,
                      .path = path,
                      .methods = {crud.method},
                      .exec_endpoint = path,
                      .name = "_" + path.substr(1),
                      .summary = "Send Documents to " + path,
                      .description = "The Executors that serve `" + path + "` answer.",
                      .tags = {"CRUD"}});
  }
}

void add_page_routes(std::vector<Route>& routes) {
  const std::vector<std::string> methods{"GET", "HEAD"};
  routes.push_back({.kind = RouteKind::kOpenApi, .path = "/openapi.json", .methods = methods, .in_schema = false});
  routes.push_back({.kind = RouteKind::kSwagger, .path = "/docs", .methods = methods, .in_schema = false});
  routes.push_back({.kind = RouteKind::kSwaggerOAuth, .path = "/docs/oauth2-redirect", .methods = methods, .in_schema = false});
  routes.push_back({.kind = RouteKind::kRedoc, .path = "/redoc", .methods = methods, .in_schema = false});
  for (const app::DocsAsset& asset : app::docs_assets())
    routes.push_back({.kind = RouteKind::kAsset, .path = std::string(asset.path), .methods = methods, .in_schema = false});
}

bool has_get(const std::vector<Route>& routes, std::string_view path) {
  return std::any_of(routes.begin(), routes.end(), [path](const Route& route) {
    return route.path == path && std::find(route.methods.begin(), route.methods.end(), "GET") != route.methods.end();
  });
}

}  // namespace

std::vector<Route> make_routes(const GatewayOptions& options, PortRole role) {
  std::vector<Route> routes;
  add_page_routes(routes);
  if (role.http) {
    if (!options.no_debug_endpoints) add_debug_routes(routes);
    if (!options.no_crud_endpoints) add_crud_routes(routes);
    for (const auto& entry : options.expose_endpoints) {
      const std::string endpoint(entry.key());
      const auto* settings = entry.value().if_object();
      if (settings == nullptr)
        refuse(endpoint, "must be an object such as {\"methods\": [\"POST\"]}, not " + json::serialize(entry.value()));
      routes.push_back(exposed_route(endpoint, *settings));
    }
  } else {
    // A port for WebSocket alone has the two questions about health, whatever the flags say, and nothing that takes Documents.
    add_debug_routes(routes);
    routes.pop_back();
  }
  // What orchestrators ask. Real Jina has neither, and they are no part of the interface that /openapi.json describes.
  if (!has_get(routes, "/livez"))
    routes.push_back({.kind = RouteKind::kLive, .path = "/livez", .methods = {"GET", "HEAD"}, .in_schema = false});
  if (!has_get(routes, "/readyz"))
    routes.push_back({.kind = RouteKind::kReady, .path = "/readyz", .methods = {"GET", "HEAD"}, .in_schema = false});
  if (!has_get(routes, "/"))
    routes.push_back({.kind = RouteKind::kRoot,
                      .path = "/",
                      .methods = {"GET"},
                      .name = "_gateway_health",
                      .summary = "Ask whether the gateway is alive",
                      .description = "Answers 200 without looking at the Executors."});
  return routes;
}

Route stream_route(const std::string& endpoint) {
  return {.kind = RouteKind::kStream,
          .path = app::endpoint_path(endpoint),
          .methods = {"GET"},
          .exec_endpoint = endpoint,
          .name = "streaming_get",
          .summary = "Stream what " + endpoint + " answers to one Document",
          .description =
              "Server-sent events: `update` with a Document each, then `end`; `error` when something goes wrong on the way. "
              "The Document is the body, or, with its texts, the query."};
}

}  // namespace jina::gateway

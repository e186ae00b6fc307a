// The OpenAPI 3.1 document of an App, made from the types of its handlers, in the shape FastAPI gives it.
//
// Thread: free functions. Lifetime: keep nothing. Cancellation: none.
#pragma once
#include <span>
#include <string>

#include "app/app_handler.hpp"

namespace jina::app {

/// As JSON text: routes in the order they were added, then the built-in ones that have a summary, then those of the fallback
/// (environment.extra_paths).
std::string make_openapi(const AppState& app, const AppEnvironment& environment, std::span<const BuiltinRoute> builtin);

/// The description of one method of a route; schemas go to `components`.
boost::json::object openapi_operation(const RouteInfo& route, const std::string& method, boost::json::object& components);

/// "items__id__get", "put_item_items__id__put" for a route with a name.
std::string openapi_operation_id(const std::string& name, const std::string& path, const std::string& method);

}  // namespace jina::app

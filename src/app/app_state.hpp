// AppState: what an App holds: settings, routes, middleware, error handlers, mounted Apps. The routes of mounted Apps are in the
// routers of the outermost one, under their full paths, so that finding a route is one walk.
//
// Thread: filled at setup, constant afterwards. Lifetime: owned by its App. Cancellation: none.
#pragma once
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/router.hpp"
#include "jina/app.hpp"

namespace jina::app {

struct AppState {
  AppState* parent = nullptr;  ///< null: the outermost
  std::string prefix{};        ///< full: "/v2"; "" for the outermost
  std::deque<RouteInfo> routes{};
  std::vector<Middleware> middleware{};        ///< outermost first
  std::vector<ErrorHandler> error_handlers{};  ///< what derives before what it derives from
  std::vector<std::unique_ptr<App>> mounted{};
  std::vector<AppState*> mounted_states{};

  // Of the outermost App only.
  std::string title{}, description{}, version{};
  std::vector<std::pair<std::string, std::string>> tags{};
  std::string docs_url = "/docs", redoc_url = "/redoc", openapi_url = "/openapi.json";
  Router router{};
  Router websocket_router{};
  std::vector<const RouteInfo*> in_order{};  ///< all routes as they were added

  AppState& root() noexcept { return parent == nullptr ? *this : parent->root(); }
  /// The mounted App, however deep, that a path is in: whose middleware and error handlers are around a 404.
  const AppState& scope_of(std::string_view path) const;
  /// Whether some on_error could want a HttpError.
  bool wants_http_errors() const;
};

/// What WebSocket routes are filed under in their router.
inline constexpr std::string_view kWebSocketMethod = "WEBSOCKET";

/// Checks a new route and fills what is known at setup only. Throws std::invalid_argument, naming the route.
void prepare(RouteInfo& route);

}  // namespace jina::app

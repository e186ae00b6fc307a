// AppHandler: the http::Handler that serves an App: its routes with their middleware, then the built-in ones (pages, health), then
// a fallback with routes of its own (those of Jina), then 404 and 405.
//
// Thread: one I/O thread. Lifetime: the App (filled, not changed any more) and the fallback outlive it; it outlives the Tasks it
// handed out. Cancellation: as http::Handler.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "app/app_state.hpp"
#include "app/call.hpp"
#include "protocol/http/handler.hpp"

namespace jina::app {

/// A route that the runtime adds; one of the user's with the same path and method comes first.
struct BuiltinRoute {
  std::vector<std::string> methods{"GET"};
  std::string path{};  ///< matched exactly
  // One of the two.
  std::function<HttpResponse(const HttpRequest& request)> plain{};
  std::function<Task<HttpResponse>(const HttpRequest& request, RequestContext& context)> coroutine{};
  bool open = false;      ///< answered without middleware: health checks know no API key
  std::string summary{};  ///< in /openapi.json when not empty
};

class AppHandler final : public http::Handler {
 public:
  AppHandler(App& app, AppEnvironment environment, http::Handler* fallback = nullptr);
  ~AppHandler() override;

  /// Before the first request.
  void add_builtin_route(BuiltinRoute route);

  Task<http::Response> handle(RequestContext& context, http::Request request) override;
  Task<http::WebSocketDecision> decide_websocket(RequestContext& context, const http::Request& request) override;

  /// Ends handlers that still make a body that nobody reads any more. When the server has stopped, before the App and this go.
  Task<void> finish();

  /// The OpenAPI document, as JSON text.
  const std::string& openapi();

 private:
  struct Outcome;

  void add_pages();
  void add_health();
  Task<http::Response> answer_simple(RequestContext& context, HttpRequest request, const RouteInfo& route, PathValues values);
  Task<http::Response> answer_coroutine(RequestContext& context, HttpRequest request, const RouteInfo& route, PathValues values);
  Task<http::Response> answer_route(RequestContext& context, HttpRequest request, const RouteInfo& route, PathValues values);
  Task<http::Response> answer_other(RequestContext& context, http::Request request);
  Task<Outcome> dispatch(HttpRequest& request, RequestContext& context);
  Task<HttpResponse> run_route(HttpRequest& request, RequestContext& context, const RouteInfo& route, const PathValues& values);
  Task<HttpResponse> run_builtin(const BuiltinRoute& route, const HttpRequest& request, RequestContext& context);
  const BuiltinRoute* find_builtin(std::string_view method, std::string_view path, std::string* allow = nullptr) const;
  HttpResponse not_found(const HttpRequest& request, const std::string& allow);
  Task<HttpResponse> answer_handshake(HttpRequest& request, RequestContext& context, http::WebSocketDecision& decision);
  http::WebSocketDecision accept(const RouteMatch& match, const HttpRequest& request, const RequestContext& context);

  const AppState& app_;
  AppEnvironment environment_;
  http::Handler* fallback_;
  std::vector<BuiltinRoute> builtin_;
  std::string openapi_;  // made when somebody asks
};

}  // namespace jina::app

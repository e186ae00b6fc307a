#include "app/app_handler.hpp"

#include <spdlog/spdlog.h>

#include "app/answer.hpp"
#include "app/convert.hpp"
#include "app/middleware_chain.hpp"
#include "app/openapi.hpp"
#include "app/repair_utf8.hpp"
#include "app/responses.hpp"
#include "app/stream/stream_group.hpp"
#include "app/worker_pool.hpp"

namespace jina::app {
namespace {

PathValues values_of(const RouteMatch& match) {
  PathValues values;
  values.reserve(match.values.size());
  for (std::size_t i = 0; i < match.values.size(); ++i) {
    values.emplace_back(match.route->parameters[i], match.values[i]);
    repair_utf8(values.back().second);
  }
  return values;
}

// The App right below the outermost one that a route is in; null for routes of the outermost.
const AppState* mounted_at_top(const AppState& scope) noexcept {
  if (scope.parent == nullptr) return nullptr;
  return scope.parent->parent == nullptr ? &scope : mounted_at_top(*scope.parent);
}

bool has_inner_middleware(const AppState& scope) noexcept {
  const AppState* top = mounted_at_top(scope);
  return top != nullptr && has_middleware(*top, scope);
}

}  // namespace

// An answer as it came: of a route, or of the fallback.
struct AppHandler::Outcome {
  HttpResponse response{};
  std::optional<http::Response> raw{};

  HttpResponse to_user() && { return raw ? app::to_user(*std::move(raw)) : std::move(response); }
};

AppHandler::AppHandler(App& app, AppEnvironment environment, http::Handler* fallback)
    : app_(*app.state_), environment_(std::move(environment)), fallback_(fallback) {
  // For blocking routes, and for files that are not in memory; threads are made when there is work.
  if (!environment_.workers) environment_.workers = std::make_shared<WorkerPool>();
  if (!environment_.streams) environment_.streams = std::make_shared<StreamGroup>(environment_.io.get_executor());
  add_pages();
  add_health();
}

AppHandler::~AppHandler() = default;

Task<void> AppHandler::finish() { return environment_.streams->finish(); }

void AppHandler::add_builtin_route(BuiltinRoute route) { builtin_.push_back(std::move(route)); }

// What jina's orchestration asks of every gateway: GET / says that it lives.
void AppHandler::add_health() {
  if (const RouteInfo* own = app_.router.find("GET", "/").route) {
    // One without input is most likely fine; a parameter may be one that no health check sends.
    const auto level = own->inputs.empty() ? spdlog::level::debug : spdlog::level::warn;
    spdlog::log(level, "{}: GET / is a route of the gateway's own; health checks want it to answer 200 without any input",
                environment_.class_name.empty() ? "gateway" : environment_.class_name);
    return;
  }
  const auto alive = [](const HttpRequest&) {
    HttpResponse response;
    response.headers.emplace_back("content-type", "application/json");
    response.body = Bytes::of_static("{}");
    return response;
  };
  builtin_.push_back({.path = "/", .plain = alive, .open = true, .summary = "Ask whether the gateway is alive"});
}

const std::string& AppHandler::openapi() {
  if (openapi_.empty()) openapi_ = make_openapi(app_, environment_, builtin_);
  return openapi_;
}

const BuiltinRoute* AppHandler::find_builtin(std::string_view method, std::string_view path, std::string* allow) const {
  for (const BuiltinRoute& route : builtin_) {
    if (route.path != path) continue;
    for (const std::string& allowed : route.methods) {
      if (allowed == method) return &route;
      if (allow != nullptr) *allow += (allow->empty() ? "" : ", ") + allowed;
    }
  }
  return nullptr;
}

Task<http::Response> AppHandler::handle(RequestContext& context, http::Request request) {
  // No coroutine of its own: each kind of answer has one that is no larger than it must be.
  if (app_.middleware.empty()) {
    const RouteMatch match = app_.router.find(request.method, request.path);
    if (match.route != nullptr && !has_inner_middleware(match.route->scope)) {
      const RouteInfo& route = *match.route;
      const bool plain = route.operation.plain != nullptr;
      PathValues values = values_of(match);
      HttpRequest user_request = to_user(std::move(request));
      if (plain && !route.blocking) return answer_simple(context, std::move(user_request), route, std::move(values));
      if (!plain && !route.streams()) return answer_coroutine(context, std::move(user_request), route, std::move(values));
      return answer_route(context, std::move(user_request), route, std::move(values));
    }
  }
  return answer_other(context, std::move(request));
}

Task<http::Response> AppHandler::answer_simple(RequestContext& context, HttpRequest request, const RouteInfo& route,
                                               PathValues values) {
  Call call(route, request, context, std::move(values), environment_);
  answer_plain(call);
  co_return to_server(std::move(call.response));
}

// As answer() does it, in one coroutine less.
Task<http::Response> AppHandler::answer_coroutine(RequestContext& context, HttpRequest request, const RouteInfo& route,
                                                  PathValues values) {
  Call call(route, request, context, std::move(values), environment_);
  std::exception_ptr thrown;
  try {
    Task<void> run = begin_coroutine(call);
    if (run.valid()) co_await std::move(run);
  } catch (...) {
    thrown = std::current_exception();
  }
  end_coroutine(call, thrown);
  co_return to_server(std::move(call.response));
}

Task<http::Response> AppHandler::answer_route(RequestContext& context, HttpRequest request, const RouteInfo& route,
                                              PathValues values) {
  Call call(route, request, context, std::move(values), environment_);
  Task<HttpResponse> task = answer(call);
  HttpResponse response = co_await std::move(task);
  co_return to_server(std::move(response));
}

Task<http::Response> AppHandler::answer_other(RequestContext& context, http::Request raw) {
  HttpRequest request = to_user(std::move(raw));
  if (app_.middleware.empty()) {
    Task<Outcome> task = dispatch(request, context);
    Outcome outcome = co_await std::move(task);
    if (outcome.raw) co_return *std::move(outcome.raw);
    co_return to_server(std::move(outcome.response));
  }
  const BuiltinRoute* builtin = find_builtin(request.method, request.path);
  if (builtin != nullptr && builtin->open && app_.router.find(request.method, request.path).route == nullptr) {
    Task<HttpResponse> task = run_builtin(*builtin, request, context);
    HttpResponse response = co_await std::move(task);
    co_return to_server(std::move(response));
  }
  const Innermost innermost = [this, &context](HttpRequest& changed) -> Task<HttpResponse> {
    return [](Task<Outcome> task) -> Task<HttpResponse> {
      Outcome outcome = co_await std::move(task);
      co_return std::move(outcome).to_user();
    }(dispatch(changed, context));
  };
  Task<HttpResponse> task = run_middleware(app_, app_, request, context, environment_, innermost);
  HttpResponse response = co_await std::move(task);
  co_return to_server(std::move(response));
}

Task<AppHandler::Outcome> AppHandler::dispatch(HttpRequest& request, RequestContext& context) {
  const RouteMatch match = app_.router.find(request.method, request.path);
  if (match.route != nullptr) {
    const PathValues values = values_of(match);
    const AppState* top = mounted_at_top(match.route->scope);
    if (top == nullptr) {
      Task<HttpResponse> task = run_route(request, context, *match.route, values);
      HttpResponse response = co_await std::move(task);
      co_return Outcome{std::move(response), {}};
    }
    const Innermost innermost = [&](HttpRequest& changed) { return run_route(changed, context, *match.route, values); };
    Task<HttpResponse> task = run_middleware(*top, match.route->scope, request, context, environment_, innermost);
    HttpResponse response = co_await std::move(task);
    co_return Outcome{std::move(response), {}};
  }
  std::string allow = match.allow;
  if (const BuiltinRoute* builtin = find_builtin(request.method, request.path, &allow)) {
    Task<HttpResponse> task = run_builtin(*builtin, request, context);
    HttpResponse response = co_await std::move(task);
    co_return Outcome{std::move(response), {}};
  }
  if (fallback_ != nullptr) {
    http::Request copy = to_server(request);
    Task<http::Response> task = fallback_->handle(context, std::move(copy));
    http::Response response = co_await std::move(task);
    const bool none = response.status == 404 || (response.status == 405 && !allow.empty());
    if (!none) co_return Outcome{{}, std::move(response)};
    if (const std::string* more = find_value(response.headers, "allow")) allow += ", " + *more;
  }
  const AppState& scope = app_.scope_of(request.path);
  const AppState* top = mounted_at_top(scope);
  if (top == nullptr) co_return Outcome{not_found(request, allow)};
  const Innermost innermost = [&](HttpRequest& changed) -> Task<HttpResponse> {
    return [](HttpResponse response) -> Task<HttpResponse> { co_return response; }(not_found(changed, allow));
  };
  Task<HttpResponse> task = run_middleware(*top, scope, request, context, environment_, innermost);
  HttpResponse response = co_await std::move(task);
  co_return Outcome{std::move(response), {}};
}

Task<HttpResponse> AppHandler::run_route(HttpRequest& request, RequestContext& context, const RouteInfo& route,
                                         const PathValues& values) {
  Call call(route, request, context, values, environment_);
  Task<HttpResponse> task = answer(call);
  co_return co_await std::move(task);
}

Task<HttpResponse> AppHandler::run_builtin(const BuiltinRoute& route, const HttpRequest& request, RequestContext& context) {
  context.route = route.path;
  if (route.plain) co_return route.plain(request);
  Task<HttpResponse> task = route.coroutine(request, context);
  co_return co_await std::move(task);
}

// Redirect for a wrong slash, 405, 404.
HttpResponse AppHandler::not_found(const HttpRequest& request, const std::string& allow) {
  if (allow.empty()) {
    std::string other = app_.router.other_slash(request.path);
    if (other.empty() && request.path.size() > 1 && request.path.back() == '/') {
      std::string without = request.path.substr(0, request.path.find_last_not_of('/') + 1);
      std::string ignored;
      if (find_builtin(request.method, without, &ignored) != nullptr || !ignored.empty()) other = std::move(without);
    }
    if (!other.empty()) return to_user(redirect_response(to_server(request), other));
  }
  const AppState& scope = app_.scope_of(request.path);
  if (scope.wants_http_errors()) {
    const HttpError error = allow.empty() ? HttpError(404, "Not Found") : HttpError(405, "Method Not Allowed", {{"allow", allow}});
    return error_answer(scope, environment_, request.method + " " + request.path, request, std::make_exception_ptr(error));
  }
  HttpResponse response = to_user(allow.empty() ? detail_response(404, "Not Found") : detail_response(405, "Method Not Allowed"));
  if (!allow.empty()) response.headers.emplace_back("allow", allow);
  return response;
}

}  // namespace jina::app

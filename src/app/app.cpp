// App: what is added to it.
#include "jina/app.hpp"

#include <algorithm>
#include <stdexcept>

#include "app/app_state.hpp"
#include "protocol/http/syntax.hpp"

namespace jina {
namespace {

using app::AppState;

// "/v2" for "/v2" and "/v2/".
std::string checked_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
  if (prefix.empty() || prefix.front() != '/')
    throw std::invalid_argument("the prefix of a mounted App is a path like \"/v2\", not \"" + prefix + "\"");
  (void)app::PathPattern::parse(prefix);
  return prefix;
}

std::string checked_page(std::string path) {
  if (!path.empty()) (void)app::PathPattern::parse(path);
  return path;
}

}  // namespace

App::App(AppOwner* owner) : App(owner, std::make_unique<AppState>()) {}
App::App(AppOwner* owner, std::unique_ptr<AppState> state) : owner_(owner), state_(std::move(state)) {}
App::~App() = default;

App& App::title(std::string title) {
  state_->root().title = std::move(title);
  return *this;
}
App& App::description(std::string markdown) {
  state_->root().description = std::move(markdown);
  return *this;
}
App& App::version(std::string version) {
  state_->root().version = std::move(version);
  return *this;
}
App& App::tag(std::string name, std::string description) {
  state_->root().tags.emplace_back(std::move(name), std::move(description));
  return *this;
}
App& App::docs_url(std::string path) {
  state_->root().docs_url = checked_page(std::move(path));
  return *this;
}
App& App::redoc_url(std::string path) {
  state_->root().redoc_url = checked_page(std::move(path));
  return *this;
}
App& App::openapi_url(std::string path) {
  state_->root().openapi_url = checked_page(std::move(path));
  return *this;
}

App& App::use(Middleware middleware) {
  if (!middleware) throw std::invalid_argument("app.use() was given an empty function");
  state_->middleware.push_back(std::move(middleware));
  return *this;
}

void App::mount(std::string prefix, const std::function<void(App&)>& fill) {
  prefix = checked_prefix(std::move(prefix));
  auto state = std::make_unique<AppState>();
  state->parent = state_.get();
  state->prefix = state_->prefix + prefix;
  state_->mounted_states.push_back(state.get());
  state_->mounted.emplace_back(new App(owner_, std::move(state)));
  fill(*state_->mounted.back());
}

Route App::add(std::vector<std::string> methods, std::string path, app::Operation operation) {
  if (operation.output.body == app::BodyKind::kWebSocket)
    throw std::invalid_argument("the handler of \"" + path + "\" takes a WebSocket&; add it with app.websocket()");
  if (methods.empty()) throw std::invalid_argument("the route \"" + path + "\" has no method");
  for (std::string& method : methods) {
    if (!http::is_token(method)) throw std::invalid_argument("the route \"" + path + "\" has the method \"" + method + "\"");
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  }
  app::RouteInfo& route = state_->routes.emplace_back(*state_, state_->prefix + path);
  route.methods = std::move(methods);
  route.operation = std::move(operation);
  prepare(route);
  AppState& root = state_->root();
  root.router.add(route, route.methods);
  root.in_order.push_back(&route);
  return Route(route);
}

Route App::add_websocket(std::string path, app::Operation operation) {
  if (operation.output.body != app::BodyKind::kWebSocket)
    throw std::invalid_argument("the handler of the WebSocket \"" + path + "\" takes no WebSocket&");
  app::RouteInfo& route = state_->routes.emplace_back(*state_, state_->prefix + path);
  route.operation = std::move(operation);
  prepare(route);
  AppState& root = state_->root();
  root.websocket_router.add(route, {std::string(app::kWebSocketMethod)});
  root.in_order.push_back(&route);
  return Route(route);
}

void App::add_error_handler(app::ErrorHandler handler) {
  auto& handlers = state_->error_handlers;
  const auto same_or_base = [&](const app::ErrorHandler& other) { return other.catches(handler.throw_pointer); };
  const auto at = std::find_if(handlers.begin(), handlers.end(), same_or_base);
  // The same type again: the new one counts.
  if (at != handlers.end() && handler.catches(at->throw_pointer))
    *at = std::move(handler);
  else
    handlers.insert(at, std::move(handler));
}

namespace app {

namespace {

bool is_below(std::string_view path, const std::string& prefix) {
  // Segment by segment: a prefix may have parameters.
  std::string_view rest = prefix;
  while (!rest.empty()) {
    if (path.empty()) return false;
    rest.remove_prefix(1);
    path.remove_prefix(1);
    const auto wanted = rest.substr(0, rest.find('/'));
    const auto given = path.substr(0, path.find('/'));
    if (!wanted.starts_with('{') && wanted != given) return false;
    rest.remove_prefix(wanted.size());
    path.remove_prefix(given.size());
  }
  return true;
}

}  // namespace

const AppState& AppState::scope_of(std::string_view path) const {
  for (const AppState* inner : mounted_states)
    if (is_below(path, inner->prefix)) return inner->scope_of(path);
  return *this;
}

bool AppState::wants_http_errors() const {
  for (const AppState* scope = this; scope != nullptr; scope = scope->parent)
    for (const ErrorHandler& handler : scope->error_handlers)
      if (!handler.general) return true;
  return false;
}

}  // namespace app
}  // namespace jina

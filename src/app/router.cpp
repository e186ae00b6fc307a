#include "app/router.hpp"

#include <algorithm>
#include <stdexcept>

namespace jina::app {
namespace {

using Methods = std::vector<std::pair<std::string, const RouteInfo*>>;

const RouteInfo* find_method(const Methods& methods, std::string_view method) noexcept {
  for (const auto& [name, route] : methods)
    if (name == method) return route;
  return nullptr;
}

}  // namespace

struct Router::Node {
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals;  // few, or many with different lengths: a scan is quick
  std::unique_ptr<Node> parameter;
  Methods here;
  Methods rest;

  Node* literal(std::string_view text) const noexcept {
    for (const auto& [name, node] : literals)
      if (name == text) return node.get();
    return nullptr;
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::add(const RouteInfo& route, const std::vector<std::string>& methods) {
  Node* node = root_.get();
  Methods* end = nullptr;
  for (const PathSegment& segment : route.pattern.segments) {
    if (segment.kind == PathSegment::Kind::kRest) {
      end = &node->rest;
    } else if (segment.kind == PathSegment::Kind::kParameter) {
      if (!node->parameter) node->parameter = std::make_unique<Node>();
      node = node->parameter.get();
    } else if (Node* next = node->literal(segment.text)) {
      node = next;
    } else {
      node = node->literals.emplace_back(segment.text, std::make_unique<Node>()).second.get();
    }
  }
  if (end == nullptr) end = &node->here;
  for (const std::string& method : methods)
    if (const RouteInfo* other = find_method(*end, method))
      throw std::invalid_argument("the routes \"" + other->label() + "\" and \"" + route.label() +
                                  "\" are for the same requests; take one of them out");
  for (const std::string& method : methods) end->emplace_back(method, &route);
}

struct Router::Search {
  std::string_view method;  // empty: any
  RouteMatch& match;
  bool found_path = false;

  bool take(const Methods& methods) {
    if (methods.empty()) return false;
    found_path = true;
    if (method.empty()) return true;
    match.route = find_method(methods, method);
    if (match.route != nullptr) return true;
    for (const auto& [name, route] : methods) {
      if (match.allow.find(name) != std::string::npos) continue;
      match.allow += (match.allow.empty() ? "" : ", ") + name;
    }
    return false;
  }

  // `rest`: behind the slash that this node's children follow.
  bool walk(const Node& node, std::string_view rest) {
    const auto slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    const auto go_on = [&](const Node& next) { return last ? take(next.here) : walk(next, rest.substr(slash + 1)); };
    if (const Node* next = node.literal(segment); next != nullptr && go_on(*next)) return true;
    if (node.parameter && !segment.empty()) {
      match.values.push_back(segment);
      if (go_on(*node.parameter)) return true;
      match.values.pop_back();
    }
    if (!node.rest.empty()) {
      match.values.push_back(rest);
      if (take(node.rest)) return true;
      match.values.pop_back();
    }
    return false;
  }
};

RouteMatch Router::find(std::string_view method, std::string_view path) const {
  RouteMatch match;
  if (path.empty() || path.front() != '/') return match;
  Search search{method, match};
  if (search.walk(*root_, path.substr(1))) match.allow.clear();
  return match;
}

bool Router::has(std::string_view path) const {
  if (path.empty() || path.front() != '/') return false;
  RouteMatch match;
  Search search{{}, match};
  search.walk(*root_, path.substr(1));
  return search.found_path;
}

std::string Router::other_slash(std::string_view path) const {
  if (path.size() <= 1) return {};
  std::string other(path);
  if (other.back() == '/')
    other.erase(other.find_last_not_of('/') + 1);
  else
    other += '/';
  if (other.empty() || !has(other)) other.clear();
  return other;
}

}  // namespace jina::app

#include "gateway/http/router.hpp"

#include <algorithm>

namespace jina::gateway {

Router::Router(std::span<const Route> routes) {
  for (const Route& route : routes) by_path_[route.path].push_back(&route);
}

RouteMatch Router::match(std::string_view method, std::string_view path) const {
  RouteMatch match;
  if (const auto found = by_path_.find(path); found != by_path_.end()) {
    for (const Route* route : found->second) {
      if (std::find(route->methods.begin(), route->methods.end(), method) == route->methods.end()) continue;
      match.route = route;
      return match;
    }
    for (const auto& allowed : found->second.front()->methods) match.allow += (match.allow.empty() ? "" : ", ") + allowed;
    return match;
  }
  if (path.size() <= 1) return match;
  std::string other(path);
  if (other.back() == '/')
    other.erase(other.find_last_not_of('/') + 1);
  else
    other += '/';
  if (by_path_.find(other) != by_path_.end()) match.redirect = std::move(other);
  return match;
}

}  // namespace jina::gateway

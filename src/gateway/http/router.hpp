// Router: finds the route of a method and a path, as Jina's web framework does: exact paths, 405 with the methods of the first
// route that has the path, a redirect when only the slash at the end is wrong.
//
// Thread: any once built; constant. Lifetime: keeps pointers to the routes. Cancellation: none.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/http/routes.hpp"

namespace jina::gateway {

struct RouteMatch {
  const Route* route = nullptr;  ///< found
  std::string allow{};           ///< wrong method: what is allowed, for the `allow` header
  std::string redirect{};        ///< wrong slash: the path that exists
  // All empty: not found.
};

class Router {
 public:
  /// `routes` outlive the router.
  explicit Router(std::span<const Route> routes);
  RouteMatch match(std::string_view method, std::string_view path) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::vector<const Route*>, Hash, std::equal_to<>> by_path_;
};

}  // namespace jina::gateway

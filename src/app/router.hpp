// Router: finds the route of a method and a path. A tree of segments: at each, the literal is tried before the parameter, that
// before the rest of the path; a route that does not have the method is passed over as long as another one fits.
//
// Thread: filled at setup, then any. Lifetime: keeps pointers to the routes. Cancellation: none.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "app/path_pattern.hpp"
#include "app/route_info.hpp"

namespace jina::app {

struct RouteMatch {
  const RouteInfo* route = nullptr;                              ///< found; `values` are its parameters, in order
  boost::container::small_vector<std::string_view, 4> values{};  ///< parts of the path that was looked for
  std::string allow{};  ///< the path is there, the method is not: those that are, for the `allow` header
};

class Router {
 public:
  Router();
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  /// Throws std::invalid_argument when one of the methods has that path already; `*` is a method like the others here, WebSockets
  /// use it.
  void add(const RouteInfo& route, const std::vector<std::string>& methods);

  RouteMatch find(std::string_view method, std::string_view path) const;
  /// Whether any method has the path.
  bool has(std::string_view path) const;
  /// The path with or without its final slash, when that is one that exists, else "".
  std::string other_slash(std::string_view path) const;

 private:
  struct Node;
  struct Search;
  std::unique_ptr<Node> root_;
};

}  // namespace jina::app

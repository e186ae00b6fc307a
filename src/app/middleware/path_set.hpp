// PathSet: the `open` and `skip` paths of middleware.
//
// Thread: constant. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace jina::app {

class PathSet {
 public:
  explicit PathSet(std::vector<std::string> paths) : paths_(std::move(paths)) {
    for (const std::string& path : paths_) {
      const std::size_t star = path.find('*');
      if (path.empty() || path.front() != '/' || (star != std::string::npos && (star + 1 != path.size() || path[star - 1] != '/')))
        throw std::invalid_argument("\"" + path + "\" is no path that a middleware can leave out: \"/livez\" or \"/public/*\"");
    }
  }

  bool has(std::string_view path) const noexcept {
    for (const std::string& one : paths_)
      if (one.back() == '*' ? below(path, std::string_view(one).substr(0, one.size() - 1)) : path == one) return true;
    return false;
  }

 private:
  // With ".." in it a path may end up anywhere.
  static bool below(std::string_view path, std::string_view prefix) noexcept {
    return path.starts_with(prefix) && path.find("/../") == std::string_view::npos && !path.ends_with("/..");
  }

  std::vector<std::string> paths_;
};

}  // namespace jina::app

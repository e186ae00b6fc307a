#include <stdexcept>

#include "jina/executor.hpp"

namespace jina {

Endpoints& Endpoints::insert(Paths paths, const Endpoint& endpoint) {
  for (const std::string_view path : paths) {
    if (path.empty()) throw std::invalid_argument("an endpoint needs a path, such as \"/search\"");
    if (!table_.try_emplace(std::string(path), endpoint).second)
      throw std::invalid_argument("endpoint '" + std::string(path) + "' is bound twice");
    paths_.emplace_back(path);
  }
  return *this;
}

const Endpoint* Endpoints::find_exact(std::string_view path) const noexcept {
  const auto found = table_.find(path);
  return found == table_.end() ? nullptr : &found->second;
}

const Endpoint* Endpoints::find(std::string_view path) const noexcept {
  const Endpoint* exact = find_exact(path);
  return exact != nullptr ? exact : find_exact("/default");
}

}  // namespace jina

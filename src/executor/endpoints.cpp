#include <stdexcept>

#include "jina/executor.hpp"
#include "jina/registry.hpp"

namespace jina {

void Endpoints::insert(std::string path, Endpoint endpoint) {
  if (!table_.try_emplace(path, std::move(endpoint)).second) throw std::invalid_argument("endpoint '" + path + "' is bound twice");
  paths_.push_back(std::move(path));
}

const Endpoint* Endpoints::find(std::string_view path) const noexcept {
  auto found = table_.find(path);
  if (found == table_.end()) found = table_.find("/default");
  return found == table_.end() ? nullptr : &found->second;
}

void Registry::add_executor(std::string name, ExecutorFactory factory) {
  if (!executors_.try_emplace(name, std::move(factory)).second) throw std::invalid_argument("two classes are registered as '" + name + "'");
}

const Registry::ExecutorFactory* Registry::find_executor(std::string_view name) const noexcept {
  const auto found = executors_.find(name);
  return found == executors_.end() ? nullptr : &found->second;
}

std::vector<std::string> Registry::executor_names() const {
  std::vector<std::string> names;
  for (const auto& [name, factory] : executors_) names.push_back(name);
  return names;
}

}  // namespace jina

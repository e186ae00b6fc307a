#include "config/default_workspace.hpp"

#include "config/environment.hpp"

namespace jina::config {

std::filesystem::path default_workspace() {
  const std::string home = environment_value("HOME");
  return std::filesystem::path(home.empty() ? "/tmp" : home) / ".cache" / "jina";
}

}  // namespace jina::config

#include "jina/executor.hpp"

#include <cstdlib>

namespace jina {

Task<void> Executor::warm_up() { co_return; }

std::filesystem::path Executor::workspace() const {
  std::filesystem::path folder = runtime_args_.workspace;
  if (folder.empty()) {  // made outside of the runtime, by a test
    const char* home = std::getenv("HOME");
    folder = std::filesystem::path(home == nullptr ? "/tmp" : home) / ".cache/jina" / runtime_args_.name;
  }
  std::filesystem::create_directories(folder);
  return std::filesystem::absolute(folder);
}

}  // namespace jina

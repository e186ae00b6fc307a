#include "jina/executor.hpp"

#include "config/default_workspace.hpp"

namespace jina {

Task<void> Executor::warm_up() { co_return; }

std::filesystem::path Executor::workspace() const {
  std::filesystem::path folder = runtime_args_.workspace;
  if (folder.empty()) folder = config::default_workspace() / runtime_args_.name;  // made outside of the runtime, by a test
  std::filesystem::create_directories(folder);
  return std::filesystem::absolute(folder);
}

}  // namespace jina

// UsesConfig: what `uses` of a gateway or an Executor stands for, whichever form it has: the class, its arguments, the modules to
// load first, and what else its YAML says.
//
// Thread: reads files, for start-up. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "config/node.hpp"
#include "jina/status.hpp"

namespace jina::config {

struct UsesConfig {
  std::string class_name{};                      ///< empty: the only class of the modules
  boost::json::object with{};                    ///< `with:` of the YAML; the caller lays uses_with over it
  boost::json::object metas{};                   ///< name, description, workspace
  std::vector<std::filesystem::path> modules{};  ///< absolute; .cpp or .so
  std::string source{};                          ///< what errors call the YAML
  Node rest{};                                   ///< the other keys of the YAML: port, protocol, requests, ...
  std::vector<std::string> warnings{};
};

/// `what` is "gateway" or "Executor", for messages. `modules` are named beside `uses`; relative paths count from the working
/// directory, those inside the YAML from its own.
Result<UsesConfig> load_uses(const std::string& uses, const std::vector<std::string>& modules, const std::string& what);

}  // namespace jina::config

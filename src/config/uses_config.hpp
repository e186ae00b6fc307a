// UsesConfig: what `uses` of a gateway or an Executor stands for, whichever form it has: the class, its arguments, the modules to
// load first and how to compile them, and what else its YAML says.
//
// Thread: reads files, for start-up. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/node.hpp"
#include "jina/status.hpp"

namespace jina::config {

struct UsesConfig {
  std::string class_name{};                       ///< empty: the only class of the modules
  boost::json::object with{};                     ///< `with:` of the YAML; the caller lays uses_with over it
  std::map<std::string, Position> with_places{};  ///< of its keys, in `source`
  boost::json::object metas{};                    ///< name, description, workspace
  std::vector<std::filesystem::path> modules{};   ///< absolute; .cpp or .so
  std::vector<std::string> compile_flags{};       ///< of the YAML; those of the command line come after them
  std::vector<std::string> packages{};            ///< of the YAML; pkg-config names
  std::string source{};                           ///< what errors call the YAML
  Node rest{};                                    ///< the other keys of the YAML: port, protocol, requests, ...
  std::vector<std::string> warnings{};
};

/// `what` is "gateway" or "Executor", for messages. `modules` are named beside `uses`. Relative paths are looked for beside the
/// YAML that has them, in `search_paths` and in the working directory.
Result<UsesConfig> load_uses(const std::string& uses, const std::vector<std::string>& modules, const std::string& what,
                             const std::vector<std::string>& search_paths = {});

/// Why a Python file can not be loaded, and both ways on.
std::string python_advice(const std::string& file, const std::string& what);

}  // namespace jina::config

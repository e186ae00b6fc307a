// What can be known about a class that `uses` and `py_modules` name: whether a module has it, and its arguments.
//
// Thread: reads files, for start-up. Lifetime: none. Cancellation: none.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/load.hpp"
#include "flow/check_sources.hpp"
#include "flow/file_search.hpp"

namespace jina::flow {

struct NamedClass {
  std::string name{};                                            ///< empty: the only one of the modules
  std::vector<std::string> modules{};                            ///< absolute paths
  std::vector<std::pair<std::string, config::Position>> with{};  ///< names of its arguments, where they are written
  std::string source{};                                          ///< what the positions count in
  config::Position class_position{};
  bool python = false;
  bool modules_missing = false;  ///< some are not there, so nothing is known about classes
};

/// What is known about modules beside their text.
struct CompiledModules {
  /// What a compiled one has; nothing when it is not compiled.
  std::function<std::optional<SourceClasses>(const std::filesystem::path& module)> look{};
  /// Gets what can not be checked, once for each file; null: nobody is told.
  config::Diagnostics* notes = nullptr;
  /// How they are compiled: "'jina build flow.yml'".
  std::string way{};
};

void check_class(const NamedClass& named, config::Diagnostics& diagnostics, const CompiledModules& compiled = {});

/// What the YAML document of a class says; keys that it should not have are in `diagnostics`. `what`: "Executor" or "gateway".
NamedClass read_class(const config::ConfigDocument& document, const std::string& what, const std::vector<std::string>& search_paths,
                      config::Diagnostics& diagnostics);

}  // namespace jina::flow

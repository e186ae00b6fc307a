// What can be known about a class that `uses` and `py_modules` name: whether a module has it, and its arguments.
//
// Thread: reads files, for start-up. Lifetime: none. Cancellation: none.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/load.hpp"
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

void check_class(const NamedClass& named, config::Diagnostics& diagnostics);

/// What the YAML document of a class says; keys that it should not have are in `diagnostics`. `what`: "Executor" or "gateway".
NamedClass read_class(const config::ConfigDocument& document, const std::string& what, const std::vector<std::string>& search_paths,
                      config::Diagnostics& diagnostics);

}  // namespace jina::flow

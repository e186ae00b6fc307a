// Which files `uses` and `py_modules` name: found beside the YAML, in the working directory or in extra_search_paths, as absolute
// paths, so that a child process finds them wherever it runs.
//
// Thread: reads directories, for start-up. Lifetime: none. Cancellation: none.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "config/option.hpp"
#include "jina/status.hpp"

namespace jina::flow {

struct UsedFiles {
  std::string uses{};                       ///< class, absolute path, or raw YAML with absolute paths
  std::vector<std::string> modules{};       ///< absolute paths
  std::vector<std::string> yaml_modules{};  ///< those that the YAML file `uses` names, which whoever reads that finds itself
  bool python = false;                      ///< one of them is Python
  std::string python_file{};
  std::string python_place{};  ///< "config.yml:2:13" when a file that `uses` names has it
};

/// Reads the options uses, py-modules and extra-search-paths. Errors say which file is missing and where it was looked for.
Result<UsedFiles> find_used_files(const config::OptionBag& options, const std::filesystem::path& directory);

}  // namespace jina::flow

// SearchPath: the folders in which a file that a configuration names is looked for.
//
// Thread: reads directories, for start-up. Lifetime: owns its folders. Cancellation: none.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "jina/status.hpp"

namespace jina::config {

class SearchPath {
 public:
  /// In this order: `directory` (of the YAML; empty: none), `extra` (relative ones count from `directory`, then from the working
  /// directory), the working directory.
  explicit SearchPath(const std::filesystem::path& directory, std::span<const std::string> extra = {});

  /// The absolute path of the first that exists. NOT_FOUND says where it was looked for, and where below those folders a file of
  /// that name is.
  Result<std::filesystem::path> find(const std::string& name) const;
  /// The same for a module. Where a .cpp is nowhere, the .so of that name is taken: `jina build` made it, and an image that serves
  /// needs no source.
  Result<std::filesystem::path> find_module(const std::string& name) const;

 private:
  void add(const std::filesystem::path& place);

  std::vector<std::filesystem::path> places_;
};

}  // namespace jina::config

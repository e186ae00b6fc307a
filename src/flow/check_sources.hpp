// What the source of a module says about its classes, as far as it can be read without compiling or running it. It only speaks of
// what it is sure about: a file that takes more from elsewhere is not complete, and no argument list is better than a wrong one.
//
// Thread: reads files, for start-up. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jina::flow {

struct SourceClasses {
  std::vector<std::string> names{};  ///< that `uses` may name
  bool complete = false;             ///< there are no others
  /// Of classes whose constructor takes these and no others.
  std::map<std::string, std::vector<std::string>, std::less<>> arguments{};
};

/// Of a .cpp or a .py file; nothing for others and for what can not be read.
std::optional<SourceClasses> scan_source(const std::filesystem::path& path);

}  // namespace jina::flow

// load_file(), load_text(): a YAML or JSON configuration with its variables replaced, and where it came from.
//
// Thread: blocking file access, for start-up. Lifetime: none. Cancellation: none.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "config/node.hpp"
#include "config/substitute.hpp"
#include "jina/status.hpp"

namespace jina::config {

struct ConfigDocument {
  std::string source;               ///< what errors call it: the path as given, or the argument's name
  std::filesystem::path directory;  ///< relative paths inside are relative to this
  Node root;
};

/// `options.source` is set from the path. NOT_FOUND names the absolute path.
Result<ConfigDocument> load_file(const std::filesystem::path& path, SubstituteOptions options = {});
/// `directory` is what relative paths in the text refer to.
Result<ConfigDocument> load_text(std::string_view text, const std::string& source, const std::filesystem::path& directory,
                                 SubstituteOptions options = {});
/// The bytes of a file, or an error that says why not (NOT_FOUND, PERMISSION_DENIED, a directory).
Result<std::string> read_whole_file(const std::filesystem::path& path);

/// What a `uses` (Jina's word for "which implementation") stands for.
enum class UsesKind : std::uint8_t {
  kNone,      ///< empty
  kClass,     ///< a class name, perhaps module.Class
  kModule,    ///< a .cpp or .so file
  kPython,    ///< a .py file
  kYamlFile,  ///< .yml, .yaml, .jaml
  kText,      ///< raw YAML or JSON
  kImage,     ///< docker://, jinaai+docker://
  kHub,       ///< jinaai://
  kUnknown,
};
UsesKind classify_uses(std::string_view uses);

}  // namespace jina::config

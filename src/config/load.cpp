#include "config/load.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "config/json_text.hpp"
#include "config/yaml_reader.hpp"

namespace jina::config {
namespace {

bool is_identifier(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) != 0) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c >= 0x80; });
}

std::string_view trim_left(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  return text;
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) { return text.ends_with(ending); });
}

}  // namespace

Result<std::string> read_whole_file(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return Status{StatusCode::kInvalidArgument, path.string() + " is a directory; name a file"};
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int why = errno;
    const auto code = why == EACCES ? StatusCode::kPermissionDenied : StatusCode::kNotFound;
    return Status{code,
                  "cannot read " + std::filesystem::absolute(path, error).string() + ": " + std::strerror(why != 0 ? why : ENOENT)};
  }
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

Result<ConfigDocument> load_file(const std::filesystem::path& path, SubstituteOptions options) {
  auto text = read_whole_file(path);
  if (!text) return text.error();
  std::error_code error;
  return load_text(*text, path.string(), std::filesystem::absolute(path, error).parent_path(), std::move(options));
}

Result<ConfigDocument> load_text(std::string_view text, const std::string& source, const std::filesystem::path& directory,
                                 SubstituteOptions options) {
  options.source = source;
  Node root;
  if (trim_left(text).starts_with('{')) {
    // Strict JSON first, for what YAML's flow style reads differently ("\/" escapes, tabs); then YAML's own `{a: 1}`.
    if (auto json = parse_json(text, source)) root = Node::of_json(*json);
  }
  if (root.is_null()) {
    auto yaml = read_yaml(text, source);
    if (!yaml) return yaml.error();
    root = std::move(*yaml);
  }
  if (auto status = substitute(root, options); !status.ok()) return status;
  return ConfigDocument{source, directory, std::move(root)};
}

UsesKind classify_uses(std::string_view uses) {
  const auto text = trim_left(uses);
  if (text.empty()) return UsesKind::kNone;
  if (text.starts_with("docker://") || text.starts_with("jinaai+docker://") || text.starts_with("jinahub+docker://"))
    return UsesKind::kImage;
  if (text.starts_with("jinaai://") || text.starts_with("jinahub://") || text.starts_with("jinaai+sandbox://") ||
      text.starts_with("jinahub+sandbox://"))
    return UsesKind::kHub;
  if (text.starts_with('!') || text.starts_with("jtype") || text.starts_with('{')) return UsesKind::kText;
  if (ends_with_any(text, {".yml", ".yaml", ".jaml"})) return UsesKind::kYamlFile;
  if (ends_with_any(text, {".cpp", ".cc", ".cxx", ".so"})) return UsesKind::kModule;
  if (text.ends_with(".py")) return UsesKind::kPython;
  const auto dot = text.rfind('.');
  if (is_identifier(text) || (dot != text.npos && is_identifier(text.substr(dot + 1)) && text.find('/') == text.npos))
    return UsesKind::kClass;
  return UsesKind::kUnknown;
}

}  // namespace jina::config

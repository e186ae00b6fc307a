// Project: what `jina new` writes: the files of a template with the project's name in them.
//
// Thread: any. Lifetime: plain values. Cancellation: none.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "jina/status.hpp"

namespace jina::cli {

struct ProjectKind {
  std::string_view name;     ///< "gateway": also the command that runs it
  std::string_view summary;  ///< one line, for --list
  std::string_view config;   ///< "config.yml": what `--uses` gets
};
std::vector<ProjectKind> project_kinds();
const ProjectKind* find_project_kind(std::string_view name);

/// Whether C++ takes `name` for namespaces, files and, as class_name_of() spells it, classes. The error says what is allowed, and
/// proposes a name where one is near.
Status check_project_name(std::string_view name);
/// "hello-jina" -> "hello_jina": other signs than letters, digits and '_' become '_'.
std::string identifier_of(std::string_view name);
/// "my_gateway" -> "MyGateway".
std::string class_name_of(std::string_view name);

struct ProjectFile {
  std::filesystem::path path;  ///< inside the project
  std::string text;
  bool executable = false;
};
struct ProjectValues {
  std::string name;  ///< an identifier
  std::string class_name;
  std::string program;  ///< the jina program that makes it
  std::string version;
};
/// In the order of their paths.
std::vector<ProjectFile> make_project(const ProjectKind& kind, const ProjectValues& values);

/// Writes them, folders included. Files that are there already are replaced; nothing else in `folder` is touched.
Status write_project(const std::filesystem::path& folder, const std::vector<ProjectFile>& files);

/// The files as a tree, each line behind `indent`.
std::string project_tree(const std::vector<ProjectFile>& files, std::string_view indent);

}  // namespace jina::cli

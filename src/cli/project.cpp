#include "cli/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <span>
#include <utility>

#include "cli/template_files.hpp"

namespace jina::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<ProjectKind, 3> kKinds{{
    {"gateway", "a gateway of your own: HTTP routes in front of a Flow", "config.yml"},
    {"executor", "an Executor: one step of a Flow", "config.yml"},
    {"flow", "a Flow: a gateway of your own and an Executor behind it", "flow.yml"},
}};

// Words that C++ keeps for itself.
constexpr std::string_view kKeywords[] = {
    "alignas",     "alignof",   "and",        "and_eq",    "asm",      "auto",         "bitand",
    "bitor",       "bool",      "break",      "case",      "catch",    "char",         "char8_t",
    "char16_t",    "char32_t",  "class",      "compl",     "concept",  "const",        "consteval",
    "constexpr",   "constinit", "const_cast", "continue",  "co_await", "co_return",    "co_yield",
    "decltype",    "default",   "delete",     "do",        "double",   "dynamic_cast", "else",
    "enum",        "explicit",  "export",     "extern",    "false",    "float",        "for",
    "friend",      "goto",      "if",         "inline",    "int",      "long",         "mutable",
    "namespace",   "new",       "noexcept",   "not",       "not_eq",   "nullptr",      "operator",
    "or",          "or_eq",     "private",    "protected", "public",   "register",     "reinterpret_cast",
    "requires",    "return",    "short",      "signed",    "sizeof",   "static",       "static_assert",
    "static_cast", "struct",    "switch",     "template",  "this",     "thread_local", "throw",
    "true",        "try",       "typedef",    "typeid",    "typename", "union",        "unsigned",
    "using",       "virtual",   "void",       "volatile",  "wchar_t",  "while",        "xor",
    "xor_eq"};
// What would clash with a class of the runtime, its package, or a target of CMake.
constexpr std::string_view kTaken[] = {"base_executor", "base_gateway", "deployment", "executor", "flow",    "gateway", "jina",
                                       "all",           "clean",        "help",       "install",  "package", "test"};

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_identifier(std::string_view name) {
  return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), is_word) && name.find("__") == name.npos;
}

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
}

Status not_written(const fs::path& path, const std::string& why) {
  return {StatusCode::kFailedPrecondition, path.string() + " can not be written: " + why};
}

}  // namespace

std::vector<ProjectKind> project_kinds() { return {kKinds.begin(), kKinds.end()}; }

const ProjectKind* find_project_kind(std::string_view name) {
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [&](const ProjectKind& kind) { return kind.name == name; });
  return found == kKinds.end() ? nullptr : found;
}

Status check_project_name(std::string_view name) {
  const auto refuse = [&](const std::string& why) { return Status{StatusCode::kInvalidArgument, why}; };
  if (contains(kKeywords, name)) return refuse(fmt::format("'{}' is a word of C++ itself; choose another name", name));
  if (contains(kTaken, name))
    return refuse(fmt::format("'{}' is taken: it would clash with something of that name; choose another", name));
  if (is_identifier(name)) return {};
  const std::string near = identifier_of(name);
  return refuse(fmt::format("'{}' can not be a name in C++: letters, digits and single '_' are allowed, with a letter in front{}",
                            name, is_identifier(near) && check_project_name(near).ok() ? "; '" + near + "' would do" : ""));
}

std::string identifier_of(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool word = is_word(c) && c != '_';
    if (word || (!out.empty() && out.back() != '_')) out += word ? c : '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

std::string class_name_of(std::string_view name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return out;
}

std::vector<ProjectFile> make_project(const ProjectKind& kind, const ProjectValues& values) {
  std::vector<ProjectFile> files;
  for (const TemplateFile& file : template_files()) {
    const fs::path path(file.path);
    std::string class_name = values.class_name;
    if (file.kind != kind.name && file.kind != "common") {
      // A Flow has the code of a gateway and of an Executor.
      if (kind.name != "flow" || (path.extension() != ".cpp" && path.extension() != ".hpp")) continue;
      class_name += file.kind == "gateway" ? "Gateway" : "Executor";
    }
    std::string text(file.text);
    for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"my_name", values.name},
                                   {"MyName", class_name},
                                   {"my_kind", kind.name},
                                   {"my_config", kind.config},
                                   {"my_program", values.program},
                                   {"my_version", values.version}})
      replace_all(text, from, to);
    const bool executable = text.starts_with("#!");
    files.push_back({path, std::move(text), executable});
  }
  std::sort(files.begin(), files.end(), [](const ProjectFile& a, const ProjectFile& b) { return a.path < b.path; });
  return files;
}

Status write_project(const fs::path& folder, const std::vector<ProjectFile>& files) {
  for (const ProjectFile& file : files) {
    const fs::path path = folder / file.path;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return not_written(path.parent_path(), error.message());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << file.text;
    if (!out.flush()) return not_written(path, std::strerror(errno));
    out.close();
    if (!file.executable) continue;
    fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add, error);
    if (error) return not_written(path, error.message());
  }
  return {};
}

std::string project_tree(const std::vector<ProjectFile>& files, std::string_view indent) {
  // Folders after the files beside them, as most people look for the files first.
  std::string out;
  std::vector<std::pair<std::string, std::vector<std::string>>> folders;
  std::vector<std::string> top;
  for (const ProjectFile& file : files) {
    const std::string parent = file.path.parent_path().string();
    if (parent.empty()) {
      top.push_back(file.path.string());
    } else {
      if (folders.empty() || folders.back().first != parent) folders.emplace_back(parent, std::vector<std::string>{});
      folders.back().second.push_back(file.path.filename().string());
    }
  }
  const auto branch = [&](std::string_view stem, bool last, const std::string& name) {
    out += fmt::format("{}{}{} {}\n", indent, stem, last ? "└──" : "├──", name);
  };
  for (std::size_t i = 0; i < top.size(); ++i) branch("", folders.empty() && i + 1 == top.size(), top[i]);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const bool last = i + 1 == folders.size();
    branch("", last, folders[i].first + "/");
    const auto& names = folders[i].second;
    for (std::size_t j = 0; j < names.size(); ++j) branch(last ? "    " : "│   ", j + 1 == names.size(), names[j]);
  }
  return out;
}

}  // namespace jina::cli

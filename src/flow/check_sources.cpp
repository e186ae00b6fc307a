#include "flow/check_sources.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>

#include "config/load.hpp"

namespace jina::flow {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view word_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(0, end);
}

/// What stands between the bracket at `open` and its partner; nothing when it has none. Texts in quotes are skipped.
std::optional<std::string_view> bracketed(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      const auto end = text.find(c, i + 1);
      if (end == text.npos) return std::nullopt;
      i = end;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if ((c == ')' || c == ']' || c == '}') && --depth == 0) {
      return text.substr(open + 1, i - open - 1);
    }
  }
  return std::nullopt;
}

/// At commas that are in no brackets.
std::vector<std::string_view> split_arguments(std::string_view text) {
  std::vector<std::string_view> out;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if ((c == '"' || c == '\'') && text.find(c, i + 1) != text.npos) {
      i = text.find(c, i + 1);
      continue;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c != ',' || (depth > 0 && i < text.size())) continue;
    if (const auto part = trim(text.substr(begin, i - begin)); !part.empty()) out.push_back(part);
    begin = i + 1;
  }
  return out;
}

// ---- C++
// --------------------------------------------------------------------------------------------------------------------------

std::string without_comments(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      std::size_t end = i + 1;
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
      out += text.substr(i, std::min(end, text.size() - 1) + 1 - i);
      i = end;
    } else if (text.substr(i, 2) == "//") {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
    } else if (text.substr(i, 2) == "/*") {
      const auto end = text.find("*/", i + 2);
      i = end == text.npos ? text.size() : end + 1;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Members of the described struct that the only constructor of `type` takes.
std::optional<std::vector<std::string>> described_arguments(std::string_view text, std::string_view type) {
  std::string_view options;
  const std::string call = std::string(type) + "(";
  for (auto at = text.find(call); at != text.npos; at = text.find(call, at + 1)) {
    const auto before = trim(text.substr(0, at));
    if (!before.ends_with("explicit")) continue;
    if (!options.empty()) return std::nullopt;
    const auto inside = bracketed(text, at + call.size() - 1);
    if (!inside || split_arguments(*inside).size() != 1) return std::nullopt;
    auto parameter = trim(*inside);
    if (parameter.starts_with("const ")) parameter = trim(parameter.substr(6));
    options = word_at(parameter);
  }
  if (options.empty()) return std::nullopt;
  const std::string macro = "BOOST_DESCRIBE_STRUCT(";
  for (auto at = text.find(macro); at != text.npos; at = text.find(macro, at + 1)) {
    const auto inside = bracketed(text, at + macro.size() - 1);
    if (!inside) return std::nullopt;
    const auto parts = split_arguments(*inside);
    if (parts.size() != 3 || parts[0] != options || parts[1] != "()" || parts[2].size() < 2) continue;
    std::vector<std::string> names;
    for (const auto name : split_arguments(parts[2].substr(1, parts[2].size() - 2))) names.emplace_back(name);
    return names;
  }
  return std::nullopt;
}

SourceClasses scan_cpp(std::string_view source) {
  const auto text = without_comments(source);
  const std::string_view all = text;
  SourceClasses out;
  out.complete = all.find("JINA_MODULE") != all.npos;
  for (auto at = all.find("add<"); at != all.npos; at = all.find("add<", at + 1)) {
    const auto close = all.find('>', at);
    const auto type = close == all.npos ? std::string_view{} : trim(all.substr(at + 4, close - at - 4));
    const auto rest = close == all.npos ? std::string_view{} : all.substr(close + 1);
    const auto quoted = rest.starts_with("(\"") ? rest.substr(2, rest.find('"', 2) - 2) : std::string_view{};
    if (type.empty() || quoted.empty()) {
      out.complete = false;
      continue;
    }
    out.names.emplace_back(quoted);
    const auto colon = type.rfind(':');
    if (auto arguments = described_arguments(all, colon == type.npos ? type : type.substr(colon + 1)))
      out.arguments[std::string(quoted)] = std::move(*arguments);
  }
  // Who hands the registry on adds more elsewhere; who describes an argument by hand may give it another name.
  for (auto at = all.find("(registry)"); at != all.npos; at = all.find("(registry)", at + 1))
    if (!all.substr(0, at).ends_with("JINA_MODULE")) out.complete = false;
  if (all.find("describe(") != all.npos) out.arguments.clear();
  out.complete = out.complete && !out.names.empty();
  return out;
}

// ---- Python
// -----------------------------------------------------------------------------------------------------------------------

// Modules that bring no Executors of their own along. Of others nothing is known: what they define counts too, once imported.
constexpr std::string_view kPlainImports[] = {"abc",       "asyncio",
                                              "base64",    "collections",
                                              "copy",      "dataclasses",
                                              "datetime",  "docarray",
                                              "enum",      "functools",
                                              "hashlib",   "io",
                                              "itertools", "jina",
                                              "json",      "logging",
                                              "math",      "numpy",
                                              "os",        "pathlib",
                                              "pandas",    "PIL",
                                              "pydantic",  "random",
                                              "re",        "requests",
                                              "scipy",     "sklearn",
                                              "string",    "subprocess",
                                              "sys",       "tempfile",
                                              "threading", "time",
                                              "torch",     "transformers",
                                              "typing",    "typing_extensions",
                                              "uuid",      "warnings"};

/// Whether an import may take in more classes: from a file of the project, or from a module that is not known.
bool imports_more(std::string_view line, const std::filesystem::path& folder) {
  const bool from = line.starts_with("from ");
  if (!from && !line.starts_with("import ")) return false;
  const auto module = trim(line.substr(from ? 5 : 7));
  if (module.starts_with('.')) return true;
  const std::string top(word_at(module));
  std::error_code ignored;
  if (std::filesystem::exists(folder / (top + ".py"), ignored) || std::filesystem::exists(folder / top, ignored)) return true;
  return std::find(std::begin(kPlainImports), std::end(kPlainImports), top) == std::end(kPlainImports);
}

/// The parameters of an __init__, without self, *args and **kwargs.
std::vector<std::string> parameters_of(std::string_view signature) {
  std::vector<std::string> names;
  for (const auto part : split_arguments(signature)) {
    if (part.starts_with('*') || part == "/") continue;
    if (const auto name = word_at(part); name != "self") names.emplace_back(name);
  }
  return names;
}

SourceClasses scan_python(const std::string& text, const std::filesystem::path& folder) {
  SourceClasses out;
  out.complete = true;
  std::string current;
  bool plain_base = false;
  std::size_t offset = 0;
  std::istringstream lines(text);
  const auto close_class = [&] {
    // One without a constructor has Executor's, which takes nothing of the user's.
    if (!current.empty() && plain_base && !out.arguments.contains(current)) out.arguments[current] = {};
    current.clear();
  };
  for (std::string line; std::getline(lines, line); offset += line.size() + 1) {
    const auto bare = trim(line);
    if (imports_more(bare, folder)) out.complete = false;
    const bool indented = !line.empty() && is_space(line.front());
    if (!indented && !bare.empty() && !bare.starts_with('#') && !bare.starts_with(')')) close_class();
    if (!indented && bare.starts_with("class ")) {
      current = std::string(word_at(trim(bare.substr(6))));
      const auto open = bare.find('(');
      plain_base = open != bare.npos && bare.substr(open).starts_with("(Executor)");
      out.names.push_back(current);
    }
    const auto init = line.find("def __init__(");
    if (current.empty() || init == std::string::npos || line.find_first_not_of(" \t") != init) continue;
    if (const auto inside = bracketed(text, offset + init + 12); inside && inside->find('#') == inside->npos)
      out.arguments[current] = parameters_of(*inside);
    else
      plain_base = false;
  }
  close_class();
  return out;
}

}  // namespace

std::optional<SourceClasses> scan_source(const std::filesystem::path& path) {
  const auto extension = path.extension().string();
  const bool python = extension == ".py";
  if (!python && extension != ".cpp" && extension != ".cc" && extension != ".cxx") return std::nullopt;
  const auto text = config::read_whole_file(path);
  if (!text) return std::nullopt;
  return python ? scan_python(*text, path.parent_path()) : scan_cpp(*text);
}

}  // namespace jina::flow

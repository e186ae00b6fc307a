#include "cli/diagnostic_output.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <sstream>
#include <vector>

#include "config/load.hpp"

namespace jina::cli {

using config::Diagnostic;
using config::Severity;

namespace {

/// Files by line, each read once.
class Sources {
 public:
  /// Nothing when there is no such line.
  const std::string* line(const std::string& file, int number) {
    auto [at, fresh] = files_.try_emplace(file);
    if (fresh)
      if (const auto text = config::read_whole_file(file)) {
        std::istringstream lines(*text);
        for (std::string each; std::getline(lines, each);) at->second.push_back(each);
      }
    const auto index = static_cast<std::size_t>(number - 1);
    return number > 0 && index < at->second.size() ? &at->second[index] : nullptr;
  }

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

/// Signs of the word, text in quotes or list that begins at `column`.
std::size_t length_at(const std::string& line, std::size_t column) {
  if (column >= line.size()) return 1;
  const char first = line[column];
  const char partner = first == '"' || first == '\'' ? first : first == '[' ? ']' : first == '{' ? '}' : '\0';
  if (partner != '\0') {
    const auto end = line.find(partner, column + 1);
    return end == line.npos ? line.size() - column : end + 1 - column;
  }
  auto end = line.find_first_of(",]}", column);
  if (const auto comment = line.find(" #", column); comment < end) end = comment;
  if (const auto colon = line.find(": ", column); colon < end) end = colon;
  if (end == line.npos) end = line.size();
  if (line[end - 1] == ':') --end;
  while (end > column + 1 && (line[end - 1] == ' ' || line[end - 1] == '\r')) --end;
  return std::max<std::size_t>(1, end - column);
}

/// UTF-8 signs, not bytes: the caret stands below what it means.
std::size_t signs(std::string_view text) {
  std::size_t count = 0;
  for (const unsigned char c : text) count += (c & 0xC0U) != 0x80U ? 1U : 0U;
  return count;
}

std::string excerpt(const std::string& line, int number, int column, const Style& style, bool error) {
  const auto start = std::min(static_cast<std::size_t>(std::max(column - 1, 0)), line.size());
  const auto length = length_at(line, start);
  const std::string margin(std::to_string(number).size(), ' ');
  const std::string mark =
      "^" + std::string(signs(std::string_view(line).substr(start, length)) - (start < line.size() ? 1 : 0), '~');
  return fmt::format("  {} {}\n  {} {}{}\n", style.dim(fmt::format("{} |", number)), line, style.dim(margin + " |"),
                     std::string(signs(std::string_view(line).substr(0, start)), ' '),
                     error ? style.red(mark) : style.yellow(mark));
}

/// GitHub's own escapes.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\n')
      out += "%0A";
    else if (c == '\r')
      out += "%0D";
    else
      out += c;
  }
  return out;
}

/// An item with the word for what it is.
struct Entry {
  const Diagnostic& item;
  std::string_view word;
};

std::vector<Entry> entries_of(std::span<const Diagnostic> items, std::span<const Diagnostic> notes) {
  std::vector<Entry> all;
  for (const auto& item : items) all.push_back({item, to_string(item.severity)});
  for (const auto& item : notes) all.push_back({item, "note"});
  return all;
}

}  // namespace

std::string diagnostics_as_text(std::span<const Diagnostic> items, std::span<const Diagnostic> notes, const Style& style) {
  Sources sources;
  std::string out;
  for (const auto& [item, kind] : entries_of(items, notes)) {
    const bool error = kind == "error";
    const std::string word(kind);
    out += config::place(style.bold(item.source), item.position,
                         (error            ? style.red(word)
                          : kind == "note" ? style.cyan(word)
                                           : style.yellow(word)) +
                             ": " + item.sentence());
    out += "\n";
    if (const auto* line = sources.line(item.source, item.position.line))
      out += excerpt(*line, item.position.line, item.position.column, style, error);
  }
  return out;
}

std::string diagnostics_as_json(std::span<const Diagnostic> items, std::span<const Diagnostic> notes) {
  boost::json::array list;
  for (const auto& [item, kind] : entries_of(items, notes)) {
    boost::json::object entry{{"severity", kind}, {"file", item.source}, {"message", item.message}};
    if (item.position.line > 0) {
      entry["line"] = item.position.line;
      entry["column"] = item.position.column;
    }
    if (!item.hint.empty()) entry["hint"] = item.hint;
    list.push_back(std::move(entry));
  }
  return boost::json::serialize(list) + "\n";
}

std::string diagnostics_as_github(std::span<const Diagnostic> items, std::span<const Diagnostic> notes) {
  std::string out;
  for (const auto& [item, kind] : entries_of(items, notes))
    out += fmt::format("::{} file={}{}::{}\n", kind == "note" ? "notice" : kind, escaped(item.source),
                       item.position.line > 0 ? fmt::format(",line={},col={}", item.position.line, item.position.column) : "",
                       escaped(item.sentence()));
  return out;
}

}  // namespace jina::cli

#include "config/diagnostics.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>

#include "config/suggest.hpp"

namespace jina::config {

std::string_view to_string(Severity severity) noexcept { return severity == Severity::kError ? "error" : "warning"; }

std::string Diagnostic::sentence() const { return hint.empty() ? message : message + "; " + hint; }

std::string Diagnostic::to_string() const { return place(source, position, sentence()); }

namespace {

struct Placed {
  std::string_view source;
  Position position;
  std::string_view message;
};

/// Reads ":12" at `at` and moves behind it.
std::optional<int> take_number(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != ':') return std::nullopt;
  std::size_t end = at + 1;
  int number = 0;
  while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0 && end - at < 9)
    number = number * 10 + (text[end++] - '0');
  if (end == at + 1) return std::nullopt;
  at = end;
  return number;
}

/// "flow.yml:5:3: message" taken apart, where what stands in front is a file.
std::optional<Placed> take_place(std::string_view text, std::string_view source) {
  for (auto colon = text.find(':'); colon != text.npos; colon = text.find(':', colon + 1)) {
    std::size_t at = colon;
    const auto line = take_number(text, at);
    const auto column = line ? take_number(text, at) : std::nullopt;
    if (!column || !text.substr(at).starts_with(": ")) continue;
    const auto file = text.substr(0, colon);
    std::error_code ignored;
    if (file != source && !std::filesystem::exists(std::string(file), ignored)) return std::nullopt;
    return Placed{file, {*line, *column}, text.substr(at + 2)};
  }
  return std::nullopt;
}

}  // namespace

void Diagnostics::add(Severity severity, std::string_view source, Position position, std::string message, std::string hint) {
  Diagnostic item{severity, std::string(source), position, std::move(message), std::move(hint)};
  // What one file says of several Executors is said once.
  for (const auto& known : items_)
    if (known.severity == severity && known.position == position && known.source == item.source && known.message == item.message)
      return;
  items_.push_back(std::move(item));
}

void Diagnostics::add_text(Severity severity, std::string_view source, Position position, std::string_view text) {
  // Some only say which file.
  if (!source.empty() && text.starts_with(std::string(source) + ": ")) text.remove_prefix(source.size() + 2);
  if (const auto placed = take_place(text, source))
    add(severity, placed->source, placed->position, std::string(placed->message));
  else
    add(severity, source, position, std::string(text));
}

void Diagnostics::append(const Diagnostics& more) {
  for (const auto& item : more.items_) add(item.severity, item.source, item.position, item.message, item.hint);
}

void Diagnostics::name_files_beside(const std::string& file) {
  namespace fs = std::filesystem;
  const auto folder = fs::path(file).parent_path();
  std::error_code ignored;
  const auto here = fs::absolute(folder.empty() ? fs::path(".") : folder, ignored).lexically_normal();
  for (auto& item : items_) {
    const fs::path path(item.source);
    if (!path.is_absolute() || item.source == file) continue;
    const auto relative = path.lexically_normal().lexically_relative(here.has_filename() ? here : here.parent_path());
    if (!relative.empty() && !relative.string().starts_with("..")) item.source = (folder / relative).string();
  }
}

bool Diagnostics::has_errors() const noexcept { return count(Severity::kError) > 0; }

std::size_t Diagnostics::count(Severity severity) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(items_.begin(), items_.end(), [&](const Diagnostic& item) { return item.severity == severity; }));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<std::string> files;
  for (const auto& item : items_)
    if (std::find(files.begin(), files.end(), item.source) == files.end()) files.push_back(item.source);
  const auto number = [&](const Diagnostic& item) { return std::find(files.begin(), files.end(), item.source) - files.begin(); };
  auto out = items_;
  std::stable_sort(out.begin(), out.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    const bool a_placed = a.position.line > 0;
    const bool b_placed = b.position.line > 0;
    if (a_placed != b_placed) return a_placed;
    if (const auto x = number(a), y = number(b); x != y) return x < y;
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  return out;
}

std::vector<std::string> Diagnostics::texts(Severity severity) const {
  std::vector<std::string> out;
  for (const auto& item : sorted())
    if (item.severity == severity) out.push_back(item.to_string());
  return out;
}

Status Diagnostics::status() const {
  std::string all;
  for (const auto& text : texts(Severity::kError)) all += (all.empty() ? "" : "\n") + text;
  return all.empty() ? Status{} : Status{StatusCode::kInvalidArgument, std::move(all)};
}

std::string suggestion(std::string_view typed, std::span<const std::string> known) {
  const auto near = nearest_name(typed, known);
  return near.empty() ? "" : "did you mean '" + near + "'?";
}

}  // namespace jina::config

#include "config/search_path.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace jina::config {

namespace fs = std::filesystem;

namespace {

// What a person would look at: not the inside of hidden folders and build trees, and no more than a small project has.
constexpr int kDepth = 4;
constexpr int kEntries = 2000;

bool is_worth_a_look(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return !name.starts_with('.') && name != "build" && name != "node_modules" && name != "__pycache__";
}

std::string find_below(const fs::path& folder, const fs::path& name) {
  std::error_code error;
  int left = kEntries;
  for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error), end;
       !error && at != end && left > 0; at.increment(error), --left) {
    std::error_code unreadable;
    if (at->is_directory(unreadable)) {
      if (at.depth() >= kDepth || !is_worth_a_look(at->path())) at.disable_recursion_pending();
    } else if (at->path().filename() == name) {
      return at->path().lexically_relative(folder).string();
    }
  }
  return "";
}

}  // namespace

SearchPath::SearchPath(const fs::path& directory, std::span<const std::string> extra) {
  std::error_code error;
  const auto here = fs::current_path(error);
  if (!directory.empty()) add(here / directory);
  for (const auto& place : extra) {
    if (!directory.empty()) add(here / directory / place);
    add(here / place);
  }
  add(here);
}

void SearchPath::add(const fs::path& place) {
  auto plain = place.lexically_normal();
  if (!plain.has_filename() && plain.has_relative_path()) plain = plain.parent_path();  // "a/" is "a"
  if (std::find(places_.begin(), places_.end(), plain) == places_.end()) places_.push_back(std::move(plain));
}

Result<fs::path> SearchPath::find_module(const std::string& name) const {
  auto path = find(name);
  const std::string extension = fs::path(name).extension().string();
  if (path || (extension != ".cpp" && extension != ".cc" && extension != ".cxx")) return path;
  auto built = find(fs::path(name).replace_extension(".so").string());
  return built ? built : path;
}

Result<fs::path> SearchPath::find(const std::string& name) const {
  std::error_code error;
  const bool absolute = fs::path(name).is_absolute();
  for (const auto& place : places_) {
    auto path = (place / name).lexically_normal();  // `name` alone when it is absolute
    if (fs::exists(path, error)) return path;
    if (absolute) break;
  }
  if (absolute) return Status{StatusCode::kNotFound, "the file '" + name + "' does not exist"};
  std::vector<std::string> tried;
  tried.reserve(places_.size());
  for (const auto& place : places_) tried.push_back(place.string());
  auto message = fmt::format("the file '{}' does not exist; looked in {}", name, fmt::join(tried, ", "));
  for (const auto& place : places_)
    if (const auto found = find_below(place, fs::path(name).filename()); !found.empty() && found != name)
      return Status{StatusCode::kNotFound, message + fmt::format("; did you mean '{}'?", found)};
  return Status{StatusCode::kNotFound, message};
}

}  // namespace jina::config

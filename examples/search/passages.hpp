// Markdown files cut into passages: each has a heading of its own, or is a part of a long section.
#pragma once
#include <jina/document.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace search {

/// The .md files below `folder`, in order.
inline std::vector<std::filesystem::path> markdown_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".md") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// Documents with text, tags source, title and section; ids are source#number, so that the same passage has the same id tomorrow.
class PassageReader {
 public:
  explicit PassageReader(std::string source) : source_(std::move(source)) {}

  jina::DocumentArray read(std::istream& in) {
    std::string line;
    while (std::getline(in, line)) {
      if (line.starts_with("```")) fenced_ = !fenced_;
      const std::size_t level = fenced_ ? 0 : line.find_first_not_of('#');
      if (level != std::string::npos && level > 0 && level <= 4 && line[level] == ' ') {
        finish();
        heading(level, line.substr(level + 1));
      } else {
        // A long section is cut where a paragraph ends.
        if (line.empty() && !fenced_ && text_.size() > kLongEnough) finish();
        text_ += line + '\n';
      }
    }
    finish();
    return std::move(docs_);
  }

 private:
  static constexpr std::size_t kLongEnough = 700;
  static constexpr std::size_t kTooShort = 30;  // a heading's own introduction, a rule

  void heading(std::size_t level, std::string text) {
    if (title_.empty()) title_ = text;
    headings_.resize(std::min(headings_.size(), level - 1));
    headings_.push_back(std::move(text));
  }

  void finish() {
    const auto first = text_.find_first_not_of(" \n");
    const std::string body = first == std::string::npos ? "" : text_.substr(first, text_.find_last_not_of(" \n") + 1 - first);
    text_.clear();
    if (body.size() < kTooShort) return;
    std::string section;
    for (const std::string& heading : headings_) section += (section.empty() ? "" : " / ") + heading;
    jina::Document doc{{.id = source_ + "#" + std::to_string(docs_.size()), .text = section + "\n" + body}};
    doc.tags = {{"source", source_}, {"title", title_}, {"section", section}};
    docs_.push_back(std::move(doc));
  }

  std::string source_;
  std::string title_;
  std::vector<std::string> headings_;
  std::string text_;
  bool fenced_ = false;
  jina::DocumentArray docs_;
};

}  // namespace search

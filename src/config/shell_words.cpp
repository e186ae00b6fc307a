#include "config/shell_words.hpp"

namespace jina::config {

namespace {
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kSpecial = " \t\r\n'\"\\";
}  // namespace

std::vector<std::string> split_shell_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;  // of a word; an empty pair of quotes is one too
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else if (quote == '"' && c == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\'))
        word += text[++i];
      else
        word += c;
    } else if (kBlanks.find(c) != std::string::npos) {
      if (inside) words.push_back(std::move(word));
      word.clear();
      inside = false;
    } else {
      inside = true;
      if (c == '\'' || c == '"')
        quote = c;
      else
        word += c == '\\' && i + 1 < text.size() ? text[++i] : c;
    }
  }
  if (inside) words.push_back(std::move(word));
  return words;
}

std::string join_shell_words(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    if (!word.empty() && word.find_first_of(kSpecial) == std::string::npos) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += '\'';
  }
  return text;
}

}  // namespace jina::config

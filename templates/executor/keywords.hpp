// What this Executor does, without a network: the words of a text that are worth keeping.
#pragma once
#include <cctype>
#include <string>
#include <string_view>

/// The words of at least `min_letters` letters, in small letters, blanks between.
inline std::string keywords(std::string_view text, std::size_t min_letters) {
  std::string found;
  std::string word;
  const auto flush = [&] {
    if (word.size() >= min_letters && !word.empty()) found += (found.empty() ? "" : " ") + word;
    word.clear();
  };
  for (const char c : text) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0 || letter >= 0x80)
      word += static_cast<char>(std::tolower(letter));
    else
      flush();
  }
  flush();
  return found;
}

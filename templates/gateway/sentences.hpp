// What this gateway does, without a network: texts into sentences.
#pragma once
#include <string>
#include <string_view>
#include <vector>

/// "One. Two!" -> "One.", "Two!". At most `limit`; the rest of the text is left out.
inline std::vector<std::string> sentences(std::string_view text, std::size_t limit = 100) {
  std::vector<std::string> found;
  std::size_t start = text.find_first_not_of(' ');
  while (start != text.npos && found.size() < limit) {
    std::size_t end = text.find_first_of(".!?", start);
    end = end == text.npos ? text.size() : text.find_first_not_of(".!?", end);
    found.emplace_back(text.substr(start, end == text.npos ? end : end - start));
    start = end == text.npos ? end : text.find_first_not_of(' ', end);
  }
  return found;
}

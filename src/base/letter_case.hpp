// lower_case: ASCII letters made small, as names of headers, schemes and options are compared; other bytes stay.
//
// Thread: free functions. Lifetime: none. Cancellation: none.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

namespace jina {

constexpr char lower_case(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

inline std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower_case(c);
  return out;
}

inline bool equal_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower_case(x) == lower_case(y); });
}

}  // namespace jina

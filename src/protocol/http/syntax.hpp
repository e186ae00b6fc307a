// The small words of HTTP's grammar: tokens, field values, lists.
//
// Thread: pure functions. Lifetime: views of their arguments. Cancellation: none.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace jina::http {

namespace detail {
// Lower case of every token character (RFC 9110, 5.6.2), zero for all others: one look-up tests and folds.
inline constexpr std::array<char, 256> kToken = [] {
  std::array<char, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[c] = static_cast<char>(c);
  for (int c = 'a'; c <= 'z'; ++c) table[c] = static_cast<char>(c);
  for (int c = 'A'; c <= 'Z'; ++c) table[c] = static_cast<char>(c - 'A' + 'a');
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = c;
  return table;
}();

// Characters of a host with or without a port.
inline constexpr std::array<bool, 256> kHost = [] {
  std::array<bool, 256> table{};
  for (int c = 0x21; c < 0x7f; ++c) table[c] = true;
  for (const char c : std::string_view("/?#@,\\")) table[static_cast<unsigned char>(c)] = false;
  return table;
}();

/// Length of the start of `text`, in steps of eight bytes, that has no byte below `lowest` and no DEL; bytes above 127 count as
/// below when `ascii`. Nearly all texts are clean: what is behind it is for a loop over bytes.
inline std::size_t clean_start(std::string_view text, unsigned char lowest, bool ascii) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHigh = 0x8080808080808080;
  std::size_t at = 0;
  for (; text.size() - at >= 8; at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    const std::uint64_t no_del = eight ^ kOnes * 0x7f;
    const std::uint64_t wrong = ((eight - kOnes * lowest) & ~eight) | ((no_del - kOnes) & ~no_del) | (ascii ? eight : 0);
    if ((wrong & kHigh) != 0) break;
  }
  return at;
}
}  // namespace detail

inline char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline bool is_token(std::string_view text) noexcept {
  for (const char c : text)
    if (detail::kToken[static_cast<unsigned char>(c)] == 0) return false;
  return !text.empty();
}

/// Visible characters, bytes above 127, spaces and tabs; nothing that could end the line.
inline bool is_field_value(std::string_view text) noexcept {
  text.remove_prefix(detail::clean_start(text, 0x20, false));
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return false;
  }
  return true;
}

/// Printable ASCII without spaces: what a target consists of.
inline bool is_visible(std::string_view text) noexcept {
  text.remove_prefix(detail::clean_start(text, 0x21, true));
  for (const char c : text)
    if (c <= 0x20 || c >= 0x7f) return false;
  return true;
}

/// Characters that a host with or without a port may have; not whether such a host exists.
inline bool is_host(std::string_view text) noexcept {
  for (const char c : text)
    if (!detail::kHost[static_cast<unsigned char>(c)]) return false;
  return true;
}

/// The token in lower case; false when it is none, and `out` is of no use then.
inline bool assign_lower(std::string& out, std::string_view token) {
  out.resize(token.size());
  char* const to = out.data();
  bool good = !token.empty();
  for (std::size_t i = 0; i < token.size(); ++i) {
    to[i] = detail::kToken[static_cast<unsigned char>(token[i])];
    good &= to[i] != 0;
  }
  return good;
}

inline bool equal_nocase(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

/// Without spaces and tabs at the ends.
inline std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Calls `visit` with every element of a comma-separated list that is not empty.
template <class Visitor>
void for_each_element(std::string_view list, Visitor&& visit) {
  while (!list.empty()) {
    const auto end = list.find(',');
    if (const std::string_view element = trim(list.substr(0, end)); !element.empty()) visit(element);
    list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
  }
}

}  // namespace jina::http

// One JSON string literal, with Python's rules and messages.
//
// Thread: free function. Lifetime: the text points into the source, or into the arena when there were escapes. Cancellation: none.
#pragma once
#include <string_view>

#include "document/json/value.hpp"

namespace jina::pyjson {

struct ScannedString {
  std::string_view text;
  bool lone_surrogate = false;
  const char* after = nullptr;  ///< behind the closing quote, or where the error is
  const char* error = nullptr;
};

/// REQUIRES: *at is the opening quote; [at, end) is UTF-8.
ScannedString scan_string(const char* at, const char* end, Arena& arena);

/// Where a run of plain characters ends: at a quote, a backslash, a control character or the end.
const char* find_special(const char* at, const char* end) noexcept;

/// Appends `code` in UTF-8 (surrogates in three bytes); returns the place after it.
char* put_code_point(char* out, std::uint32_t code) noexcept;

}  // namespace jina::pyjson

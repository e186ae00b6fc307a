// Output: appends JSON to a string as Python's json.dumps does in one of Jina's two dialects, and remembers what could not be said.
//
// Thread: plain object. Lifetime: the string outlives it. Cancellation: none.
#pragma once
#include <cmath>
#include <string>
#include <string_view>

#include "base/json_string.hpp"
#include "base/python_number.hpp"
#include "document/json/json_response.hpp"

namespace jina::pyjson {

class Output {
 public:
  Output(std::string& text, JsonDialect dialect) : text_(text), dialect_(dialect) {}

  bool http() const noexcept { return dialect_ == JsonDialect::kHttp; }
  std::string& text() noexcept { return text_; }

  /// Punctuation, keys and other text that needs no escapes.
  void raw(std::string_view literal) { text_ += literal; }
  void string(std::string_view value) {
    if (!(http() ? append_utf8_string(text_, value) : append_ascii_string(text_, value))) fail("a text is not UTF-8");
  }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  template <class Integer>
  void integer(Integer value) {
    char digits[kMaxNumberSize];
    if constexpr (std::is_signed_v<Integer>) {
      text_.append(digits, static_cast<std::size_t>(format_integer(digits, static_cast<std::int64_t>(value)) - digits));
    } else {
      text_.append(digits, static_cast<std::size_t>(format_integer(digits, static_cast<std::uint64_t>(value)) - digits));
    }
  }
  /// NaN and infinity have literals over WebSocket only.
  void real(double value) {
    if (std::isfinite(value)) return append_float(text_, value);
    if (http()) return fail("NaN or infinity, which JSON has no literal for");
    raw(std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
  }
  /// The text when there is one, else null.
  void string_or_null(std::string_view value) {
    if (value.empty()) return raw("null");
    string(value);
  }

  /// The first problem stays; writing goes on to nowhere useful.
  void fail(std::string_view what) {
    if (problem_.empty()) problem_ = what;
  }
  bool failed() const noexcept { return !problem_.empty(); }
  const std::string& problem() const noexcept { return problem_; }

 private:
  std::string& text_;
  JsonDialect dialect_;
  std::string problem_;
};

}  // namespace jina::pyjson

// JSON text as Python writes it: numbers in repr form, strings raw or with \u escapes.
//
// Thread: free functions. Lifetime: append to the caller's string. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace jina::json {

enum class Escape : bool { kUtf8, kAscii };  ///< kAscii: everything outside of ASCII as \uXXXX

/// Quotes included. `text` is expected to be UTF-8; broken bytes become U+FFFD.
void append_string(std::string& out, std::string_view text, Escape escape = Escape::kUtf8);
/// Python's repr: 1.0, 0.1, 1e+30, 1e-05. NaN and infinities as Python's json would (NaN, Infinity): callers refuse them first.
void append_float(std::string& out, double value);
void append_integer(std::string& out, std::int64_t value);
/// Integers stay integers, doubles have a point or an exponent.
void append_value(std::string& out, const boost::json::value& value, Escape escape = Escape::kUtf8);
void append_object(std::string& out, const boost::json::object& object, Escape escape = Escape::kUtf8);

/// Whether a NaN or an infinity is in it: JSON has none, so the answer can not be written.
bool has_non_finite(const boost::json::value& value) noexcept;

}  // namespace jina::json

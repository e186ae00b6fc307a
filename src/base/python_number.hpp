// Numbers as Python writes and reads them.
//
// Thread: free functions. Lifetime: none. Cancellation: none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jina::pyjson {

/// The most characters that format_float and format_integer write.
inline constexpr std::size_t kMaxNumberSize = 32;

/// repr(float): the shortest digits that read back the same ("0.1", "1.0", "1e+16", "1e-05"); "nan", "inf", "-inf". Returns the
/// place after the last character.
char* format_float(char* out, double value) noexcept;
char* format_integer(char* out, std::int64_t value) noexcept;
char* format_integer(char* out, std::uint64_t value) noexcept;
void append_float(std::string& out, double value);

/// The text without the underscores that stand between two digits (Python's rule); nothing when one stands elsewhere.
std::optional<std::string> without_underscores(std::string_view text);
/// float(text): surrounding white space, a sign, "_" between digits, "inf", "infinity" and "nan" are fine.
std::optional<double> float_from(std::string_view text);
/// The digits of what int(text) takes.
struct IntegerText {
  bool negative = false;
  std::string digits{};
};
/// Nothing where Python raises ValueError, and for more than 4300 characters, as pydantic has it.
std::optional<IntegerText> integer_text(std::string_view text);
/// int(text), decimal; beyond 64 bits the nearest end. Nothing for more than 4300 characters, as pydantic has it.
std::optional<std::int64_t> int_from(std::string_view text);
/// int(value): cut towards zero, beyond 64 bits the nearest end; nothing for NaN and infinity.
std::optional<std::int64_t> int_from(double value);
/// An integer literal of any size as a float; infinity where Python raises OverflowError.
double float_from_digits(std::string_view digits);

}  // namespace jina::pyjson

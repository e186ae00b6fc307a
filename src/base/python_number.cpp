#include "base/python_number.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace jina::pyjson {
namespace {

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// What str.strip() takes off: ASCII white space and the Unicode characters that Python counts as such.
std::size_t leading_space(std::string_view text) {
  if (text.empty()) return 0;
  const char c = text[0];
  if (c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f')) return 1;
  for (const std::string_view wide :
       {"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
        "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"}) {
    if (text.substr(0, wide.size()) == wide) return wide.size();
  }
  return 0;
}
// Visible ASCII: neither white space nor a part of a wide character.
bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

std::string_view strip(std::string_view text) {
  if (!text.empty() && is_visible(text.front()) && is_visible(text.back())) return text;
  while (const std::size_t size = leading_space(text)) text.remove_prefix(size);
  for (bool again = true; again && !text.empty();) {
    again = false;
    for (std::size_t size = 1; size <= 3 && size <= text.size(); ++size) {
      if (leading_space(text.substr(text.size() - size)) == size) {
        text.remove_suffix(size);
        again = true;
        break;
      }
    }
  }
  return text;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

// [digits][.digits][e[+-]digits] with a digit in front of the exponent.
bool is_decimal(std::string_view text) {
  std::size_t at = 0;
  std::size_t digits = 0;
  const auto run = [&] {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - from;
  };
  digits += run();
  if (at < text.size() && text[at] == '.') {
    ++at;
    digits += run();
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (run() == 0) return false;
  }
  return at == text.size();
}

}  // namespace

std::optional<std::string> without_underscores(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      out += text[i];
      continue;
    }
    if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) return std::nullopt;
  }
  return out;
}

char* format_float(char* out, double value) noexcept {
  char* const end = fmt::format_to(out, FMT_COMPILE("{}"), value);
  // fmt chooses digits and notation as Python does, but writes whole numbers without a fraction.
  if (std::memchr(out, '.', static_cast<std::size_t>(end - out)) != nullptr) return end;
  if (std::memchr(out, 'e', static_cast<std::size_t>(end - out)) != nullptr || !std::isfinite(value)) return end;
  end[0] = '.';
  end[1] = '0';
  return end + 2;
}
char* format_integer(char* out, std::int64_t value) noexcept { return std::to_chars(out, out + kMaxNumberSize, value).ptr; }
char* format_integer(char* out, std::uint64_t value) noexcept { return std::to_chars(out, out + kMaxNumberSize, value).ptr; }

void append_float(std::string& out, double value) {
  char text[kMaxNumberSize];
  out.append(text, static_cast<std::size_t>(format_float(text, value) - text));
}

std::optional<double> float_from(std::string_view text) {
  text = strip(text);
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  double value = 0;
  if (equals_ignoring_case(text, "inf") || equals_ignoring_case(text, "infinity")) {
    value = std::numeric_limits<double>::infinity();
  } else if (equals_ignoring_case(text, "nan")) {
    value = std::numeric_limits<double>::quiet_NaN();
  } else {
    const std::optional<std::string> plain = without_underscores(text);
    if (!plain || !is_decimal(*plain)) return std::nullopt;
    if (std::from_chars(plain->data(), plain->data() + plain->size(), value).ec != std::errc())
      value = std::strtod(plain->c_str(), nullptr);
  }
  return negative ? -value : value;
}

std::optional<IntegerText> integer_text(std::string_view text) {
  constexpr std::size_t kMost = 4300;
  if (text.size() > kMost) return std::nullopt;
  text = strip(text);
  IntegerText integer{!text.empty() && text[0] == '-'};
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  std::optional<std::string> plain = without_underscores(text);
  if (!plain || plain->empty() || !std::all_of(plain->begin(), plain->end(), is_digit)) return std::nullopt;
  integer.digits = *std::move(plain);
  return integer;
}

std::optional<std::int64_t> int_from(std::string_view text) {
  const std::optional<IntegerText> integer = integer_text(text);
  if (!integer) return std::nullopt;
  std::uint64_t size = 0;
  const char* const end = integer->digits.data() + integer->digits.size();
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (std::from_chars(integer->digits.data(), end, size).ec != std::errc() || size > kMost)
    return integer->negative ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  return integer->negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
}

std::optional<std::int64_t> int_from(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  if (value >= 9223372036854775807.0) return std::numeric_limits<std::int64_t>::max();
  if (value <= -9223372036854775808.0) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

double float_from_digits(std::string_view digits) {
  double value = 0;
  const auto [after, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc()) return value;
  const double infinity = std::numeric_limits<double>::infinity();
  return digits.front() == '-' ? -infinity : infinity;
}

}  // namespace jina::pyjson

#include "document/json/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <charconv>
#include <cmath>

namespace jina::json {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void append_unit(std::string& out, unsigned unit) {
  out += {'\\', 'u', kHex[unit >> 12 & 15], kHex[unit >> 8 & 15], kHex[unit >> 4 & 15], kHex[unit & 15]};
}

void append_escaped(std::string& out, char32_t point) {
  if (point < 0x10000) return append_unit(out, static_cast<unsigned>(point));
  point -= 0x10000;
  append_unit(out, 0xd800 + static_cast<unsigned>(point >> 10));
  append_unit(out, 0xdc00 + static_cast<unsigned>(point & 0x3ff));
}

// Decodes one code point at `at` and moves on; U+FFFD for a byte that starts none.
char32_t next_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  if (more == 0 || at + static_cast<std::size_t>(more) >= text.size()) {
    ++at;
    return 0xfffd;
  }
  char32_t point = first & (0x3f >> more);
  for (int i = 1; i <= more; ++i) {
    const unsigned next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xc0) != 0x80) {
      ++at;
      return 0xfffd;
    }
    point = point << 6 | (next & 0x3f);
  }
  at += static_cast<std::size_t>(more) + 1;
  return point;
}

}  // namespace

void append_string(std::string& out, std::string_view text, Escape escape) {
  out += '"';
  std::size_t plain = 0;  // start of what can be copied as it is
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const bool special = c < 0x20 || c == '"' || c == '\\' || (escape == Escape::kAscii && c >= 0x7f);
    if (!special) {
      ++at;
      continue;
    }
    out.append(text.substr(plain, at - plain));
    switch (c) {
      case '"': out += "\\\""; ++at; break;
      case '\\': out += "\\\\"; ++at; break;
      case '\n': out += "\\n"; ++at; break;
      case '\r': out += "\\r"; ++at; break;
      case '\t': out += "\\t"; ++at; break;
      case '\b': out += "\\b"; ++at; break;
      case '\f': out += "\\f"; ++at; break;
      case 0x7f: out += '\x7f'; ++at; break;
      default:
        if (c < 0x20) {
          append_unit(out, c);
          ++at;
        } else {
          append_escaped(out, next_point(text, at));
        }
    }
    plain = at;
  }
  out.append(text.substr(plain));
  out += '"';
}

void append_float(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "Infinity" : "-Infinity";
    return;
  }
  if (value == 0) {
    out += std::signbit(value) ? "-0.0" : "0.0";
    return;
  }
  // Shortest digits that read back equal; Python writes them with an exponent below 1e-4 and from 1e16 on.
  char text[40];
  const double magnitude = std::fabs(value);
  const bool exponent = magnitude < 1e-4 || magnitude >= 1e16;
  const auto result = std::to_chars(text, text + sizeof text, value, exponent ? std::chars_format::scientific : std::chars_format::fixed);
  const std::string_view digits(text, static_cast<std::size_t>(result.ptr - text));
  out.append(digits);
  if (!exponent && digits.find('.') == std::string_view::npos) out += ".0";
}

void append_integer(std::string& out, std::int64_t value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void append_value(std::string& out, const boost::json::value& value, Escape escape) {
  switch (value.kind()) {
    case boost::json::kind::null: out += "null"; break;
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
    case boost::json::kind::int64: append_integer(out, value.get_int64()); break;
    case boost::json::kind::uint64: out += std::to_string(value.get_uint64()); break;
    case boost::json::kind::double_: append_float(out, value.get_double()); break;
    case boost::json::kind::string: append_string(out, value.get_string(), escape); break;
    case boost::json::kind::object: append_object(out, value.get_object(), escape); break;
    case boost::json::kind::array: {
      out += '[';
      bool first = true;
      for (const boost::json::value& item : value.get_array()) {
        if (!std::exchange(first, false)) out += ',';
        append_value(out, item, escape);
      }
      out += ']';
      break;
    }
  }
}

void append_object(std::string& out, const boost::json::object& object, Escape escape) {
  out += '{';
  bool first = true;
  for (const auto& entry : object) {
    if (!std::exchange(first, false)) out += ',';
    append_string(out, entry.key(), escape);
    out += ':';
    append_value(out, entry.value(), escape);
  }
  out += '}';
}

bool has_non_finite(const boost::json::value& value) noexcept {
  if (const auto* number = value.if_double()) return !std::isfinite(*number);
  if (const auto* object = value.if_object()) {
    for (const auto& entry : *object)
      if (has_non_finite(entry.value())) return true;
  }
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array)
      if (has_non_finite(item)) return true;
  }
  return false;
}

}  // namespace jina::json

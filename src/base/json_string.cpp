#include "base/json_string.hpp"

#include <array>
#include <cstdint>

#include "base/utf8.hpp"

namespace jina::pyjson {
namespace {

enum class Class : std::uint8_t { kPlain, kEscape, kDelete, kWide };

constexpr std::array<Class, 256> make_classes() {
  std::array<Class, 256> classes{};
  for (std::size_t i = 0; i < 256; ++i) {
    classes[i] = i < 0x20 || i == '"' || i == '\\' ? Class::kEscape
                 : i < 0x7f                        ? Class::kPlain
                 : i == 0x7f                       ? Class::kDelete
                                                   : Class::kWide;
  }
  return classes;
}
constexpr std::array<Class, 256> kClasses = make_classes();

void append_unicode_escape(std::string& out, std::uint32_t unit) {
  constexpr char kHex[] = "0123456789abcdef";
  out += {'\\', 'u', kHex[unit >> 12 & 15], kHex[unit >> 8 & 15], kHex[unit >> 4 & 15], kHex[unit & 15]};
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    case '\f': out += "\\f"; break;
    case '\b': out += "\\b"; break;
    default: append_unicode_escape(out, static_cast<unsigned char>(c)); break;
  }
}

// Reads one character of two to four bytes, surrogates included; 0 when the bytes are none.
std::uint32_t read_wide(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i])); };
  const std::uint32_t lead = byte(0);
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < size) return 0;
  std::uint32_t code = lead & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 63);
  }
  at += size;
  return code;
}

}  // namespace

bool append_utf8_string(std::string& out, std::string_view text) {
  out += '"';
  bool wide = false;
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Class kind = kClasses[static_cast<unsigned char>(text[i])];
    if (kind == Class::kPlain) continue;
    if (kind == Class::kWide) wide = true;
    if (kind != Class::kEscape) continue;
    out.append(text, run, i - run);
    append_escape(out, text[i]);
    run = i + 1;
  }
  out.append(text, run, text.size() - run);
  out += '"';
  return !wide || is_utf8(text);
}

void append_repaired_string(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  if (append_utf8_string(out, text)) return;
  std::string repaired;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 1;
    while (size < 4 && i + size < text.size() && (text[i + size] & 0xC0) == 0x80) ++size;
    if (is_utf8(text.substr(i, size))) {
      repaired += text.substr(i, size);
      i += size;
    } else {
      repaired += "\uFFFD";
      i += 1;
    }
  }
  out.resize(before);
  (void)append_utf8_string(out, repaired);
}

bool append_ascii_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Class kind = kClasses[static_cast<unsigned char>(text[i])];
    if (kind == Class::kPlain) {
      ++i;
      continue;
    }
    out.append(text, run, i - run);
    if (kind == Class::kEscape) {
      append_escape(out, text[i++]);
    } else if (kind == Class::kDelete) {
      append_unicode_escape(out, static_cast<unsigned char>(text[i++]));
    } else {
      const std::uint32_t code = read_wide(text, i);
      if (code == 0) return false;
      if (code >= 0x10000) {
        append_unicode_escape(out, 0xD800 + ((code - 0x10000) >> 10));
        append_unicode_escape(out, 0xDC00 + ((code - 0x10000) & 0x3FF));
      } else {
        append_unicode_escape(out, code);
      }
    }
    run = i;
  }
  out.append(text, run, text.size() - run);
  out += '"';
  return true;
}

}  // namespace jina::pyjson

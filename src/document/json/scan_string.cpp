#include "document/json/scan_string.hpp"

#include <cstring>

namespace jina::pyjson {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Four hex digits at `at`; false when one is none.
bool read_hex(const char* at, std::uint32_t& code) {
  code = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_value(at[i]);
    if (digit < 0) return false;
    code = code << 4 | static_cast<std::uint32_t>(digit);
  }
  return true;
}

bool is_high(std::uint32_t code) { return (code & 0xFC00) == 0xD800; }
bool is_low(std::uint32_t code) { return (code & 0xFC00) == 0xDC00; }

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighs = 0x8080808080808080;
// Exact for "some byte is zero", which is all that is asked.
constexpr std::uint64_t has_zero(std::uint64_t word) { return (word - kOnes) & ~word & kHighs; }

}  // namespace

const char* find_special(const char* at, const char* end) noexcept {
  while (end - at >= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    const std::uint64_t controls = (word - kOnes * 0x20) & ~word & kHighs;
    if ((controls | has_zero(word ^ kOnes * '"') | has_zero(word ^ kOnes * '\\')) != 0) break;
    at += 8;
  }
  while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
  return at;
}

char* put_code_point(char* out, std::uint32_t code) noexcept {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  }
  return out;
}

ScannedString scan_string(const char* at, const char* end, Arena& arena) {
  ScannedString result;
  const char* const quote = at++;
  const auto fail = [&](const char* error, const char* where) {
    result.error = error;
    result.after = where;
    return result;
  };
  const char* run = at;
  at = find_special(at, end);
  if (at != end && *at == '"') {
    result.text = std::string_view(run, static_cast<std::size_t>(at - run));
    result.after = at + 1;
    return result;
  }

  // With escapes: decoded text is never longer than the source, so find the end first and allocate once.
  const char* close = at;
  while (close != end && *close != '"') close += *close == '\\' && end - close > 1 ? 2 : 1;
  char* const decoded = arena.allocate(static_cast<std::size_t>(close - run));
  char* out = decoded;
  while (true) {
    const auto plain = static_cast<std::size_t>(at - run);
    std::memcpy(out, run, plain);
    out += plain;
    if (at == end) return fail("Unterminated string starting at", quote);
    if (*at == '"') break;
    if (*at != '\\') return fail("Invalid control character at", at);
    const char* const escape = at++;
    if (at == end) return fail("Unterminated string starting at", quote);
    switch (const char c = *at++; c) {
      case '"':
      case '\\':
      case '/': *out++ = c; break;
      case 'b': *out++ = '\b'; break;
      case 'f': *out++ = '\f'; break;
      case 'n': *out++ = '\n'; break;
      case 'r': *out++ = '\r'; break;
      case 't': *out++ = '\t'; break;
      case 'u': {
        std::uint32_t code = 0;
        // Python wants a character after the digits, which a string that is closed always has.
        if (end - at <= 4 || !read_hex(at, code)) return fail("Invalid \\uXXXX escape", at - 1);
        at += 4;
        if (is_high(code) && end - at > 6 && at[0] == '\\' && at[1] == 'u') {
          std::uint32_t low = 0;
          if (!read_hex(at + 2, low)) return fail("Invalid \\uXXXX escape", at + 1);
          if (is_low(low)) {
            code = 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF));
            at += 6;
          }
        }
        if (is_high(code) || is_low(code)) result.lone_surrogate = true;
        out = put_code_point(out, code);
        break;
      }
      default: return fail("Invalid \\escape", escape);
    }
    run = at;
    at = find_special(at, end);
  }
  result.text = std::string_view(decoded, static_cast<std::size_t>(out - decoded));
  result.after = at + 1;
  return result;
}

}  // namespace jina::pyjson

#include "base/base64.hpp"

#include <array>
#include <cstdint>

namespace jina {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::int8_t kForeign = -1;

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(kForeign);
  for (int i = 0; i < 64; ++i) values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  return values;
}
constexpr std::array<std::int8_t, 256> kValues = make_values();

std::optional<std::string> decode(std::string_view text, bool lenient) {
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int quad = 0;  // characters of the current group of four
  int pads = 0;
  for (const char c : text) {
    if (c == '=') {
      if (quad < 2) {
        if (!lenient) return std::nullopt;
        continue;
      }
      ++pads;
      if (quad + pads >= 4) {
        // Python stops at complete padding and does not look at what follows.
        if (lenient) return out;
      }
      continue;
    }
    const std::int8_t value = kValues[static_cast<unsigned char>(c)];
    if (value == kForeign) {
      if (!lenient) return std::nullopt;
      continue;
    }
    if (pads > 0) {
      if (!lenient) return std::nullopt;
      pads = 0;
    }
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if (quad == 1) out += static_cast<char>(bits >> 4);
    if (quad == 2) out += static_cast<char>(bits >> 2);
    if (quad == 3) out += static_cast<char>(bits);
    quad = (quad + 1) % 4;
  }
  if (quad == 1) return std::nullopt;
  if (lenient && quad != 0) return std::nullopt;
  if (!lenient && pads > 0 && (quad == 0 || quad + pads != 4)) return std::nullopt;
  return out;
}

}  // namespace

void base64_append(std::string& out, std::string_view data) {
  out.reserve(out.size() + (data.size() + 2) / 3 * 4);
  std::size_t at = 0;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(data[i])); };
  for (; at + 2 < data.size(); at += 3) {
    const std::uint32_t bits = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    out += {kAlphabet[bits >> 18], kAlphabet[bits >> 12 & 63], kAlphabet[bits >> 6 & 63], kAlphabet[bits & 63]};
  }
  const std::size_t left = data.size() - at;
  if (left == 0) return;
  const std::uint32_t bits = byte(at) << 16 | (left == 2 ? byte(at + 1) << 8 : 0);
  out += {kAlphabet[bits >> 18], kAlphabet[bits >> 12 & 63], left == 2 ? kAlphabet[bits >> 6 & 63] : '=', '='};
}

std::string base64_encode(std::string_view data) {
  std::string out;
  base64_append(out, data);
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) { return decode(text, false); }
std::optional<std::string> base64_decode_lenient(std::string_view text) { return decode(text, true); }

}  // namespace jina

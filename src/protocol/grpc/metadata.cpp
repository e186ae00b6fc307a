#include "protocol/grpc/metadata.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/base64.hpp"

namespace jina::grpc {
namespace {

struct Unit {
  char letter;
  std::int64_t nanoseconds;
};
constexpr std::array<Unit, 6> kUnits = {
    {{'n', 1}, {'u', 1'000}, {'m', 1'000'000}, {'S', 1'000'000'000}, {'M', 60'000'000'000}, {'H', 3'600'000'000'000}}};
constexpr std::int64_t kLargestNumber = 99'999'999;  // eight digits

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool ends_with_bin(std::string_view name) noexcept { return name.ends_with("-bin"); }

}  // namespace

std::optional<std::chrono::nanoseconds> parse_timeout(std::string_view text) noexcept {
  if (text.size() < 2 || text.size() > 9) return std::nullopt;
  const std::string_view digits = text.substr(0, text.size() - 1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.front() == '-') return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (unit.letter != text.back()) continue;
    constexpr std::int64_t kMost = INT64_MAX;
    return std::chrono::nanoseconds(number > kMost / unit.nanoseconds ? kMost : number * unit.nanoseconds);
  }
  return std::nullopt;
}

std::string format_timeout(std::chrono::nanoseconds timeout) {
  const std::int64_t nanoseconds = std::max<std::int64_t>(timeout.count(), 1);
  for (const Unit& unit : kUnits) {
    const std::int64_t number = nanoseconds / unit.nanoseconds + (nanoseconds % unit.nanoseconds != 0 ? 1 : 0);
    if (number <= kLargestNumber) return std::to_string(number) + unit.letter;
  }
  return std::to_string(kLargestNumber) + 'H';
}

std::string percent_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_reserved(std::string_view name) noexcept {
  return name.empty() || name.front() == ':' || name.starts_with("grpc-") || name == "te" || name == "content-type";
}

bool add_received(Metadata& metadata, std::string_view name, std::string_view value) {
  if (!ends_with_bin(name)) {
    metadata.emplace_back(name, value);
    return true;
  }
  for (;;) {
    const std::size_t comma = value.find(',');
    std::optional<std::string> decoded = base64_decode(value.substr(0, comma));
    if (!decoded) return false;
    metadata.emplace_back(std::string(name), std::move(*decoded));
    if (comma == std::string_view::npos) return true;
    value.remove_prefix(comma + 1);
  }
}

std::string encode_value(std::string_view name, std::string_view value) {
  if (!ends_with_bin(name)) return std::string(value);
  std::string encoded = base64_encode(value);
  while (!encoded.empty() && encoded.back() == '=') encoded.pop_back();
  return encoded;
}

}  // namespace jina::grpc

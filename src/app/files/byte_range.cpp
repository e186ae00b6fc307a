#include "app/files/byte_range.hpp"

#include <charconv>
#include <limits>
#include <optional>

#include "protocol/http/syntax.hpp"

namespace jina::app {
namespace {

constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();

// A number too large for 64 bits is behind the end of every file.
std::optional<std::uint64_t> number(std::string_view digits) {
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size()) return std::nullopt;
  return error == std::errc::result_out_of_range ? kHuge : value;
}

}  // namespace

ByteRange parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes";
  const ByteRange whole;
  const std::size_t equals = header.find('=');
  if (equals == std::string_view::npos || !http::equal_nocase(http::trim(header.substr(0, equals)), kUnit)) return whole;
  std::string_view only;
  int count = 0;
  http::for_each_element(header.substr(equals + 1), [&](std::string_view range) {
    only = range;
    ++count;
  });
  // Several ranges would be a multipart answer, which costs more than the whole file and is what hardly anybody asks for.
  if (count != 1) return whole;
  const std::size_t dash = only.find('-');
  if (dash == std::string_view::npos) return whole;
  const std::string_view from = http::trim(only.substr(0, dash)), to = http::trim(only.substr(dash + 1));

  if (from.empty()) {  // the last N bytes
    const std::optional<std::uint64_t> suffix = number(to);
    if (!suffix) return whole;
    if (*suffix == 0 || size == 0) return {ByteRange::Kind::kUnsatisfiable, 0, 0};
    return {ByteRange::Kind::kPart, *suffix >= size ? 0 : size - *suffix, size - 1};
  }
  const std::optional<std::uint64_t> first = number(from);
  const std::optional<std::uint64_t> last = to.empty() ? std::optional(kHuge) : number(to);
  if (!first || !last || *first > *last) return whole;
  if (*first >= size) return {ByteRange::Kind::kUnsatisfiable, 0, 0};
  return {ByteRange::Kind::kPart, *first, *last >= size ? size - 1 : *last};
}

}  // namespace jina::app

#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace jina {
namespace {

// Length of the well-formed sequence at `at`, which does not begin with an ASCII byte; 0 when there is none.
std::ptrdiff_t sequence_length(const unsigned char* at, const unsigned char* end) noexcept {
  const auto left = end - at;
  const auto continues = [](unsigned char byte) { return (byte & 0xc0) == 0x80; };
  const unsigned char lead = at[0];
  if (lead < 0xc2) return 0;  // a continuation, or an overlong form of ASCII
  if (lead < 0xe0) return left >= 2 && continues(at[1]) ? 2 : 0;
  if (lead < 0xf0) {
    if (left < 3 || !continues(at[1]) || !continues(at[2])) return 0;
    if (lead == 0xe0 && at[1] < 0xa0) return 0;   // overlong
    if (lead == 0xed && at[1] >= 0xa0) return 0;  // surrogate
    return 3;
  }
  if (lead > 0xf4 || left < 4 || !continues(at[1]) || !continues(at[2]) || !continues(at[3])) return 0;
  if (lead == 0xf0 && at[1] < 0x90) return 0;   // overlong
  if (lead == 0xf4 && at[1] >= 0x90) return 0;  // beyond U+10FFFF
  return 4;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const auto* end = at + text.size();
  while (at != end) {
    // Most text is ASCII: eight bytes at a time.
    while (end - at >= 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, at, 8);
      if ((eight & 0x8080808080808080u) != 0) break;
      at += 8;
    }
    while (at != end && *at < 0x80) ++at;
    if (at == end) return true;
    const auto length = sequence_length(at, end);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace jina

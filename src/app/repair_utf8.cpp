#include "app/repair_utf8.hpp"

#include <cstddef>
#include <string_view>

#include "base/utf8.hpp"

namespace jina::app {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0; }

// Bytes of the sequence at the start of `text`; `whole` says whether it is a valid one.
std::size_t sequence(std::string_view text, bool& whole) {
  const unsigned first = byte_at(text, 0);
  whole = true;
  if (first < 0x80) return 1;
  std::size_t length = 0;
  unsigned low = 0x80, high = 0xBF;  // of the second byte
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  }
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned next = byte_at(text, i);
    if (next < low || next > high) {
      whole = false;
      return i;
    }
    low = 0x80;
    high = 0xBF;
  }
  whole = length != 0;
  return whole ? length : 1;
}

}  // namespace

void repair_utf8(std::string& text) {
  if (is_utf8(text)) return;
  std::string repaired;
  std::string_view rest = text;
  while (!rest.empty()) {
    bool whole = false;
    const std::size_t size = sequence(rest, whole);
    repaired += whole ? rest.substr(0, size) : std::string_view("\xEF\xBF\xBD");
    rest.remove_prefix(size);
  }
  text = std::move(repaired);
}

}  // namespace jina::app

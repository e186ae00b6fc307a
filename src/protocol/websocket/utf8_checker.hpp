// Utf8Checker: whether text that arrives in pieces, cut anywhere, is UTF-8.
//
// Thread, lifetime: plain value. Cancellation: none.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

namespace jina::websocket {

class Utf8Checker {
 public:
  /// False as soon as the text can not be UTF-8 however it goes on.
  bool feed(std::string_view text) noexcept {
    const char* data = text.data();
    const char* const end = data + text.size();
    while (data != end) {
      if (left_ == 0) {
        while (end - data >= 8) {  // plain ASCII, eight at a time
          std::uint64_t word;
          std::memcpy(&word, data, 8);
          if ((word & 0x8080808080808080u) != 0) break;
          data += 8;
        }
        if (data == end) break;
      }
      if (!step(static_cast<unsigned char>(*data++))) return false;
    }
    return true;
  }
  /// Not in the middle of a character.
  bool complete() const noexcept { return left_ == 0; }
  void reset() noexcept { left_ = 0; }

 private:
  bool step(unsigned char byte) noexcept {
    if (left_ != 0) {
      if (byte < low_ || byte > high_) return false;
      --left_;
      low_ = 0x80;
      high_ = 0xbf;
      return true;
    }
    if (byte < 0x80) return true;
    if (byte < 0xc2 || byte > 0xf4) return false;
    left_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    // The second byte's range excludes overlong forms, surrogates and what is above U+10FFFF.
    low_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
    high_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    return true;
  }

  unsigned char left_ = 0;
  unsigned char low_ = 0x80;
  unsigned char high_ = 0xbf;
};

}  // namespace jina::websocket

#include "protocol/websocket/frame.hpp"

#include <algorithm>
#include <cstring>

#include "base/utf8.hpp"

namespace jina::websocket {
namespace {

constexpr std::size_t kMaxControl = 125;

bool valid_code(std::uint16_t code) noexcept {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

}  // namespace

FrameHeaderReader::Step FrameHeaderReader::read(std::string_view& data, bool allow_compressed) {
  while (!data.empty()) {
    bytes_[have_++] = static_cast<unsigned char>(data.front());
    data.remove_prefix(1);
    if (have_ < 2) continue;
    const unsigned length = bytes_[1] & 0x7f;
    const std::size_t needed = 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + ((bytes_[1] & 0x80) != 0 ? 4 : 0);
    if (have_ < needed) continue;
    have_ = 0;
    return parse(allow_compressed);
  }
  return Step::kNeedMore;
}

FrameHeaderReader::Step FrameHeaderReader::parse(bool allow_compressed) {
  const auto fail = [this](std::string_view why) {
    error_ = why;
    return Step::kError;
  };
  header_ = FrameHeader();
  header_.final = (bytes_[0] & 0x80) != 0;
  header_.compressed = (bytes_[0] & 0x40) != 0;
  const unsigned opcode = bytes_[0] & 0x0f;
  if (opcode > 10 || (opcode > 2 && opcode < 8)) return fail("unknown opcode");
  header_.opcode = static_cast<Opcode>(opcode);
  if ((bytes_[0] & 0x30) != 0) return fail("reserved bits are set");
  if ((bytes_[1] & 0x80) == 0) return fail("the frame is not masked");
  const unsigned length = bytes_[1] & 0x7f;
  const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  header_.size = length;
  if (extended != 0) {
    header_.size = 0;
    for (std::size_t i = 0; i < extended; ++i) header_.size = header_.size << 8 | bytes_[2 + i];
    if (header_.size < (extended == 2 ? 126u : 65536u)) return fail("the length is not in its shortest form");
    if (header_.size >> 63 != 0) return fail("the length is too large");
  }
  std::memcpy(header_.mask, bytes_ + 2 + extended, 4);
  if (header_.is_control()) {
    if (!header_.final) return fail("a control frame in fragments");
    if (header_.size > kMaxControl) return fail("a control frame is longer than 125 bytes");
  }
  if (header_.compressed && (!allow_compressed || header_.is_control() || header_.opcode == Opcode::kContinuation))
    return fail("reserved bits are set");
  return Step::kComplete;
}

void apply_mask(char* data, std::size_t size, const unsigned char mask[4], std::uint64_t offset) noexcept {
  unsigned char turned[8];
  for (std::size_t i = 0; i < 8; ++i) turned[i] = mask[(offset + i) & 3];
  std::uint64_t wide;
  std::memcpy(&wide, turned, 8);
  for (; size >= 8; size -= 8, data += 8) {
    std::uint64_t word;
    std::memcpy(&word, data, 8);
    word ^= wide;
    std::memcpy(data, &word, 8);
  }
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<char>(static_cast<unsigned char>(data[i]) ^ turned[i]);
}

std::size_t write_header(char* out, Opcode opcode, std::uint64_t size, bool compressed) noexcept {
  out[0] = static_cast<char>(0x80 | (compressed ? 0x40 : 0) | static_cast<unsigned>(opcode));
  const int extended = size < 126 ? 0 : size < 65536 ? 2 : 8;
  out[1] = static_cast<char>(extended == 0 ? size : extended == 2 ? 126 : 127);
  for (int i = 0; i < extended; ++i) out[2 + i] = static_cast<char>(size >> (8 * (extended - 1 - i)));
  return static_cast<std::size_t>(2 + extended);
}

std::optional<Close> parse_close(std::string_view payload, std::uint16_t& error) {
  if (payload.empty()) return Close{};
  error = kProtocolError;
  if (payload.size() == 1) return {};
  Close close{static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1])),
              std::string(payload.substr(2))};
  if (!valid_code(close.code)) return {};
  error = kInvalidData;
  if (!is_utf8(close.reason)) return {};
  return close;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  if (code == kNoCode) return {};
  std::size_t size = std::min<std::size_t>(reason.size(), kMaxControl - 2);
  if (size < reason.size())
    while (size > 0 && (static_cast<unsigned char>(reason[size]) & 0xc0) == 0x80) --size;  // not in the middle of a character
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  payload.append(reason.substr(0, size));
  return payload;
}

}  // namespace jina::websocket

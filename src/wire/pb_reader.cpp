#include "wire/pb_reader.hpp"

namespace jina::wire {

const char* PbReader::read_long_varint(const char* at, const char* end, std::uint64_t& value) noexcept {
  value = 0;
  for (int shift = 0; at != end && shift < 70; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return at;
  }
  return nullptr;
}

// Groups are long out of use; they are skipped without recursion, so that their depth costs no stack.
bool PbReader::skip_group(std::uint32_t field) noexcept {
  std::uint32_t open[kMaxDepth];
  int depth = 0;
  open[depth++] = field;
  while (depth > 0) {
    std::uint64_t tag = 0;
    const char* at = read_varint(at_, end_, tag);
    if (at == nullptr || !is_tag(tag)) return false;
    const auto number = static_cast<std::uint32_t>(tag >> 3);
    std::uint64_t value = 0;
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kVarint:
        at = read_varint(at, end_, value);
        if (at == nullptr) return false;
        break;
      case WireType::kFixed64:
      case WireType::kFixed32: {
        const int size = static_cast<WireType>(tag & 7) == WireType::kFixed64 ? 8 : 4;
        if (end_ - at < size) return false;
        at += size;
        break;
      }
      case WireType::kLengthDelimited:
        at = read_varint(at, end_, value);
        if (at == nullptr || value > static_cast<std::uint64_t>(end_ - at)) return false;
        at += value;
        break;
      case WireType::kStartGroup:
        if (depth == kMaxDepth) return false;
        open[depth++] = number;
        break;
      case WireType::kEndGroup:
        if (open[--depth] != number) return false;
        break;
      default: return false;
    }
    at_ = at;
  }
  return true;
}

}  // namespace jina::wire

#include "wire/pb_reader.hpp"

namespace jina::wire {
namespace {
constexpr int kMaxGroupDepth = 100;
}

const char* PbReader::read_varint(const char* at, const char* end, std::uint64_t& value) noexcept {
  value = 0;
  for (int shift = 0; at != end && shift < 70; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    if (shift == 63 && byte > 1) return nullptr;  // more than 64 bits
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return at;
  }
  return nullptr;
}

bool PbReader::next() noexcept {
  if (failed_ || at_ == end_) return false;
  field_begin_ = at_;
  std::uint64_t tag = 0;
  const char* at = read_varint(at_, end_, tag);
  if (at == nullptr || tag > UINT32_MAX || tag >> 3 == 0) return fail();
  tag_ = static_cast<std::uint32_t>(tag);
  std::size_t size = 0;
  switch (type()) {
    case WireType::kVarint:
      at = read_varint(at, end_, number_);
      if (at == nullptr) return fail();
      at_ = at;
      return true;
    case WireType::kFixed64: size = 8; break;
    case WireType::kFixed32: size = 4; break;
    case WireType::kLengthDelimited: {
      at = read_varint(at, end_, number_);
      if (at == nullptr || number_ > static_cast<std::uint64_t>(end_ - at)) return fail();
      size = static_cast<std::size_t>(number_);
      break;
    }
    case WireType::kStartGroup:
      at_ = at;
      return skip_group(field()) || fail();
    default: return fail();
  }
  if (size > static_cast<std::size_t>(end_ - at)) return fail();
  bytes_ = {at, size};
  at_ = at + size;
  return true;
}

// Groups are long out of use; they are skipped without recursion, so that their depth costs no stack.
bool PbReader::skip_group(std::uint32_t field) noexcept {
  std::uint32_t open[kMaxGroupDepth];
  int depth = 0;
  open[depth++] = field;
  while (depth > 0) {
    std::uint64_t tag = 0;
    const char* at = read_varint(at_, end_, tag);
    if (at == nullptr || tag > UINT32_MAX || tag >> 3 == 0) return false;
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
        if (depth == kMaxGroupDepth) return false;
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

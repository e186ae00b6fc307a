// PbWriter: appends protobuf fields to a string.
//
// Thread: plain object. Lifetime: the string outlives it. Cancellation: none.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace jina::wire {

enum class WireType : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kLengthDelimited = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5
};

constexpr std::uint32_t make_tag(std::uint32_t field, WireType type) noexcept {
  return field << 3 | static_cast<std::uint32_t>(type);
}

/// Bytes that `value` takes as a varint.
constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

/// Writes a varint to memory that has room for it (ten bytes at most); returns what follows it.
inline char* put_varint(char* out, std::uint64_t value) noexcept {
  while (value >= 0x80) {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}

class PbWriter {
 public:
  explicit PbWriter(std::string& out) : out_(out) {}

  void raw_varint(std::uint64_t value) {
    char bytes[10];
    out_.append(bytes, static_cast<std::size_t>(put_varint(bytes, value) - bytes));
  }
  void tag(std::uint32_t field, WireType type) { raw_varint(make_tag(field, type)); }
  /// Tag and length of a field whose content follows.
  void prefix(std::uint32_t field, std::size_t size) {
    tag(field, WireType::kLengthDelimited);
    raw_varint(size);
  }
  void varint(std::uint32_t field, std::uint64_t value) {
    tag(field, WireType::kVarint);
    raw_varint(value);
  }
  void bytes(std::uint32_t field, std::string_view value) {
    prefix(field, value.size());
    out_.append(value);
  }
  void fixed32(std::uint32_t field, float value) {
    tag(field, WireType::kFixed32);
    append_raw(value);
  }
  void fixed64(std::uint32_t field, double value) {
    tag(field, WireType::kFixed64);
    append_raw(value);
  }
  /// Without a tag, in little endian: elements of a packed field.
  template <class T>
  void append_raw(T value) {
    static_assert(std::endian::native == std::endian::little, "the wire is little endian");
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    out_.append(raw, sizeof(T));
  }

  // As proto3 writes fields without presence: nothing for the default.
  void varint_if(std::uint32_t field, std::uint64_t value) {
    if (value != 0) varint(field, value);
  }
  void bytes_if(std::uint32_t field, std::string_view value) {
    if (!value.empty()) bytes(field, value);
  }

  std::string& out() noexcept { return out_; }

 private:
  std::string& out_;
};

}  // namespace jina::wire

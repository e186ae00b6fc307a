// PbReader: walks the fields of one protobuf message. Never reads outside of its bytes, whatever they are.
//
//   PbReader reader(bytes);
//   while (reader.next()) {
//     if (reader.is(1, WireType::kLengthDelimited)) name = reader.bytes();
//     else unknown.append(reader.raw());
//   }
//   if (reader.failed()) ...
//
// Thread: plain object. Lifetime: the bytes outlive it and the views it gives. Cancellation: none.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

#include "wire/pb_writer.hpp"

namespace jina::wire {

class PbReader {
 public:
  explicit PbReader(std::string_view message) noexcept
      : begin_(message.data()), at_(message.data()), end_(message.data() + message.size()) {}

  /// Reads the next field; false at the end and on malformed bytes (then failed()).
  bool next() noexcept {
    if (failed_ || at_ == end_) return false;
    field_begin_ = at_;
    std::uint64_t tag = 0;
    const char* at = read_varint(at_, end_, tag);
    if (at == nullptr || !is_tag(tag)) return fail();
    tag_ = static_cast<std::uint32_t>(tag);
    switch (type()) {
      case WireType::kLengthDelimited:
        at = read_varint(at, end_, number_);
        if (at == nullptr || number_ > static_cast<std::uint64_t>(end_ - at)) return fail();
        return take(at, static_cast<std::size_t>(number_));
      case WireType::kVarint:
        at = read_varint(at, end_, number_);
        if (at == nullptr) return fail();
        at_ = at;
        return true;
      case WireType::kFixed64: return end_ - at < 8 ? fail() : take(at, 8);
      case WireType::kFixed32: return end_ - at < 4 ? fail() : take(at, 4);
      case WireType::kStartGroup: at_ = at; return skip_group(field()) || fail();
      default: return fail();  // the end of a group that was not open, or a type that does not exist
    }
  }
  bool failed() const noexcept { return failed_; }
  /// Where reading stands; after a failure the offset of the field that is malformed.
  std::size_t offset() const noexcept { return static_cast<std::size_t>((failed_ ? field_begin_ : at_) - begin_); }

  std::uint32_t field() const noexcept { return tag_ >> 3; }
  WireType type() const noexcept { return static_cast<WireType>(tag_ & 7); }
  bool is(std::uint32_t field, WireType type) const noexcept { return tag_ == make_tag(field, type); }

  std::uint64_t varint() const noexcept { return number_; }
  std::string_view bytes() const noexcept { return bytes_; }
  float fixed32() const noexcept { return load<float>(); }
  double fixed64() const noexcept { return load<double>(); }
  /// The whole field, tag included.
  std::string_view raw() const noexcept { return {field_begin_, static_cast<std::size_t>(at_ - field_begin_)}; }

  /// Reads one varint at `at`; null when it is cut off or longer than ten bytes. Bits beyond 64 are dropped, as protobuf does.
  static const char* read_varint(const char* at, const char* end, std::uint64_t& value) noexcept {
    if (at != end && static_cast<unsigned char>(*at) < 0x80) {
      value = static_cast<unsigned char>(*at);
      return at + 1;
    }
    return read_long_varint(at, end, value);
  }
  /// Whether a number can be a tag: 32 bits, field not 0.
  static constexpr bool is_tag(std::uint64_t value) noexcept { return value <= UINT32_MAX && value >= 8; }

  /// How deep groups and messages may nest before they are refused; protobuf's own bound.
  static constexpr int kMaxDepth = 100;

 private:
  template <class T>
  T load() const noexcept {
    T value{};
    if (bytes_.size() == sizeof(T)) std::memcpy(&value, bytes_.data(), sizeof(T));
    return value;
  }
  bool fail() noexcept {
    failed_ = true;
    return false;
  }
  bool take(const char* content, std::size_t size) noexcept {
    bytes_ = {content, size};
    at_ = content + size;
    return true;
  }
  static const char* read_long_varint(const char* at, const char* end, std::uint64_t& value) noexcept;
  bool skip_group(std::uint32_t field) noexcept;

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* field_begin_ = begin_;
  std::uint32_t tag_ = 0;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
  bool failed_ = false;
};

}  // namespace jina::wire

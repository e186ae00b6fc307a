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
  explicit PbReader(std::string_view message) noexcept : begin_(message.data()), at_(message.data()), end_(message.data() + message.size()) {}

  /// Reads the next field; false at the end and on malformed bytes (then failed()).
  bool next() noexcept;
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

  /// Reads one varint at `at`; null when it is malformed or cut off.
  static const char* read_varint(const char* at, const char* end, std::uint64_t& value) noexcept;

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

// Value: one parsed JSON value with Python's distinctions, and the arena that a parsed text lives in.
//
// What json.loads tells apart and the coercion rules need is kept: integers of any size, floats, NaN and Infinity, strings that
// hold lone surrogates. A nested list of numbers under a key that names an array ("tensor", "embedding") is read into one typed
// block without a value per element.
//
// Thread: plain data, one thread. Lifetime: views and pointers live as long as the arena and the text that was parsed.
// Cancellation: none.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "jina/bytes.hpp"

namespace jina::pyjson {

enum class Kind : std::uint8_t {
  kNull,
  kBool,
  kInt,     ///< fits 64 bits, signed
  kBigInt,  ///< any other integer, kept as its digits
  kFloat,
  kString,
  kArray,
  kObject,
  kNumbers,  ///< a rectangular nested list of numbers
};

struct Member;
struct NumberBlock;

struct Value {
  Kind kind = Kind::kNull;
  /// kBool: the value. kString: holds a lone surrogate (encoded in three bytes, as WTF-8 does).
  bool flag = false;
  std::uint32_t size = 0;  ///< bytes of a string or of digits, items, members
  union {
    std::int64_t integer = 0;
    double real;
    const char* text;
    const Value* items;
    const Member* members;
    const NumberBlock* block;
  };

  bool is_null() const noexcept { return kind == Kind::kNull; }
  bool is_list() const noexcept { return kind == Kind::kArray || kind == Kind::kNumbers; }
  /// REQUIRES: kString or kBigInt.
  std::string_view string() const noexcept { return {text, size}; }
  /// REQUIRES: kArray.
  std::span<const Value> array() const noexcept { return {items, size}; }
  /// REQUIRES: kObject. Keys are unique; the last value of a repeated key stands at the place of the first.
  std::span<const Member> object() const noexcept;

  static Value of_bool(bool value) noexcept {
    Value v;
    v.kind = Kind::kBool;
    v.flag = value;
    return v;
  }
  static Value of_float(double value) noexcept {
    Value v;
    v.kind = Kind::kFloat;
    v.real = value;
    return v;
  }
  static Value of_string(std::string_view text, bool lone_surrogate = false) noexcept {
    Value v;
    v.kind = Kind::kString;
    v.flag = lone_surrogate;
    v.size = static_cast<std::uint32_t>(text.size());
    v.text = text.data();
    return v;
  }
  static Value of_array(std::span<const Value> items) noexcept {
    Value v;
    v.kind = Kind::kArray;
    v.size = static_cast<std::uint32_t>(items.size());
    v.items = items.data();
    return v;
  }
  static Value of_object(std::span<const Member> members) noexcept;
};

/// Keys of a parsed object are strings; dict() of a list of pairs can make others.
struct Member {
  Value key;
  Value value;
};

/// Elements in C order, 8 bytes each: doubles when one of the numbers was a float, else 64-bit integers.
struct NumberBlock {
  std::vector<std::uint32_t> shape;
  bool is_float = false;
  Bytes buffer;
  std::string_view text;  ///< the list as it was written, for the rare reader that wants single values
};

inline std::span<const Member> Value::object() const noexcept { return {members, size}; }
inline Value Value::of_object(std::span<const Member> members) noexcept {
  Value v;
  v.kind = Kind::kObject;
  v.size = static_cast<std::uint32_t>(members.size());
  v.members = members.data();
  return v;
}

/// Memory of one parsed text: bump allocation, freed at once.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  char* allocate(std::size_t size) {
    size = (size + 15) & ~std::size_t{15};
    if (size > left_) return allocate_slow(size);
    char* result = at_;
    at_ += size;
    left_ -= size;
    return result;
  }
  template <class T>
  std::span<const T> copy(std::span<const T> items) {
    if (items.empty()) return {};
    T* copy = reinterpret_cast<T*>(allocate(items.size_bytes()));
    std::uninitialized_copy(items.begin(), items.end(), copy);
    return {copy, items.size()};
  }
  std::string_view copy(std::string_view text) {
    if (text.empty()) return "";
    char* copy = allocate(text.size());
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }
  NumberBlock& make_block() { return blocks_.emplace_back(); }

 private:
  char* allocate_slow(std::size_t size);

  alignas(16) char first_[2048];
  char* at_ = first_;
  std::size_t left_ = sizeof(first_);
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::deque<NumberBlock> blocks_;
};

}  // namespace jina::pyjson

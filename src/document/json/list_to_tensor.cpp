#include "document/json/list_to_tensor.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "base/python_number.hpp"

namespace jina::pyjson {
namespace {

constexpr std::size_t kMaxRank = 32;                         // numpy's
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 31;  // string arrays pad every element to the longest one

// Finds the shape of nested lists depth first, the way numpy does: the first path down fixes the extents, whatever differs later
// makes the list ragged from that level on.
class ShapeFinder {
 public:
  explicit ShapeFinder(const Value& list) { visit(list, 0); }

  bool ragged() const { return ragged_; }
  std::size_t rank() const { return rank_; }
  std::span<const std::uint32_t> shape() const { return {shape_, rank_}; }
  std::string message() const {
    std::string text = "setting an array element with a sequence. The requested array ";
    if (rank_ == kMaxRank) return text + "would exceed the maximum number of dimension of 32.";
    text += "has an inhomogeneous shape after " + std::to_string(rank_) + " dimensions. The detected shape was (";
    for (std::size_t i = 0; i < rank_; ++i) {
      if (i > 0) text += ", ";
      text += std::to_string(shape_[i]);
    }
    return text + (rank_ == 1 ? ",) + inhomogeneous part." : ") + inhomogeneous part.");
  }

 private:
  void visit(const Value& value, std::size_t level) {
    if (value.kind != Kind::kArray) {
      if (rank_ != level) {
        rank_ = level;
        if (fixed_) ragged_ = true;
      }
      fixed_ = true;
      return;
    }
    if (level + 1 > rank_) {
      ragged_ = true;
      return;
    }
    if (!fixed_) {
      shape_[level] = value.size;
    } else if (shape_[level] != value.size) {
      ragged_ = true;
      rank_ = level;
      return;
    }
    if (value.size == 0) {
      fixed_ = true;
      rank_ = level + 1;
      return;
    }
    for (const Value& item : value.array()) visit(item, level + 1);
  }

  std::uint32_t shape_[kMaxRank] = {};
  std::size_t rank_ = kMaxRank;
  bool fixed_ = false;
  bool ragged_ = false;
};

// Which kinds of elements there are, and what numpy stores them as together.
struct Elements {
  std::size_t count = 0;
  bool has_bool = false;
  bool has_int = false;
  bool has_unsigned = false;  // beyond the signed 64 bits
  bool has_float = false;
  bool has_text = false;
  bool has_object = false;

  void add(const Value& value) {
    ++count;
    switch (value.kind) {
      case Kind::kBool: has_bool = true; break;
      case Kind::kInt: has_int = true; break;
      case Kind::kFloat: has_float = true; break;
      case Kind::kString: has_text = true; break;
      case Kind::kBigInt: (unsigned_of(value) ? has_unsigned : has_object) = true; break;
      default: has_object = true; break;
    }
  }
  static std::optional<std::uint64_t> unsigned_of(const Value& value) {
    std::uint64_t number = 0;
    for (const char c : value.string()) {
      if (c == '-' || __builtin_mul_overflow(number, 10u, &number) ||
          __builtin_add_overflow(number, static_cast<unsigned>(c - '0'), &number))
        return std::nullopt;
    }
    return number;
  }
};

template <class Visit>
void for_each_leaf(const Value& value, const Visit& visit) {
  if (value.kind != Kind::kArray) return visit(value);
  for (const Value& item : value.array()) for_each_leaf(item, visit);
}

double float_of(const Value& value) {
  switch (value.kind) {
    case Kind::kBool: return value.flag ? 1 : 0;
    case Kind::kInt: return static_cast<double>(value.integer);
    case Kind::kFloat: return value.real;
    default: return float_from_digits(value.string());
  }
}

// str(value), in code points; numpy drops NUL characters at the end.
std::u32string text_of(const Value& value) {
  std::string text;
  char number[kMaxNumberSize];
  switch (value.kind) {
    case Kind::kBool: text = value.flag ? "True" : "False"; break;
    case Kind::kInt: text.assign(number, format_integer(number, value.integer)); break;
    case Kind::kFloat: append_float(text, value.real); break;
    default: text = value.string(); break;
  }
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t offset) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i + offset])); };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) {
      out += lead;
      i += 1;
    } else if (lead < 0xE0) {
      out += (lead & 31) << 6 | (byte(1) & 63);
      i += 2;
    } else if (lead < 0xF0) {
      out += (lead & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63);
      i += 3;
    } else {
      out += (lead & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63);
      i += 4;
    }
  }
  while (!out.empty() && out.back() == 0) out.pop_back();
  return out;
}

template <class T, class Convert>
Bytes fill(const Value& list, std::size_t count, const Convert& convert) {
  std::string buffer;
  buffer.reserve(count * sizeof(T));
  for_each_leaf(list, [&](const Value& leaf) {
    const T element = convert(leaf);
    buffer.append(reinterpret_cast<const char*>(&element), sizeof(T));
  });
  return Bytes::take(std::move(buffer));
}

std::optional<Bytes> fill_text(const Value& list, std::size_t count, std::size_t& longest) {
  longest = 1;
  std::vector<std::u32string> texts;
  texts.reserve(count);
  for_each_leaf(list, [&](const Value& leaf) {
    texts.push_back(text_of(leaf));
    longest = std::max(longest, texts.back().size());
  });
  std::size_t size = 0;
  if (__builtin_mul_overflow(count * 4, longest, &size) || size > kMaxTextBytes) return std::nullopt;
  std::string buffer(size, '\0');
  for (std::size_t i = 0; i < texts.size(); ++i) std::memcpy(buffer.data() + i * longest * 4, texts[i].data(), texts[i].size() * 4);
  return Bytes::take(std::move(buffer));
}

}  // namespace

TensorOrError list_to_tensor(const Value& list) {
  Tensor tensor;
  if (list.kind == Kind::kNumbers) {
    tensor.dtype = list.block->is_float ? "<f8" : "<i8";
    tensor.shape = list.block->shape;
    tensor.buffer = list.block->buffer;
    return tensor;
  }
  const ShapeFinder finder(list);
  if (finder.ragged()) return TensorShapeError{finder.message()};
  Elements elements;
  for_each_leaf(list, [&](const Value& leaf) { elements.add(leaf); });
  if (elements.has_object) return TensorNotSendable{};
  tensor.shape.assign(finder.shape().begin(), finder.shape().end());

  if (elements.has_text) {
    std::size_t longest = 0;
    std::optional<Bytes> buffer = fill_text(list, elements.count, longest);
    if (!buffer) return TensorNotSendable{};
    tensor.dtype = "<U" + std::to_string(longest);
    tensor.buffer = *std::move(buffer);
  } else if (elements.count == 0 || elements.has_float || (elements.has_unsigned && (elements.has_int || elements.has_bool))) {
    tensor.dtype = "<f8";
    tensor.buffer = fill<double>(list, elements.count, float_of);
  } else if (elements.has_unsigned) {
    tensor.dtype = "<u8";
    tensor.buffer = fill<std::uint64_t>(list, elements.count, [](const Value& leaf) { return *Elements::unsigned_of(leaf); });
  } else if (elements.has_int) {
    tensor.dtype = "<i8";
    tensor.buffer = fill<std::int64_t>(
        list, elements.count, [](const Value& leaf) { return leaf.kind == Kind::kBool ? std::int64_t{leaf.flag} : leaf.integer; });
  } else {
    tensor.dtype = "|b1";
    tensor.buffer = fill<char>(list, elements.count, [](const Value& leaf) { return static_cast<char>(leaf.flag); });
  }
  return tensor;
}

}  // namespace jina::pyjson

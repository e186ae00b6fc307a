#include "document/json/tensor_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <span>

#include "document/json/scan_string.hpp"

namespace jina::pyjson {
namespace {

constexpr std::size_t kMaxRank = 32;                       // numpy's
constexpr std::size_t kMaxImplied = std::size_t{1} << 26;  // items that a shape may ask for without bytes behind them

struct ElementType {
  char kind = 0;  // f, i, u, b, U, S as in numpy
  std::size_t size = 0;
  bool swapped = false;
};

std::optional<ElementType> parse_dtype(std::string_view dtype) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kNames = {{{"float16", "f2"},
                                                                                     {"float32", "f4"},
                                                                                     {"float64", "f8"},
                                                                                     {"float", "f8"},
                                                                                     {"int8", "i1"},
                                                                                     {"int16", "i2"},
                                                                                     {"int32", "i4"},
                                                                                     {"int64", "i8"},
                                                                                     {"uint8", "u1"},
                                                                                     {"uint16", "u2"},
                                                                                     {"uint32", "u4"},
                                                                                     {"uint64", "u8"},
                                                                                     {"bool", "b1"}}};
  for (const auto& [name, code] : kNames) {
    if (dtype == name) dtype = code;
  }
  ElementType type;
  if (!dtype.empty() && std::string_view("<>=|").find(dtype[0]) != std::string_view::npos) {
    type.swapped = dtype[0] == '>';
    dtype.remove_prefix(1);
  }
  if (dtype == "?") dtype = "b1";
  if (dtype.size() < 2 || dtype.size() > 10) return std::nullopt;
  type.kind = dtype[0];
  for (const char c : dtype.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    type.size = type.size * 10 + static_cast<std::size_t>(c - '0');
  }
  const bool is_power = type.size == 1 || type.size == 2 || type.size == 4 || type.size == 8;
  switch (type.kind) {
    case 'f':
      if (!is_power || type.size == 1) return std::nullopt;
      break;
    case 'i':
    case 'u':
      if (!is_power) return std::nullopt;
      break;
    case 'b':
      if (type.size != 1) return std::nullopt;
      break;
    case 'U': type.size *= 4; break;
    case 'S': break;
    default: return std::nullopt;
  }
  return type;
}

template <class T>
T load(const char* at, bool swapped) {
  char raw[sizeof(T)];
  std::memcpy(raw, at, sizeof(T));
  if (swapped) std::reverse(raw, raw + sizeof(T));
  T value;
  std::memcpy(&value, raw, sizeof(T));
  return value;
}

double half_to_double(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  double value = 0;
  if (exponent == 31) {
    value = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  } else {
    value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

// Numbers are gathered in a small buffer first: appending each to the string costs as much as formatting it.
class Gather {
 public:
  explicit Gather(Output& output) : output_(output) {}
  ~Gather() { flush(); }

  void put(char c) { *at_++ = c; }
  char* reserve() {
    if (at_ > buffer_ + sizeof(buffer_) - 2 * kMaxNumberSize) flush();
    return at_;
  }
  void advance_to(char* at) { at_ = at; }
  void flush() {
    output_.raw({buffer_, static_cast<std::size_t>(at_ - buffer_)});
    at_ = buffer_;
  }

 private:
  Output& output_;
  char buffer_[4096];
  char* at_ = buffer_;
};

// Calls `item` for every element in order and writes the brackets around them.
template <class Item>
class ListWriter {
 public:
  ListWriter(Gather& gather, std::span<const std::uint32_t> shape, const Item& item)
      : gather_(gather), shape_(shape), item_(item) {}
  void write() { write_level(0); }

 private:
  void write_level(std::size_t level) {
    if (level == shape_.size()) return item_();
    gather_.reserve();
    gather_.put('[');
    const std::uint32_t extent = shape_[level];
    const bool innermost = level + 1 == shape_.size();
    for (std::uint32_t i = 0; i < extent; ++i) {
      if (i > 0) {
        gather_.reserve();
        gather_.put(',');
      }
      if (innermost) {
        item_();
      } else {
        write_level(level + 1);
      }
    }
    gather_.reserve();
    gather_.put(']');
  }

  Gather& gather_;
  std::span<const std::uint32_t> shape_;
  const Item& item_;
};

class TensorWriter {
 public:
  TensorWriter(Output& output, const Tensor& tensor, ElementType type)
      : output_(output), tensor_(tensor), type_(type), at_(tensor.buffer.data()) {}

  void write() {
    switch (type_.kind) {
      case 'f':
        if (type_.size == 8) return floats<double>([](double value) { return value; });
        if (type_.size == 4) return floats<float>([](float value) { return static_cast<double>(value); });
        return floats<std::uint16_t>(half_to_double);
      case 'i':
        if (type_.size == 8) return integers<std::int64_t>();
        if (type_.size == 4) return integers<std::int32_t>();
        if (type_.size == 2) return integers<std::int16_t>();
        return integers<std::int8_t>();
      case 'u':
        if (type_.size == 8) return unsigned_longs();
        if (type_.size == 4) return integers<std::uint32_t>();
        if (type_.size == 2) return integers<std::uint16_t>();
        return integers<std::uint8_t>();
      case 'b': return bools();
      default: return texts();
    }
  }
  /// What a shape without bytes stands for.
  void write_zeros() {
    write_list([&](Gather& gather) {
      char* at = gather.reserve();
      std::memcpy(at, "0.0", 3);
      gather.advance_to(at + 3);
    });
  }

 private:
  template <class Item>
  void write_list(const Item& item) {
    Gather gather(output_);
    const auto bound = [&] { item(gather); };
    ListWriter(gather, std::span<const std::uint32_t>(tensor_.shape), bound).write();
  }
  template <class T>
  T next() {
    const T value = load<T>(at_, type_.swapped);
    at_ += sizeof(T);
    return value;
  }

  template <class T, class Widen>
  void floats(const Widen& widen) {
    write_list([&](Gather& gather) {
      const double value = widen(next<T>());
      if (std::isfinite(value)) [[likely]] {
        gather.advance_to(format_float(gather.reserve(), value));
      } else {
        gather.flush();
        output_.real(value);
      }
    });
  }
  template <class T>
  void integers() {
    using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
    write_list([&](Gather& gather) { gather.advance_to(format_integer(gather.reserve(), static_cast<Wide>(next<T>()))); });
  }
  void unsigned_longs() {
    // Jina's HTTP server makes an array of the list once more, and numpy turns a mixture of numbers below and beyond 63 bits into
    // floats.
    bool small = false;
    bool large = false;
    for (std::size_t i = 0; output_.http() && i + 8 <= tensor_.buffer.size(); i += 8) {
      const bool is_large = load<std::uint64_t>(tensor_.buffer.data() + i, type_.swapped) >
                            static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      (is_large ? large : small) = true;
    }
    if (!small || !large) return integers<std::uint64_t>();
    floats<std::uint64_t>([](std::uint64_t value) { return static_cast<double>(value); });
  }
  void bools() {
    write_list([&](Gather& gather) {
      const std::string_view word = *at_++ != 0 ? "true" : "false";
      char* at = gather.reserve();
      std::memcpy(at, word.data(), word.size());
      gather.advance_to(at + word.size());
    });
  }
  void texts() {
    // Bytes are no JSON; the HTTP server turns them into text, the WebSocket server fails.
    if (type_.kind == 'S' && !output_.http()) return output_.fail("a tensor of bytes has no JSON form");
    std::string text;
    write_list([&](Gather& gather) {
      text.clear();
      const char* const end = at_ + type_.size;
      if (type_.kind == 'S') {
        text.assign(at_, end);
      } else {
        for (; at_ != end; at_ += 4) {
          char encoded[4];
          const std::uint32_t code = load<std::uint32_t>(at_, type_.swapped);
          if (code > 0x10FFFF) return output_.fail("a tensor holds a character beyond Unicode");
          text.append(encoded, put_code_point(encoded, code));
        }
      }
      at_ = end;
      while (!text.empty() && text.back() == '\0') text.pop_back();
      gather.flush();
      output_.string(text);
    });
  }

  Output& output_;
  const Tensor& tensor_;
  ElementType type_;
  const char* at_;
};

// Lists and elements that a shape makes, cut off behind the limit.
std::size_t implied_items(std::span<const std::uint32_t> shape) {
  std::size_t items = 1;
  for (const std::uint32_t extent : shape) {
    if (extent == 0 || items > kMaxImplied) break;
    items *= extent;
  }
  return items;
}

}  // namespace

void write_tensor(Output& output, const Tensor& tensor) {
  if (tensor.is_sparse()) return output.raw("null");
  if (tensor.shape.size() > kMaxRank) return output.fail("a tensor of more than 32 dimensions");
  if (tensor.buffer.empty()) {
    if (tensor.shape.empty()) return output.raw("null");
    if (implied_items(tensor.shape) > kMaxImplied) return output.fail("a tensor without bytes whose shape is too large to write");
    return TensorWriter(output, tensor, {}).write_zeros();
  }
  const std::optional<ElementType> type = parse_dtype(tensor.dtype);
  if (!type || type->size == 0) return output.fail("a tensor of dtype '" + tensor.dtype + "' has no JSON form");
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(tensor.element_count(), type->size, &bytes) || bytes != tensor.buffer.size())
    return output.fail("the shape of a tensor does not fit its " + std::to_string(tensor.buffer.size()) + " bytes");
  if (tensor.shape.empty() && output.http()) return output.fail("a tensor without dimensions has no JSON form");
  TensorWriter(output, tensor, *type).write();
}

}  // namespace jina::pyjson

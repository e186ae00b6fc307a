#include "document/json/tensor_json.hpp"

#include <charconv>
#include <cmath>

namespace jina::json {
namespace {

// Calls `element(i)` for every element in C order and puts the brackets of `shape` around them.
template <class Element>
bool nest(std::string& out, const std::vector<std::uint32_t>& shape, std::size_t level, std::size_t& index, Element& element) {
  if (level == shape.size()) return element(index++);
  out += '[';
  for (std::uint32_t i = 0; i < shape[level]; ++i) {
    if (i > 0) out += ',';
    if (!nest(out, shape, level + 1, index, element)) return false;
  }
  out += ']';
  return true;
}

template <class T>
bool numbers(std::string& out, const Tensor& tensor) {
  const char* data = tensor.buffer.data();
  std::size_t index = 0;
  auto element = [&](std::size_t i) {
    T value;
    std::memcpy(&value, data + i * sizeof(T), sizeof(T));
    if constexpr (std::is_floating_point_v<T>) {
      if (!std::isfinite(value)) return false;
      append_float(out, static_cast<double>(value));
    } else {
      char text[24];
      out.append(text, std::to_chars(text, text + sizeof text, static_cast<std::conditional_t<(sizeof(T) == 1), int, T>>(value)).ptr);
    }
    return true;
  };
  return nest(out, tensor.shape, 0, index, element);
}

bool booleans(std::string& out, const Tensor& tensor) {
  std::size_t index = 0;
  auto element = [&](std::size_t i) {
    out += tensor.buffer.data()[i] != 0 ? "true" : "false";
    return true;
  };
  return nest(out, tensor.shape, 0, index, element);
}

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += {static_cast<char>(0xc0 | point >> 6), static_cast<char>(0x80 | (point & 63))};
  } else if (point < 0x10000) {
    out += {static_cast<char>(0xe0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 63)), static_cast<char>(0x80 | (point & 63))};
  } else {
    out += {static_cast<char>(0xf0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 63)), static_cast<char>(0x80 | (point >> 6 & 63)),
            static_cast<char>(0x80 | (point & 63))};
  }
}

// '<U3': three UTF-32 units for each element, zero at the end.
bool strings(std::string& out, const Tensor& tensor, std::size_t length, Escape escape) {
  std::size_t index = 0;
  auto element = [&](std::size_t i) {
    std::string text;
    for (std::size_t n = 0; n < length; ++n) {
      std::uint32_t point = 0;
      std::memcpy(&point, tensor.buffer.data() + (i * length + n) * 4, 4);
      if (point == 0) break;
      append_utf8(text, point);
    }
    append_string(out, text, escape);
    return true;
  };
  return nest(out, tensor.shape, 0, index, element);
}

bool zeros(std::string& out, const Tensor& tensor) {
  std::size_t index = 0;
  auto element = [&](std::size_t) {
    out += "0.0";
    return true;
  };
  return nest(out, tensor.shape, 0, index, element);
}

std::size_t element_size(std::string_view dtype) {
  std::size_t size = 0;
  std::from_chars(dtype.data() + 2, dtype.data() + dtype.size(), size);
  return dtype[1] == 'U' ? size * 4 : size;
}

}  // namespace

bool append_tensor(std::string& out, const Tensor& tensor, Escape escape) {
  if (tensor.is_sparse()) return false;
  // A shape that claims more than a message can hold must not be believed.
  constexpr std::size_t kMostZeros = std::size_t{1} << 28;
  if (tensor.buffer.empty()) return tensor.element_count() <= kMostZeros && zeros(out, tensor);
  const std::string_view dtype = tensor.dtype;
  if (dtype.size() < 3) return false;
  const std::size_t size = element_size(dtype);
  if (size == 0 || tensor.element_count() * size != tensor.buffer.size()) return false;
  if (dtype[1] == 'U') return strings(out, tensor, size / 4, escape);
  if (dtype == "|b1") return booleans(out, tensor);
  if (dtype == "<f4") return numbers<float>(out, tensor);
  if (dtype == "<f8") return numbers<double>(out, tensor);
  if (dtype == "<i8") return numbers<std::int64_t>(out, tensor);
  if (dtype == "<i4") return numbers<std::int32_t>(out, tensor);
  if (dtype == "<i2") return numbers<std::int16_t>(out, tensor);
  if (dtype == "|i1") return numbers<signed char>(out, tensor);
  if (dtype == "<u8") return numbers<std::uint64_t>(out, tensor);
  if (dtype == "<u4") return numbers<std::uint32_t>(out, tensor);
  if (dtype == "<u2") return numbers<std::uint16_t>(out, tensor);
  if (dtype == "|u1") return numbers<unsigned char>(out, tensor);
  // Other element types (float16, big endian) are rare enough to go through a conversion.
  try {
    Tensor converted = Tensor::of<double>(tensor.shape, tensor.copy_as<double>());
    return numbers<double>(out, converted);
  } catch (const std::invalid_argument&) {
    return false;
  }
}

}  // namespace jina::json

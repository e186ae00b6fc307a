#include "jina/tensor.hpp"

#include <cmath>
#include <limits>
#include <type_traits>

namespace jina {
namespace {

// A few bytes of shape can ask for any amount of memory; this is as much as is given for them.
constexpr std::size_t kMostImpliedZeros = std::size_t{1} << 28;

struct Element {
  char kind = 0;  // f, i, u, b; 0: no number
  std::size_t size = 0;
  bool swapped = false;
};

Element element_of(std::string_view dtype) {
  if (dtype.size() < 3) return {};
  const char order = dtype[0];
  const char kind = dtype[1];
  const int digit = dtype[2] - '0';
  if (dtype.size() != 3 || (kind != 'f' && kind != 'i' && kind != 'u' && kind != 'b')) return {};
  if (digit != 1 && digit != 2 && digit != 4 && digit != 8) return {};
  return {kind, static_cast<std::size_t>(digit), order == '>'};
}

double half_to_double(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  double value = 0;
  if (exponent == 31) {
    value = fraction == 0 ? INFINITY : NAN;
  } else if (exponent == 0) {
    value = std::ldexp(fraction, -24);
  } else {
    value = std::ldexp(fraction + 1024, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

template <class From>
From load(const char* at, bool swapped) {
  char raw[sizeof(From)];
  for (std::size_t i = 0; i < sizeof(From); ++i) raw[i] = at[swapped ? sizeof(From) - 1 - i : i];
  From value;
  std::memcpy(&value, raw, sizeof(From));
  return value;
}

// A float outside of an integer's range has no conversion in C++: it becomes the nearest end, NaN becomes 0.
template <class To, class From>
To to_number(From value) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    if (std::isnan(value)) return 0;
    if (value <= static_cast<From>(std::numeric_limits<To>::min())) return std::numeric_limits<To>::min();
    if (value >= static_cast<From>(std::numeric_limits<To>::max())) return std::numeric_limits<To>::max();
  }
  return static_cast<To>(value);
}

template <class To, class From>
void convert(const Bytes& buffer, bool swapped, std::vector<To>& out) {
  const std::size_t count = buffer.size() / sizeof(From);
  for (std::size_t i = 0; i < count; ++i) out.push_back(to_number<To>(load<From>(buffer.data() + i * sizeof(From), swapped)));
}

}  // namespace

std::size_t Tensor::element_count() const noexcept {
  // Shapes come from the network: saturates instead of wrapping, and an extent of 0 anywhere means no elements.
  std::size_t count = 1;
  bool empty = false;
  bool huge = false;
  for (const std::uint32_t extent : shape) {
    empty = empty || extent == 0;
    huge = huge || __builtin_mul_overflow(count, static_cast<std::size_t>(extent), &count);
  }
  if (empty) return 0;
  return huge ? std::numeric_limits<std::size_t>::max() : count;
}

void Tensor::check_view(std::string_view wanted, std::size_t alignment) const {
  if (is_sparse()) throw std::invalid_argument("tensor: a sparse array has no dense view; read sparse->values");
  if (dtype != wanted)
    throw std::invalid_argument("tensor: the elements are '" + dtype + "', not '" + std::string(wanted) +
                                "'; copy_as converts them");
  if (reinterpret_cast<std::uintptr_t>(buffer.data()) % alignment != 0)
    throw std::invalid_argument("tensor: the buffer is not aligned for '" + dtype + "'; copy_as copies it");
}

template <class T>
std::vector<T> Tensor::copy_as() const {
  if (is_sparse()) throw std::invalid_argument("tensor: a sparse array can not be read as a dense one");
  if (buffer.empty()) {
    const std::size_t count = shape.empty() ? 0 : element_count();
    if (count > kMostImpliedZeros)
      throw std::invalid_argument("tensor: a shape without bytes stands for " + std::to_string(count) + " zeros, too many to make");
    return std::vector<T>(count);
  }
  const Element element = element_of(dtype);
  if (element.kind == 0) throw std::invalid_argument("tensor: elements of type '" + dtype + "' are no numbers");
  std::vector<T> out;
  out.reserve(buffer.size() / element.size);
  const bool swapped = element.swapped;
  switch (element.kind) {
    case 'f':
      if (element.size == 4) convert<T, float>(buffer, swapped, out);
      if (element.size == 8) convert<T, double>(buffer, swapped, out);
      if (element.size == 2)
        for (std::size_t i = 0; i + 1 < buffer.size(); i += 2)
          out.push_back(to_number<T>(half_to_double(load<std::uint16_t>(buffer.data() + i, swapped))));
      break;
    case 'i':
      if (element.size == 1) convert<T, std::int8_t>(buffer, swapped, out);
      if (element.size == 2) convert<T, std::int16_t>(buffer, swapped, out);
      if (element.size == 4) convert<T, std::int32_t>(buffer, swapped, out);
      if (element.size == 8) convert<T, std::int64_t>(buffer, swapped, out);
      break;
    default:
      if (element.size == 1) convert<T, std::uint8_t>(buffer, swapped, out);
      if (element.size == 2) convert<T, std::uint16_t>(buffer, swapped, out);
      if (element.size == 4) convert<T, std::uint32_t>(buffer, swapped, out);
      if (element.size == 8) convert<T, std::uint64_t>(buffer, swapped, out);
  }
  return out;
}

template std::vector<float> Tensor::copy_as<float>() const;
template std::vector<double> Tensor::copy_as<double>() const;
template std::vector<std::int8_t> Tensor::copy_as<std::int8_t>() const;
template std::vector<std::int16_t> Tensor::copy_as<std::int16_t>() const;
template std::vector<std::int32_t> Tensor::copy_as<std::int32_t>() const;
template std::vector<std::int64_t> Tensor::copy_as<std::int64_t>() const;
template std::vector<std::uint8_t> Tensor::copy_as<std::uint8_t>() const;
template std::vector<std::uint16_t> Tensor::copy_as<std::uint16_t>() const;
template std::vector<std::uint32_t> Tensor::copy_as<std::uint32_t>() const;
template std::vector<std::uint64_t> Tensor::copy_as<std::uint64_t>() const;

bool operator==(const Tensor& a, const Tensor& b) {
  if (a.is_sparse() != b.is_sparse()) return false;
  if (a.is_sparse() &&
      !(a.sparse->indices == b.sparse->indices && a.sparse->values == b.sparse->values && a.sparse->shape == b.sparse->shape))
    return false;
  return a.dtype == b.dtype && a.shape == b.shape && a.buffer == b.buffer && a.cls_name == b.cls_name &&
         a.parameters == b.parameters;
}

}  // namespace jina

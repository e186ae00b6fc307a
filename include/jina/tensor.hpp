// Tensor: an n-dimensional array as Jina sends it (docarray.NdArrayProto): element type, shape, bytes in C order.
//
// Thread: plain value; distinct objects may be used by different threads. Lifetime: shares its buffer. Cancellation: none.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "jina/bytes.hpp"

namespace jina {

/// NumPy's name of an element type in little endian, as it stands on the wire: "<f4", "<f8", "<i8", "|u1", "|b1", ...
template <class T>
constexpr std::string_view dtype_of() {
  if constexpr (std::is_same_v<T, float>)
    return "<f4";
  else if constexpr (std::is_same_v<T, double>)
    return "<f8";
  else if constexpr (std::is_same_v<T, std::int8_t>)
    return "|i1";
  else if constexpr (std::is_same_v<T, std::int16_t>)
    return "<i2";
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return "<i4";
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return "<i8";
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return "|u1";
  else if constexpr (std::is_same_v<T, std::uint16_t>)
    return "<u2";
  else if constexpr (std::is_same_v<T, std::uint32_t>)
    return "<u4";
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return "<u8";
  else
    static_assert(sizeof(T) == 0,
                  "a tensor's elements are float, double or a fixed-width integer; bool arrays are read as uint8_t");
}

/// Coordinates and values of a sparse array (wire: SparseNdArrayProto); `indices` has one row per value.
struct SparseTensor;

struct Tensor {
  std::string dtype;                 ///< NumPy form; for a sparse array the type of its values
  std::vector<std::uint32_t> shape;  ///< empty for a scalar
  Bytes buffer;                      ///< C order; empty with a non-empty shape means zeros (float64)
  std::string cls_name = "numpy";    ///< numpy, list, torch, tensorflow, paddle or scipy: what Python turns it back into
  std::shared_ptr<const SparseTensor> sparse{};  ///< set for a sparse array, `buffer` is empty then
  Bytes parameters{};  ///< encoded google.protobuf.Struct beside it (scipy's sparse_format), carried as it is

  /// A tensor of `values` in C order. Throws std::invalid_argument when the shape does not hold exactly that many.
  template <class T>
  static Tensor of(std::vector<std::uint32_t> shape, std::span<const T> values);
  /// One dimension.
  template <class T>
  static Tensor of(const std::vector<T>& values) {
    return of<T>({static_cast<std::uint32_t>(values.size())}, std::span<const T>(values));
  }

  /// Number of elements that the shape holds.
  std::size_t element_count() const noexcept;
  std::size_t rank() const noexcept { return shape.size(); }
  bool is_sparse() const noexcept { return sparse != nullptr; }

  /// The elements without a copy. Throws std::invalid_argument, naming both types, when dtype is another one, and when the
  /// buffer is not aligned for T (use copy_as) or sparse.
  template <class T>
  std::span<const T> view() const {
    check_view(dtype_of<T>(), alignof(T));
    return {reinterpret_cast<const T*>(buffer.data()), buffer.size() / sizeof(T)};
  }
  /// The elements converted to T from any numeric or bool dtype. Throws std::invalid_argument for strings and sparse arrays.
  template <class T>
  std::vector<T> copy_as() const;

  friend bool operator==(const Tensor& a, const Tensor& b);

 private:
  void check_view(std::string_view wanted, std::size_t alignment) const;
};

struct SparseTensor {
  Tensor indices;
  Tensor values;
  std::vector<std::uint32_t> shape;
};

template <class T>
Tensor Tensor::of(std::vector<std::uint32_t> shape, std::span<const T> values) {
  Tensor tensor;
  tensor.dtype = std::string(dtype_of<T>());
  tensor.shape = std::move(shape);
  if (tensor.element_count() != values.size())
    throw std::invalid_argument("tensor: the shape holds " + std::to_string(tensor.element_count()) + " elements, " +
                                std::to_string(values.size()) + " were given");
  tensor.buffer = Bytes::copy_of(std::as_bytes(values));
  return tensor;
}

}  // namespace jina

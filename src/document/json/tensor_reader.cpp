#include "document/json/tensor_reader.hpp"

#include <algorithm>

#include "document/json/json_text.hpp"

namespace jina::json {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

enum class Kind { kNone, kBool, kInteger, kFloat, kString, kOther };

const char* python_type(element value) {
  switch (value.type()) {
    case element_type::INT64:
    case element_type::UINT64: return "int";
    case element_type::DOUBLE: return "float";
    case element_type::BOOL: return "bool";
    case element_type::STRING: return "str";
    case element_type::OBJECT: return "dict";
    default: return "list";
  }
}

class Reader {
 public:
  explicit Reader(Validation& validation) : validation_(validation) {}

  Tensor read(element value) {
    for (element at = value; at.is_array();) {
      const simdjson::dom::array list = at.get_array();
      shape_.push_back(static_cast<std::uint32_t>(list.size()));
      if (list.size() == 0) break;
      at = list.at(0);
    }
    if (!scan(value, 0)) return {};
    Tensor tensor;
    tensor.shape = shape_;
    std::string buffer;
    switch (kind_) {
      case Kind::kNone:
      case Kind::kFloat: tensor.dtype = "<f8"; fill<double>(value, buffer); break;
      case Kind::kInteger: tensor.dtype = "<i8"; fill<std::int64_t>(value, buffer); break;
      case Kind::kBool: tensor.dtype = "|b1"; fill<bool>(value, buffer); break;
      case Kind::kString: fill_strings(value, buffer, tensor.dtype); break;
      case Kind::kOther: validation_.give_up("an array of objects or nulls has no place on the wire"); return {};
    }
    tensor.buffer = Bytes::take(std::move(buffer));
    return tensor;
  }

 private:
  // Checks that every list at one level has the same length, and finds the kind of the elements.
  bool scan(element value, std::size_t level) {
    if (!value.is_array()) {
      if (level != shape_.size()) return ragged(level);
      note(value);
      return true;
    }
    if (level == shape_.size()) return ragged(level);
    const simdjson::dom::array list = value.get_array();
    if (list.size() != shape_[level] && list.size() < 0xffffff) return ragged(level);
    std::size_t count = 0;
    for (const element item : list) {
      if (!scan(item, level + 1)) return false;
      ++count;
    }
    return count == shape_[level] || ragged(level);
  }

  bool ragged(std::size_t dimensions) {
    std::string shape = "(";
    for (std::size_t i = 0; i < dimensions; ++i) shape += std::to_string(shape_[i]) + (i + 1 < dimensions ? ", " : dimensions == 1 ? "," : "");
    validation_.add("setting an array element with a sequence. The requested array has an inhomogeneous shape after " + std::to_string(dimensions) +
                        " dimensions. The detected shape was " + shape + ") + inhomogeneous part.",
                    "value_error");
    return false;
  }

  void note(element value) {
    Kind kind = Kind::kOther;
    switch (value.type()) {
      case element_type::BOOL: kind = Kind::kBool; break;
      case element_type::INT64: kind = Kind::kInteger; break;
      case element_type::UINT64: validation_.give_up("an integer of an array is beyond 64 bits"); kind = Kind::kInteger; break;
      case element_type::DOUBLE: kind = Kind::kFloat; break;
      case element_type::STRING: kind = Kind::kString; break;
      default: break;
    }
    kind_ = std::max(kind_, kind);
  }

  template <class T>
  void fill(element value, std::string& out) {
    if (value.is_array()) {
      for (const element item : value.get_array()) fill<T>(item, out);
      return;
    }
    T number{};
    switch (value.type()) {
      case element_type::BOOL: number = static_cast<T>(bool(value)); break;
      case element_type::INT64: number = static_cast<T>(std::int64_t(value)); break;
      case element_type::DOUBLE: number = static_cast<T>(double(value)); break;
      default: break;
    }
    char raw[sizeof(T)];
    std::memcpy(raw, &number, sizeof(T));
    out.append(raw, sizeof(T));
  }

  void collect(element value, std::vector<std::u32string>& out) {
    if (value.is_array()) {
      for (const element item : value.get_array()) collect(item, out);
      return;
    }
    std::string text;
    switch (value.type()) {
      case element_type::STRING: text = std::string(std::string_view(value)); break;
      case element_type::BOOL: text = bool(value) ? "True" : "False"; break;
      case element_type::INT64: text = std::to_string(std::int64_t(value)); break;
      case element_type::DOUBLE: append_float(text, double(value)); break;
      default: break;
    }
    std::u32string points;
    for (std::size_t at = 0; at < text.size();) {
      const auto first = static_cast<unsigned char>(text[at]);
      const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
      char32_t point = more == 0 ? first : first & (0x3f >> more);
      for (int i = 1; i <= more; ++i) point = point << 6 | (static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]) & 0x3f);
      points += point;
      at += static_cast<std::size_t>(more) + 1;
    }
    out.push_back(std::move(points));
  }

  void fill_strings(element value, std::string& out, std::string& dtype) {
    std::vector<std::u32string> all;
    collect(value, all);
    std::size_t longest = 1;
    for (const std::u32string& text : all) longest = std::max(longest, text.size());
    dtype = "<U" + std::to_string(longest);
    for (std::u32string& text : all) {
      text.resize(longest);
      out.append(reinterpret_cast<const char*>(text.data()), longest * 4);
    }
  }

  Validation& validation_;
  std::vector<std::uint32_t> shape_;
  Kind kind_ = Kind::kNone;
};

}  // namespace

Tensor read_tensor(element value, Validation& validation) {
  if (!value.is_array()) {
    validation.add(std::string("can not determine the array type: ['builtins'].") + python_type(value), "type_error");
    return {};
  }
  return Reader(validation).read(value);
}

}  // namespace jina::json

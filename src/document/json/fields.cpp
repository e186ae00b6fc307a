#include "document/json/fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>
#include <limits>

#include "document/json/json_text.hpp"

namespace jina::json {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

std::optional<double> number_of(element value) {
  switch (value.type()) {
    case element_type::INT64: return static_cast<double>(std::int64_t(value));
    case element_type::UINT64: return static_cast<double>(std::uint64_t(value));
    case element_type::DOUBLE: return double(value);
    case element_type::BOOL: return bool(value) ? 1.0 : 0.0;
    case element_type::STRING: {
      std::string_view text = value;
      while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
      while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
      if (!text.empty() && text.front() == '+') text.remove_prefix(1);
      double number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
      return number;
    }
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> read_text(element value, Validation& validation) {
  std::string text;
  switch (value.type()) {
    case element_type::NULL_VALUE: return std::nullopt;
    case element_type::STRING: return std::string(std::string_view(value));
    case element_type::BOOL: return bool(value) ? "True" : "False";
    case element_type::INT64: return std::to_string(std::int64_t(value));
    case element_type::UINT64: return std::to_string(std::uint64_t(value));
    case element_type::DOUBLE: append_float(text, double(value)); return text;
    default: validation.add("str type expected", "type_error.str"); return std::nullopt;
  }
}

std::optional<float> read_float(element value, Validation& validation) {
  if (value.is_null()) return std::nullopt;
  const std::optional<double> number = number_of(value);
  if (!number) {
    validation.add("value is not a valid float", "type_error.float");
    return std::nullopt;
  }
  if (std::isfinite(*number) && std::fabs(*number) > static_cast<double>(std::numeric_limits<float>::max()))
    validation.give_up("a number is beyond the range of a 32-bit float");
  return static_cast<float>(*number);
}

std::optional<std::uint32_t> read_unsigned(element value, Validation& validation) {
  if (value.is_null()) return std::nullopt;
  std::optional<double> number = number_of(value);
  // "1.5" is no integer, while 1.5 is cut to 1.
  if (number && value.is_string() && *number != std::trunc(*number)) number.reset();
  if (!number) {
    validation.add("value is not a valid integer", "type_error.integer");
    return std::nullopt;
  }
  const double whole = std::trunc(*number);
  if (whole < 0 || whole > std::numeric_limits<std::uint32_t>::max()) {
    validation.give_up("an integer does not fit into 32 bits without sign");
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(whole);
}

boost::json::value to_boost(element value) {
  switch (value.type()) {
    case element_type::INT64: return std::int64_t(value);
    case element_type::UINT64: return std::uint64_t(value);
    case element_type::DOUBLE: return double(value);
    case element_type::BOOL: return bool(value);
    case element_type::STRING: return boost::json::string(std::string_view(value));
    case element_type::ARRAY: {
      boost::json::array array;
      for (const element item : value.get_array()) array.push_back(to_boost(item));
      return array;
    }
    case element_type::OBJECT: {
      boost::json::object object;
      for (const auto field : value.get_object()) object[field.key] = to_boost(field.value);
      return object;
    }
    default: return nullptr;
  }
}

std::optional<boost::json::object> read_object(element value, Validation& validation) {
  if (value.is_null()) return std::nullopt;
  if (!value.is_object()) {
    validation.add("value is not a valid dict", "type_error.dict");
    return std::nullopt;
  }
  return std::move(to_boost(value).as_object());
}

}  // namespace jina::json

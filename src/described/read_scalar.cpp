// Scalars, with the conversions of pydantic v1 where they are allowed.
#include <algorithm>
#include <cmath>

#include "base/base64.hpp"
#include "base/python_number.hpp"
#include "described/reader.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(),
                                                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
  });
}

std::optional<bool> bool_from(const json::value& value) {
  if (value.is_number()) {
    const double number = value.to_number<double>();
    if (number == 0 || number == 1) return number == 1;
  } else if (const json::string* text = value.if_string()) {
    if (is_one_of(*text, {"1", "on", "t", "true", "y", "yes"})) return true;
    if (is_one_of(*text, {"0", "off", "f", "false", "n", "no"})) return false;
  }
  return std::nullopt;
}

std::optional<Whole> whole_from(const json::value& value, bool coerce) {
  if (const auto* number = value.if_int64()) return Whole::of(*number);
  if (const auto* number = value.if_uint64()) return Whole{false, *number};
  if (const auto* number = value.if_double()) return Whole::of(*number);
  if (!coerce) return std::nullopt;
  if (const auto* text = value.if_string()) return Whole::of(std::string_view(*text));
  if (const auto* truth = value.if_bool()) return Whole{false, *truth ? std::uint64_t{1} : std::uint64_t{0}};
  return std::nullopt;
}

std::optional<double> double_from(const json::value& value, bool coerce) {
  if (value.is_number()) return value.to_number<double>();
  if (!coerce) return std::nullopt;
  if (const auto* text = value.if_string()) return pyjson::float_from(*text);
  if (const auto* truth = value.if_bool()) return *truth ? 1 : 0;
  return std::nullopt;
}

}  // namespace

bool Reader::read_bool(bool& into, const json::value& value, const Place& place) {
  if (const bool* truth = value.if_bool()) {
    into = *truth;
    return true;
  }
  if (value.is_null()) return error(place, "none is not an allowed value", "type_error.none.not_allowed");
  if (!options_.coerce) return error(place, "value is not a valid boolean", "value_error.strictboolean");
  const std::optional<bool> truth = bool_from(value);
  if (!truth) return error(place, "value could not be parsed to a boolean", "type_error.bool");
  into = *truth;
  return true;
}

bool Reader::read_integer(const TypeInfo& type, const MemberRules* rules, void* into, const json::value& value,
                          const Place& place) {
  const std::optional<Whole> whole = whole_from(value, options_.coerce);
  if (!whole) return error(place, "value is not a valid integer", "type_error.integer");
  if (!check_limits(rules, whole->real(), place)) return false;
  if (store_integer(type, into, *whole)) return true;
  return whole->negative ? too_low(place, lowest(type)) : too_high(place, highest(type));
}

bool Reader::read_float(const TypeInfo& type, const MemberRules* rules, void* into, const json::value& value, const Place& place) {
  const std::optional<double> number = double_from(value, options_.coerce);
  if (!number) return error(place, "value is not a valid float", "type_error.float");
  if (!check_limits(rules, *number, place)) return false;
  if (store_float(type, into, *number)) return true;
  return *number < 0 ? too_low(place, lowest(type)) : too_high(place, highest(type));
}

bool Reader::read_text(const MemberRules* rules, std::string& into, const json::value& value, const Place& place) {
  if (const json::string* text = value.if_string()) {
    into.assign(text->data(), text->size());
    return check_text(rules, into, place);
  }
  if (!options_.coerce && !options_.text_of_scalars) return error(place, "str type expected", "type_error.str");
  into.clear();
  if (const auto* number = value.if_int64()) {
    into = std::to_string(*number);
  } else if (const auto* large = value.if_uint64()) {
    into = std::to_string(*large);
  } else if (const auto* real = value.if_double()) {
    pyjson::append_float(into, *real);
  } else if (const auto* truth = value.if_bool()) {
    if (options_.coerce) {
      into = *truth ? "True" : "False";  // Python's str()
    } else {
      into = *truth ? "true" : "false";
    }
  } else {
    return error(place, "str type expected", "type_error.str");
  }
  return check_text(rules, into, place);
}

bool Reader::read_bytes(Bytes& into, const json::value& value, const Place& place) {
  const json::string* text = value.if_string();
  if (text == nullptr) return error(place, "byte type expected", "type_error.bytes");
  std::optional<std::string> bytes = base64_decode(*text);
  if (!bytes) return error(place, "value is not valid base64", "value_error.base64");
  into = Bytes::take(*std::move(bytes));
  return true;
}

bool Reader::read_enum(const TypeInfo& type, void* into, const json::value& value, const Place& place) {
  const json::string* text = value.if_string();
  json::array names;
  std::string listed;
  for (const Enumerator& each : type.enumeration->enumerators) {
    if (text != nullptr && *text == each.name) {
      store_enumerator(type, into, each.value);
      return true;
    }
    names.emplace_back(each.name);
    listed += (listed.empty() ? "'" : ", '") + std::string(each.name) + "'";
  }
  return error(place, "value is not a valid enumeration member; permitted: " + listed, "type_error.enum",
               {{"enum_values", std::move(names)}});
}

}  // namespace jina::described

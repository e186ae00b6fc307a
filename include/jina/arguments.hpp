// Arguments: user-defined parameters of a class (`with:` in YAML, --uses-with) as a struct described by Boost.Describe.
//
//   struct Options { std::string model = "small"; int top_k = 10; std::optional<double> threshold; };
//   BOOST_DESCRIBE_STRUCT(Options, (), (model, top_k, threshold))
//   class Ranker : public jina::Executor { public: explicit Ranker(Options options); ... };
//
// Members that are not named keep their defaults; a name that the struct does not have, and a value of another type, are errors.
// Members may be bool, numbers, std::string, std::optional, std::vector, std::map with text keys, described structs, and
// boost::json::value, object or array for what has no fixed shape.
//
// Thread: free functions. Lifetime: results own their values. Cancellation: none.
#pragma once
#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace jina {

/// What is wrong with an argument, and which one it is.
class ArgumentError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

namespace detail {

[[noreturn]] void throw_unknown_argument(const std::string& path, std::string_view name, const std::vector<std::string>& known);
[[noreturn]] void throw_argument_type(const std::string& path, std::string_view expected, const boost::json::value& value);
/// "options.top_k", "names[2]".
std::string argument_path(const std::string& parent, std::string_view name);

template <class T>
concept Described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsTextMap : std::false_type {};
template <class T, class Less>
struct IsTextMap<std::map<std::string, T, Less>> : std::true_type {};

template <class T>
T read_integer(const boost::json::value& value, const std::string& path) {
  if (const auto* number = value.if_int64(); number != nullptr && std::in_range<T>(*number)) return static_cast<T>(*number);
  if (const auto* number = value.if_uint64(); number != nullptr && std::in_range<T>(*number)) return static_cast<T>(*number);
  // 3.0 is a whole number, too: that is how numbers come out of protobuf's Struct.
  if (const auto* number = value.if_double(); number != nullptr && std::trunc(*number) == *number &&
                                              *number >= static_cast<double>(std::numeric_limits<T>::min()) &&
                                              *number < std::ldexp(1.0, std::numeric_limits<T>::digits))
    return static_cast<T>(*number);
  throw_argument_type(path, std::is_signed_v<T> ? "a whole number that fits" : "a whole number, not negative, that fits", value);
}

template <Described T>
T read_struct(const boost::json::value& value, const std::string& path);

template <class T>
T read_value(const boost::json::value& value, const std::string& path) {
  if constexpr (std::is_same_v<T, boost::json::value>) {
    return value;
  } else if constexpr (std::is_same_v<T, boost::json::object>) {
    if (!value.is_object()) throw_argument_type(path, "an object", value);
    return value.get_object();
  } else if constexpr (std::is_same_v<T, boost::json::array>) {
    if (!value.is_array()) throw_argument_type(path, "a list", value);
    return value.get_array();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_bool()) throw_argument_type(path, "true or false", value);
    return value.get_bool();
  } else if constexpr (std::is_integral_v<T>) {
    return read_integer<T>(value, path);
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!value.is_number()) throw_argument_type(path, "a number", value);
    return value.to_number<T>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!value.is_string()) throw_argument_type(path, "a text", value);
    return std::string(value.get_string());
  } else if constexpr (IsOptional<T>::value) {
    if (value.is_null()) return std::nullopt;
    return read_value<typename T::value_type>(value, path);
  } else if constexpr (IsVector<T>::value) {
    if (!value.is_array()) throw_argument_type(path, "a list", value);
    T list;
    for (const boost::json::value& item : value.get_array())
      list.push_back(read_value<typename T::value_type>(item, path + "[" + std::to_string(list.size()) + "]"));
    return list;
  } else if constexpr (IsTextMap<T>::value) {
    if (!value.is_object()) throw_argument_type(path, "an object", value);
    T map;
    for (const auto& item : value.get_object())
      map.emplace(std::string(item.key()), read_value<typename T::mapped_type>(item.value(), argument_path(path, item.key())));
    return map;
  } else {
    static_assert(Described<T>,
                  "an argument is a bool, number, std::string, std::optional, std::vector, std::map<std::string, ...>, a "
                  "boost::json type or a struct with BOOST_DESCRIBE_STRUCT");
    return read_struct<T>(value, path);
  }
}

template <Described T>
T read_struct(const boost::json::value& value, const std::string& path) {
  using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
  if (!value.is_object()) throw_argument_type(path, "an object", value);
  T result{};
  for (const auto& entry : value.get_object()) {
    bool known = false;
    boost::mp11::mp_for_each<Members>([&](auto member) {
      if (known || entry.key() != member.name) return;
      known = true;
      using Value = std::remove_cvref_t<decltype(result.*member.pointer)>;
      result.*member.pointer = read_value<Value>(entry.value(), argument_path(path, entry.key()));
    });
    if (known) continue;
    std::vector<std::string> names;
    boost::mp11::mp_for_each<Members>([&](auto member) { names.emplace_back(member.name); });
    throw_unknown_argument(path, entry.key(), names);
  }
  return result;
}

/// Becomes whatever a constructor takes: a described struct, or the JSON object itself.
struct ArgumentSource {
  const boost::json::object& with;
  template <Described T>
  operator T() const {  // NOLINT(google-explicit-constructor): the constructor's parameter says what it wants
    return read_struct<T>(boost::json::value(with), {});
  }
  operator const boost::json::object&() const { return with; }  // NOLINT(google-explicit-constructor)
};

}  // namespace detail

/// Throws ArgumentError that names the argument and says what is wrong with it.
template <detail::Described T>
T read_arguments(const boost::json::object& with) {
  return detail::read_struct<T>(boost::json::value(with), {});
}

}  // namespace jina

// described: structs described once (Boost.Describe); from that come reading them from JSON and texts with located errors, writing
// them as JSON, and their JSON schema.
//
//   struct Ask {
//     std::string text;
//     int top_k = 10;
//     std::optional<double> threshold;
//     static void describe(jina::Fields& on) { on["text"].says("what to ask").min_length(1); on["top_k"].at_least(1).at_most(100);
//     }
//   };
//   BOOST_DESCRIBE_STRUCT(Ask, (), (text, top_k, threshold))
//
// A member is required unless it has a default: an initialiser other than zero or empty, std::optional, bool, a boost::json::value,
// or Defaulted<T> (`jina::Defaulted<int> offset = 0;`). A struct is required when one of its own members is.
// Members: bool, integers, float, double, std::string, Bytes (base64), enums with BOOST_DESCRIBE_ENUM (by name), std::optional,
// std::vector, std::map<std::string, T>, described structs (recursive ones too), boost::json::value, object and array, Document and
// DocumentArray (Jina's document JSON), and any type with a CustomType.
// The hook `describe` is optional; what it says of a list, map or optional applies to what is inside.
//
// Errors are worded and located as by FastAPI with pydantic v1, and so are the conversions that `coerce` allows, except that
// nothing is cut: 1.5 is no integer, and an integer must fit its member. Of a value that is wrong all over the first 1000 errors
// are reported.
//
// Thread: all functions may be called from any thread; tables are made once. Lifetime: tables live as long as the program or module
// that has the type (modules are never unloaded). Cancellation: none, nothing here waits.
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace jina {

namespace described {
struct MemberRules;
struct StructRules;
struct TypeInfo;
}  // namespace described

/// What is wrong, and where: {["body","top_k"], "value is not a valid integer", "type_error.integer", {}}.
struct InputError {
  boost::json::array location;
  std::string message;
  std::string type;
  boost::json::object context{};  ///< {"limit_value": 1}
};

/// A member that may be left out although its default is zero or empty.
template <class T>
struct Defaulted {
  T value{};
  Defaulted() = default;
  Defaulted(T initial) : value(std::move(initial)) {}   // NOLINT(google-explicit-constructor): `Defaulted<int> offset = 0;`
  operator const T&() const noexcept { return value; }  // NOLINT(google-explicit-constructor): reads as a T
  T& operator*() noexcept { return value; }
  const T& operator*() const noexcept { return value; }
  T* operator->() noexcept { return &value; }
  const T* operator->() const noexcept { return &value; }
};

/// One member in `describe`. Each function throws std::logic_error that names struct and member when it does not fit the type.
class Field {
 public:
  explicit Field(described::MemberRules& rules) noexcept : rules_(&rules) {}
  Field& says(std::string_view description);
  Field& example(boost::json::value example);
  /// Texts, in characters.
  Field& min_length(std::size_t length);
  Field& max_length(std::size_t length);
  /// A regular expression (RE2) that the beginning of the text must match; "^...$" for all of it.
  Field& pattern(std::string_view expression);
  /// Numbers.
  template <class N>
    requires std::is_arithmetic_v<N>
  Field& at_least(N limit) {
    return set_limit(0, boost::json::value(limit));
  }
  template <class N>
    requires std::is_arithmetic_v<N>
  Field& at_most(N limit) {
    return set_limit(1, boost::json::value(limit));
  }
  template <class N>
    requires std::is_arithmetic_v<N>
  Field& greater_than(N limit) {
    return set_limit(2, boost::json::value(limit));
  }
  template <class N>
    requires std::is_arithmetic_v<N>
  Field& less_than(N limit) {
    return set_limit(3, boost::json::value(limit));
  }
  /// Lists.
  Field& min_items(std::size_t count);
  Field& max_items(std::size_t count);

 private:
  Field& set_limit(int which, const boost::json::value& limit);
  described::MemberRules* rules_;
};

/// What a struct's `static void describe(jina::Fields& on)` fills. Called once, when the struct is used first.
class Fields {
 public:
  explicit Fields(described::StructRules& rules) noexcept : rules_(&rules) {}
  /// Throws std::logic_error when the struct has no such member.
  Field operator[](std::string_view member);
  /// Of the struct as a whole.
  Fields& says(std::string_view description);

 private:
  described::StructRules* rules_;
};

namespace described {

/// The table of T: static, made at compile time.
template <class T>
[[gnu::visibility("hidden")]] const TypeInfo& type_of();

enum class Unknown : std::uint8_t { kIgnore, kRefuse };

struct ReadOptions {
  Unknown unknown = Unknown::kIgnore;  ///< members that the struct does not have
  bool coerce = true;                  ///< "3" -> 3, 1.0 -> 1, 3 -> "3", "on" -> true; else only 1.0 -> 1 for integers, 1 -> 1.0
  bool text_of_scalars = false;  ///< without `coerce`: 12 -> "12", true -> "true"; YAML and the command line make numbers of texts
  const void* attachments = nullptr;  ///< handed on to types with a CustomType
};

/// Reads `value` into the object (a default-constructed one: what is left out stays as it is); every problem is appended to
/// `errors` with `at` in front. True when there was none.
bool read(const TypeInfo& type, void* into, const boost::json::value& value, const ReadOptions& options,
          const boost::json::array& at, std::vector<InputError>& errors);

struct TextOptions {
  bool empty_is_absent = false;  ///< "" counts as left out: how browsers send empty fields of a form
  const void* attachments = nullptr;
};

/// Query, header and form values: texts by name; several of one name for a list, else the last one counts. Structs, maps and
/// boost::json objects and arrays are read from JSON text. Other names are ignored. REQUIRES: type is a struct.
bool read_texts(const TypeInfo& type, void* into, std::span<const std::pair<std::string, std::string>> texts,
                const boost::json::array& at, std::vector<InputError>& errors, const TextOptions& options = {});

/// JSON text, appended; members in order, empty optionals as null, numbers as Python prints them. Bytes that are no UTF-8 become
/// U+FFFD. Throws std::domain_error that names the place for NaN, infinity and enum values without a name, which JSON can not say
/// (FastAPI answers 500 then).
void write(const TypeInfo& type, const void* from, std::string& out);
boost::json::value to_json(const TypeInfo& type, const void* from);
template <class T>
boost::json::value to_json(const T& value) {
  return to_json(type_of<T>(), &value);
}

/// JSON schema for OpenAPI 3.1, as FastAPI has it. Structs and enums go to `components` by name and are referred to
/// ("#/components/schemas/Ask"); another type with a name that is taken gets its namespace, or a number, into its name.
boost::json::value schema(const TypeInfo& type, boost::json::object& components);

/// Runs the `describe` of all structs in it. Throws std::logic_error for a mistake in one; call it where a type is taken on, so
/// that mistakes show at the start.
void check(const TypeInfo& type);

/// One member, for those who show what a struct takes.
struct MemberFacts {
  std::string_view name;
  const TypeInfo* type;
  bool required;
  std::optional<boost::json::value> default_value;  ///< of members that are not required
  std::string_view description;
};
/// REQUIRES: a struct.
std::vector<MemberFacts> members_of(const TypeInfo& type);
/// "Ask", "a whole number", "a list of texts".
std::string name_of(const TypeInfo& type);

}  // namespace described
}  // namespace jina

#include "jina/described_types.hpp"

// The coercions of pydantic v1, on parsed JSON: what counts as a string, an integer, a float, a dict, and what the complaint is.
//
// Thread: plain objects, one thread. Lifetime: results live in the context's arena. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/json/validation_error.hpp"
#include "document/json/value.hpp"

namespace jina::pyjson {

/// A place in the input, as a list from the inside out on the stack.
struct Loc {
  const Loc* parent = nullptr;
  std::string_view key{};
  std::int64_t index = -1;  ///< used when >= 0

  Loc at(std::string_view inner) const noexcept { return {this, inner, -1}; }
  Loc at(std::size_t inner) const noexcept { return {this, {}, static_cast<std::int64_t>(inner)}; }
};

/// What one validation collects.
struct Context {
  Arena& arena;
  std::vector<ValidationDetail> errors{};
  /// Set where Python raises what nobody catches: the answer is 500. Says what it was, for the log.
  std::string fatal{};

  bool error(const Loc& loc, std::string msg, std::string type);
  bool none_not_allowed(const Loc& loc) { return error(loc, "none is not an allowed value", "type_error.none.not_allowed"); }
  bool not_a_list(const Loc& loc) { return error(loc, "value is not a valid list", "type_error.list"); }
  bool not_a_dict(const Loc& loc) { return error(loc, "value is not a valid dict", "type_error.dict"); }
  bool fail(std::string_view what) {
    if (fatal.empty()) fatal = what;
    return false;
  }
};

// Each leaves null as it is and returns false after noting an error.
bool coerce_string(Context& context, const Loc& loc, Value& value);
bool coerce_integer(Context& context, const Loc& loc, Value& value);  ///< to kInt; beyond 64 bits the nearest end
bool coerce_float(Context& context, const Loc& loc, Value& value);

/// dict(value): an object, a list of pairs, or an empty string; keys of pairs may be other things than strings. False when it is
/// none of them; nothing is noted.
bool as_dict(Context& context, const Value& value, std::span<const Member>& members);
/// Whether all keys are strings: what `Model(**members)` asks for.
bool has_string_keys(std::span<const Member> members) noexcept;
/// The items of a list of either kind.
std::span<const Value> list_items(Context& context, const Value& list);

/// A dict with string keys; with `strict_types` values keep their JSON type but integers (0 and 1 become bool, others float), else
/// everything that reads as a bool or a number becomes one.
bool coerce_struct(Context& context, const Loc& loc, Value& value, bool strict_types);
/// The second of these rules for one value.
bool coerce_struct_value(Context& context, Value& value, bool strict_types);
/// str(key) of a dict's key; nothing for keys that pydantic refuses (null), which is noted.
bool coerce_key(Context& context, const Loc& dict, Value& key);

}  // namespace jina::pyjson

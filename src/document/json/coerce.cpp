#include "document/json/coerce.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/python_number.hpp"
#include "document/json/parse.hpp"

namespace jina::pyjson {
namespace {

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// The two items of a pair that dict() takes: a list of two, an object of two keys, a text of two characters.
bool as_pair(Context& context, const Value& value, Member& pair) {
  switch (value.kind) {
    case Kind::kArray:
    case Kind::kNumbers: {
      const std::span<const Value> items = list_items(context, value);
      if (items.size() != 2) return false;
      pair = {items[0], items[1]};
      break;
    }
    case Kind::kObject:
      if (value.size != 2) return false;
      pair = {value.object()[0].key, value.object()[1].key};
      break;
    case Kind::kString: {
      const std::string_view text = value.string();
      if (code_points(text) != 2) return false;
      std::size_t second = 1;
      while ((text[second] & 0xC0) == 0x80) ++second;
      pair = {Value::of_string(text.substr(0, second), value.flag), Value::of_string(text.substr(second), value.flag)};
      break;
    }
    default: return false;
  }
  return !pair.key.is_list() && pair.key.kind != Kind::kObject;  // those have no hash
}

// Two keys that are the same to a Python dict have the same text here: 1, 1.0 and true are, "1" is another one.
std::string_view hash_text(Arena& arena, const Value& key) {
  std::string text;
  switch (key.kind) {
    case Kind::kString: return key.string();
    case Kind::kNull: return std::string_view("\0null", 5);
    case Kind::kBool:
      text = std::string_view("\0", 1);
      append_float(text, key.flag ? 1 : 0);
      break;
    case Kind::kInt:
      text = std::string_view("\0", 1);
      append_float(text, static_cast<double>(key.integer));
      break;
    case Kind::kFloat:
      text = std::string_view("\0", 1);
      append_float(text, key.real);
      break;
    default: text = std::string("\0", 1) + std::string(key.string()); break;
  }
  return arena.copy(std::string_view(text));
}

// Members in the order of their first occurrence, the last value of each key.
class UniqueMembers {
 public:
  explicit UniqueMembers(Arena& arena) : arena_(arena) {}
  void add(const Member& member) {
    const auto [place, is_new] = places_.emplace(hash_text(arena_, member.key), members_.size());
    if (is_new) {
      members_.push_back(member);
    } else {
      members_[place->second].value = member.value;
    }
  }
  std::span<const Member> members() const { return members_; }

 private:
  Arena& arena_;
  std::vector<Member> members_;
  std::unordered_map<std::string_view, std::size_t> places_;
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(),
                                                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
  });
}

}  // namespace

bool Context::error(const Loc& loc, std::string msg, std::string type) {
  ValidationDetail& detail = errors.emplace_back();
  for (const Loc* at = &loc; at != nullptr; at = at->parent) {
    if (at->index >= 0) {
      detail.loc.emplace_back(at->index);
    } else {
      detail.loc.emplace_back(std::string(at->key));
    }
  }
  std::reverse(detail.loc.begin(), detail.loc.end());
  detail.msg = std::move(msg);
  detail.type = std::move(type);
  return false;
}

bool coerce_string(Context& context, const Loc& loc, Value& value) {
  char text[kMaxNumberSize];
  switch (value.kind) {
    case Kind::kNull:
    case Kind::kString: return true;
    case Kind::kBool: value = Value::of_string(value.flag ? "True" : "False"); return true;
    case Kind::kBigInt: value = Value::of_string(value.string()); return true;
    case Kind::kInt:
      value = Value::of_string(context.arena.copy(std::string_view(text, format_integer(text, value.integer))));
      return true;
    case Kind::kFloat:
      value = Value::of_string(context.arena.copy(std::string_view(text, format_float(text, value.real))));
      return true;
    default: return context.error(loc, "str type expected", "type_error.str");
  }
}

bool coerce_integer(Context& context, const Loc& loc, Value& value) {
  std::optional<std::int64_t> integer;
  switch (value.kind) {
    case Kind::kNull:
    case Kind::kInt: return true;
    case Kind::kBool: integer = value.flag; break;
    case Kind::kFloat: integer = int_from(value.real); break;
    case Kind::kBigInt:
    case Kind::kString: integer = int_from(value.string()); break;
    default: break;
  }
  if (!integer) return context.error(loc, "value is not a valid integer", "type_error.integer");
  value.kind = Kind::kInt;
  value.integer = *integer;
  return true;
}

bool coerce_float(Context& context, const Loc& loc, Value& value) {
  switch (value.kind) {
    case Kind::kNull:
    case Kind::kFloat: return true;
    case Kind::kBool: value = Value::of_float(value.flag ? 1 : 0); return true;
    case Kind::kInt: value = Value::of_float(static_cast<double>(value.integer)); return true;
    case Kind::kBigInt: {
      const double real = float_from_digits(value.string());
      if (std::isinf(real)) return context.fail("an integer is too large for a float");
      value = Value::of_float(real);
      return true;
    }
    case Kind::kString:
      if (const std::optional<double> real = float_from(value.string())) {
        value = Value::of_float(*real);
        return true;
      }
      break;
    default: break;
  }
  return context.error(loc, "value is not a valid float", "type_error.float");
}

bool as_dict(Context& context, const Value& value, std::span<const Member>& members) {
  members = {};
  if (value.kind == Kind::kObject) {
    members = value.object();
    return true;
  }
  if (value.kind == Kind::kString) return value.size == 0;
  if (!value.is_list()) return false;
  UniqueMembers pairs(context.arena);
  for (const Value& item : list_items(context, value)) {
    Member pair;
    if (!as_pair(context, item, pair)) return false;
    pairs.add(pair);
  }
  members = context.arena.copy(pairs.members());
  return true;
}

bool has_string_keys(std::span<const Member> members) noexcept {
  return std::all_of(members.begin(), members.end(), [](const Member& member) { return member.key.kind == Kind::kString; });
}

std::span<const Value> list_items(Context& context, const Value& list) {
  if (list.kind == Kind::kNumbers) return expand(*list.block, context.arena).array();
  return list.array();
}

bool coerce_key(Context& context, const Loc& dict, Value& key) {
  if (key.is_null()) return context.none_not_allowed(dict.at("__key__"));
  return coerce_string(context, dict.at("__key__"), key);
}

bool coerce_struct_value(Context& context, Value& value, bool strict_types) {
  switch (value.kind) {
    case Kind::kInt:
      if (value.integer == 0 || value.integer == 1) {
        value = Value::of_bool(value.integer == 1);
        return true;
      }
      [[fallthrough]];
    case Kind::kBigInt: return coerce_float(context, {}, value);
    case Kind::kString: {
      if (strict_types) return true;
      const std::string_view text = value.string();
      if (is_one_of(text, {"1", "on", "t", "true", "y", "yes"})) {
        value = Value::of_bool(true);
      } else if (is_one_of(text, {"0", "off", "f", "false", "n", "no"})) {
        value = Value::of_bool(false);
      } else if (const std::optional<double> real = float_from(text)) {
        value = Value::of_float(*real);
        return coerce_struct_value(context, value, false);  // Jina validates twice
      }
      return true;
    }
    case Kind::kFloat:
      if (!strict_types && (value.real == 0 || value.real == 1)) value = Value::of_bool(value.real == 1);
      return true;
    default: return true;
  }
}

bool coerce_struct(Context& context, const Loc& loc, Value& value, bool strict_types) {
  if (value.is_null()) return true;
  std::span<const Member> members;
  if (!as_dict(context, value, members)) return context.not_a_dict(loc);
  // Keys of an object are strings and unique already.
  const bool is_object = value.kind == Kind::kObject;
  UniqueMembers unique(context.arena);
  std::vector<Member> out;
  bool good = true;
  for (Member member : members) {
    if (!is_object && !coerce_key(context, loc, member.key)) {
      good = false;
      continue;
    }
    if (!coerce_struct_value(context, member.value, strict_types)) return false;
    if (is_object) {
      out.push_back(member);
    } else {
      unique.add(member);
    }
  }
  value = Value::of_object(context.arena.copy(is_object ? std::span<const Member>(out) : unique.members()));
  return good;
}

}  // namespace jina::pyjson

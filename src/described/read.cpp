#include <algorithm>

#include "described/reader.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

// A value of millions of wrong items must not become an answer of gigabytes.
constexpr std::size_t kMostErrors = 1000;

}  // namespace

bool Reader::full() const noexcept { return errors_.size() >= kMostErrors; }

bool Reader::error(const Place& place, std::string message, std::string_view type, json::object context) {
  if (full()) return false;
  InputError& error = errors_.emplace_back(InputError{at_, std::move(message), std::string(type), std::move(context)});
  place.append_to(error.location);
  return false;
}

bool Reader::read(const TypeInfo& type, const MemberRules* rules, void* into, const json::value& value, const Place& place) {
  if (value.is_null() && type.kind != Kind::kOptional && type.kind != Kind::kJson)
    return error(place, "none is not an allowed value", "type_error.none.not_allowed");
  switch (type.kind) {
    case Kind::kBool: return read_bool(*static_cast<bool*>(into), value, place);
    case Kind::kInteger: return read_integer(type, rules, into, value, place);
    case Kind::kFloat: return read_float(type, rules, into, value, place);
    case Kind::kText: return read_text(rules, *static_cast<std::string*>(into), value, place);
    case Kind::kBytes: return read_bytes(*static_cast<Bytes*>(into), value, place);
    case Kind::kEnum: return read_enum(type, into, value, place);
    case Kind::kOptional:
      if (value.is_null()) {
        type.optional->reset(into);
        return true;
      }
      return read(type.inner(), rules, type.optional->emplace(into), value, place);
    case Kind::kList: return read_list(type, rules, into, value, place);
    case Kind::kMap: return read_map(type, rules, into, value, place);
    case Kind::kStruct: return read_struct(type, into, value, place);
    case Kind::kJson: *static_cast<json::value*>(into) = value; return true;
    case Kind::kJsonObject:
      if (!value.is_object()) return error(place, "value is not a valid dict", "type_error.dict");
      *static_cast<json::object*>(into) = value.get_object();
      return true;
    case Kind::kJsonArray:
      if (!value.is_array()) return error(place, "value is not a valid list", "type_error.list");
      *static_cast<json::array*>(into) = value.get_array();
      return true;
    case Kind::kCustom: {
      json::array at = at_;
      place.append_to(at);
      return type.custom->read(into, value, options_, at, errors_);
    }
  }
  return false;
}

bool Reader::read_struct(const TypeInfo& type, void* into, const json::value& value, const Place& place) {
  const json::object* object = value.if_object();
  if (object == nullptr) return error(place, "value is not a valid dict", "type_error.dict");
  const StructRules& rules = rules_of(type);
  bool good = true;
  std::size_t found = 0;
  for (const MemberRules& member : rules.members) {
    const Place inner = place.at(std::string_view(member.member->name));
    const json::value* given = object->if_contains(member.member->name);
    if (given == nullptr) {
      if (member.required) good = missing(inner);
      continue;
    }
    ++found;
    inside_list_ = false;
    if (!read(member.member->type(), &member, member.member->at(into), *given, inner)) good = false;
  }
  if (options_.unknown == Unknown::kIgnore || found == object->size()) return good;
  for (const auto& entry : *object) {
    const bool known = std::any_of(rules.members.begin(), rules.members.end(),
                                   [&](const MemberRules& member) { return entry.key() == member.member->name; });
    if (!known) good = error(place.at(std::string_view(entry.key())), "extra fields not permitted", "value_error.extra");
  }
  return good;
}

bool Reader::read_list(const TypeInfo& type, const MemberRules* rules, void* into, const json::value& value, const Place& place) {
  const json::array* array = value.if_array();
  if (array == nullptr) return error(place, "value is not a valid list", "type_error.list");
  if (rules != nullptr && !inside_list_ && !check_items(*rules, array->size(), place)) return false;
  const TypeInfo& inner = type.inner();
  type.list->clear(into);
  type.list->reserve(into, array->size());
  bool good = true;
  for (std::size_t i = 0; i < array->size() && !full(); ++i) {
    inside_list_ = true;
    if (type.list->append_bool != nullptr) {
      bool item = false;
      good = read_bool(item, (*array)[i], place.at(i)) && good;
      type.list->append_bool(into, item);
    } else {
      good = read(inner, rules, type.list->append(into), (*array)[i], place.at(i)) && good;
    }
  }
  return good;
}

bool Reader::read_map(const TypeInfo& type, const MemberRules* rules, void* into, const json::value& value, const Place& place) {
  const json::object* object = value.if_object();
  if (object == nullptr) return error(place, "value is not a valid dict", "type_error.dict");
  const TypeInfo& inner = type.inner();
  type.map->clear(into);
  bool good = true;
  for (const auto& entry : *object) {
    if (full()) break;
    const std::string_view key = entry.key();
    good = read(inner, rules, type.map->insert(into, key), entry.value(), place.at(key)) && good;
  }
  return good;
}

bool read(const TypeInfo& type, void* into, const json::value& value, const ReadOptions& options, const json::array& at,
          std::vector<InputError>& errors) {
  return Reader(options, at, errors).read(type, nullptr, into, value, Place{});
}

}  // namespace jina::described

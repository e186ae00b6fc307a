#include "base/base64.hpp"
#include "described/place.hpp"
#include "described/scalars.hpp"
#include "described/writing.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

// The numbers of a JSON value that came from user code may be NaN, too.
void check_json(const TypeInfo& root, const json::value& value, const Place& place) {
  if (const auto* number = value.if_double()) {
    finite(root, *number, place);
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) check_json(root, (*array)[i], place.at(i));
  } else if (const auto* object = value.if_object()) {
    for (const auto& entry : *object) check_json(root, entry.value(), place.at(std::string_view(entry.key())));
  }
}
json::value checked(const TypeInfo& root, json::value value, const Place& place) {
  check_json(root, value, place);
  return value;
}

json::value convert(const TypeInfo& root, const TypeInfo& type, const void* from, const Place& place) {
  switch (type.kind) {
    case Kind::kBool: return *static_cast<const bool*>(from);
    case Kind::kInteger:
      if (type.is_signed) return load_integer(type, from);
      return static_cast<std::uint64_t>(load_integer(type, from));
    case Kind::kFloat: return finite(root, load_float(type, from), place);
    case Kind::kText: return json::string(*static_cast<const std::string*>(from));
    case Kind::kBytes: return json::string(base64_encode(static_cast<const Bytes*>(from)->view()));
    case Kind::kEnum: return json::string(enumerator_name(root, type, from, place));
    case Kind::kOptional: {
      const void* value = type.optional->get(from);
      return value != nullptr ? convert(root, type.inner(), value, place) : json::value(nullptr);
    }
    case Kind::kList: {
      json::array array;
      for (std::size_t i = 0; i < type.list->size(from); ++i)
        array.push_back(convert(root, type.inner(), type.list->at(from, i), place.at(i)));
      return array;
    }
    case Kind::kMap: {
      struct State {
        const TypeInfo& root;
        const TypeInfo& inner;
        const Place& place;
        json::object object{};
      } state{root, type.inner(), place};
      type.map->each(from, &state, [](void* opaque, std::string_view key, const void* value) {
        auto& [of, inner, at, object] = *static_cast<State*>(opaque);
        object.insert_or_assign(key, convert(of, inner, value, at.at(key)));
      });
      return std::move(state.object);
    }
    case Kind::kStruct: {
      json::object object;
      for (const Member& member : type.structure->members) {
        const Place inner = place.at(std::string_view(member.name));
        object.insert_or_assign(member.name, convert(root, member.type(), member.at(const_cast<void*>(from)), inner));
      }
      return object;
    }
    case Kind::kJson: return checked(root, *static_cast<const json::value*>(from), place);
    case Kind::kJsonObject: return checked(root, *static_cast<const json::object*>(from), place);
    case Kind::kJsonArray: return checked(root, *static_cast<const json::array*>(from), place);
    case Kind::kCustom: return type.custom->to_json(from);
  }
  return nullptr;
}

}  // namespace

json::value to_json(const TypeInfo& type, const void* from) { return convert(type, type, from, Place{}); }

}  // namespace jina::described

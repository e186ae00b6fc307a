#include <cmath>
#include <stdexcept>

#include "base/base64.hpp"
#include "base/json_string.hpp"
#include "base/python_number.hpp"
#include "described/names.hpp"
#include "described/place.hpp"
#include "described/scalars.hpp"
#include "described/writing.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

class Writer {
 public:
  Writer(const TypeInfo& root, std::string& out) : root_(root), out_(out) {}

  void write(const TypeInfo& type, const void* from, const Place& place) {
    switch (type.kind) {
      case Kind::kBool: out_ += *static_cast<const bool*>(from) ? "true" : "false"; return;
      case Kind::kInteger: return write_integer(type, from);
      case Kind::kFloat: return pyjson::append_float(out_, finite(root_, load_float(type, from), place));
      case Kind::kText: return pyjson::append_repaired_string(out_, *static_cast<const std::string*>(from));
      case Kind::kBytes:
        out_ += '"';
        base64_append(out_, static_cast<const Bytes*>(from)->view());
        out_ += '"';
        return;
      case Kind::kEnum: return pyjson::append_repaired_string(out_, enumerator_name(root_, type, from, place));
      case Kind::kOptional: {
        const void* value = type.optional->get(from);
        if (value != nullptr) return write(type.inner(), value, place);
        out_ += "null";
        return;
      }
      case Kind::kList: return write_list(type, from, place);
      case Kind::kMap: return write_map(type, from, place);
      case Kind::kStruct: return write_struct(type, from, place);
      case Kind::kJson: return write_json(*static_cast<const json::value*>(from), place);
      case Kind::kJsonObject: return write_json_object(*static_cast<const json::object*>(from), place);
      case Kind::kJsonArray: return write_json_array(*static_cast<const json::array*>(from), place);
      case Kind::kCustom: return type.custom->write(from, out_);
    }
  }

 private:
  void write_integer(const TypeInfo& type, const void* from) {
    char digits[pyjson::kMaxNumberSize];
    const std::int64_t value = load_integer(type, from);
    const char* const end =
        type.is_signed ? pyjson::format_integer(digits, value) : pyjson::format_integer(digits, static_cast<std::uint64_t>(value));
    out_.append(digits, static_cast<std::size_t>(end - digits));
  }
  void write_list(const TypeInfo& type, const void* from, const Place& place) {
    const TypeInfo& inner = type.inner();
    out_ += '[';
    for (std::size_t i = 0; i < type.list->size(from); ++i) {
      if (i != 0) out_ += ',';
      write(inner, type.list->at(from, i), place.at(i));
    }
    out_ += ']';
  }
  void write_map(const TypeInfo& type, const void* from, const Place& place) {
    struct State {
      Writer* writer;
      const TypeInfo& inner;
      const Place& place;
      bool first = true;
    } state{this, type.inner(), place};
    out_ += '{';
    type.map->each(from, &state, [](void* opaque, std::string_view key, const void* value) {
      auto& [writer, inner, at, first] = *static_cast<State*>(opaque);
      if (!std::exchange(first, false)) writer->out_ += ',';
      pyjson::append_repaired_string(writer->out_, key);
      writer->out_ += ':';
      writer->write(inner, value, at.at(key));
    });
    out_ += '}';
  }
  void write_struct(const TypeInfo& type, const void* from, const Place& place) {
    char separator = '{';
    for (const Member& member : type.structure->members) {
      out_ += separator;
      out_ += '"';
      out_ += member.name;
      out_ += "\":";
      write(member.type(), member.at(const_cast<void*>(from)), place.at(std::string_view(member.name)));
      separator = ',';
    }
    if (type.structure->members.empty()) out_ += '{';
    out_ += '}';
  }

  void write_json(const json::value& value, const Place& place) {
    switch (value.kind()) {
      case json::kind::null: out_ += "null"; return;
      case json::kind::bool_: out_ += value.get_bool() ? "true" : "false"; return;
      case json::kind::int64: out_ += std::to_string(value.get_int64()); return;
      case json::kind::uint64: out_ += std::to_string(value.get_uint64()); return;
      case json::kind::double_: return pyjson::append_float(out_, finite(root_, value.get_double(), place));
      case json::kind::string: return pyjson::append_repaired_string(out_, value.get_string());
      case json::kind::array: return write_json_array(value.get_array(), place);
      case json::kind::object: return write_json_object(value.get_object(), place);
    }
  }
  void write_json_array(const json::array& array, const Place& place) {
    out_ += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (i != 0) out_ += ',';
      write_json(array[i], place.at(i));
    }
    out_ += ']';
  }
  void write_json_object(const json::object& object, const Place& place) {
    out_ += '{';
    bool first = true;
    for (const auto& entry : object) {
      if (!std::exchange(first, false)) out_ += ',';
      const std::string_view key = entry.key();
      pyjson::append_repaired_string(out_, key);
      out_ += ':';
      write_json(entry.value(), place.at(key));
    }
    out_ += '}';
  }

  const TypeInfo& root_;
  std::string& out_;
};

}  // namespace

void refuse_to_write(const TypeInfo& root, const Place& place, const std::string& what) {
  std::string where = root.kind == Kind::kStruct ? name_of(root) : std::string();
  const std::string inside = place.text();
  if (!where.empty() && !inside.empty() && inside.front() != '[') where += '.';
  where += inside;
  throw std::domain_error((where.empty() ? "a value" : where) + " is " + what + ", which JSON can not say");
}

double finite(const TypeInfo& root, double value, const Place& place) {
  if (!std::isfinite(value)) refuse_to_write(root, place, std::isnan(value) ? "NaN" : value > 0 ? "infinity" : "-infinity");
  return value;
}

std::string_view enumerator_name(const TypeInfo& root, const TypeInfo& type, const void* from, const Place& place) {
  const std::int64_t value = load_integer(type, from);
  for (const Enumerator& each : type.enumeration->enumerators)
    if (each.value == value) return each.name;
  refuse_to_write(root, place,
                  "no enumerator of " + std::string(short_name(type.enumeration->spelled)) + " (" + std::to_string(value) + ")");
}

void write(const TypeInfo& type, const void* from, std::string& out) { Writer(type, out).write(type, from, Place{}); }

}  // namespace jina::described

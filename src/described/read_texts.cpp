#include <boost/json/parse.hpp>
#include <optional>

#include "described/reader.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

// What a text stands for, before it is converted: JSON text for what has no other form of text.
json::value value_of(const TypeInfo& type, const std::string& text) {
  switch (type.kind) {
    case Kind::kOptional: return value_of(type.inner(), text);
    case Kind::kStruct:
    case Kind::kMap:
    case Kind::kList:
    case Kind::kJsonObject:
    case Kind::kJsonArray: {
      boost::system::error_code error;
      json::value parsed = json::parse(text, error);
      if (!error) return parsed;
      break;  // the error will be that a text is no object or list
    }
    default: break;
  }
  return json::string(text);
}

const TypeInfo& without_optional(const TypeInfo& type) {
  return type.kind == Kind::kOptional ? without_optional(type.inner()) : type;
}

// A text is what it is given as: no value between.
bool read_text(Reader& reader, const MemberRules& member, void* into, std::span<const std::pair<std::string, std::string>> texts,
               const Place& place, const TextOptions& options) {
  const std::string* last = nullptr;
  for (const auto& [key, text] : texts)
    if (key == member.member->name) last = &text;
  if (last == nullptr || (last->empty() && options.empty_is_absent)) return !member.required || reader.missing(place);
  auto& stored = *static_cast<std::string*>(member.member->at(into));
  stored = *last;
  return reader.check_text(&member, stored, place);
}

}  // namespace

bool read_texts(const TypeInfo& type, void* into, std::span<const std::pair<std::string, std::string>> texts, const json::array& at,
                std::vector<InputError>& errors, const TextOptions& options) {
  const ReadOptions read_options{.attachments = options.attachments};
  Reader reader(read_options, at, errors);
  const Place root;
  bool good = true;
  for (const MemberRules& member : rules_of(type).members) {
    const std::string_view name = member.member->name;
    const TypeInfo& given_as = without_optional(member.member->type());
    const bool list = given_as.kind == Kind::kList || given_as.kind == Kind::kJsonArray;
    if (member.member->type().kind == Kind::kText) {
      if (!read_text(reader, member, into, texts, root.at(name), options)) good = false;
      continue;
    }
    std::optional<json::value> value;  // the last one, or the list of all
    for (const auto& [key, text] : texts) {
      if (key != name) continue;
      if (list) {
        if (!value) value.emplace(json::array());
        value->get_array().push_back(given_as.kind == Kind::kList ? value_of(given_as.inner(), text)
                                                                  : json::value(json::string(text)));
      } else if (text.empty() && options.empty_is_absent) {
        value.reset();
      } else {
        value = value_of(given_as, text);
      }
    }
    const Place place = root.at(name);
    if (!value) {
      if (member.required) good = reader.missing(place);
      continue;
    }
    if (!reader.read(member.member->type(), &member, member.member->at(into), *value, place)) good = false;
  }
  return good;
}

}  // namespace jina::described

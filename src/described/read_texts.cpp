#include <boost/json/parse.hpp>

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
    json::array values;
    for (const auto& [key, text] : texts) {
      if (key != name) continue;
      if (list) {
        values.push_back(given_as.kind == Kind::kList ? value_of(given_as.inner(), text) : json::value(json::string(text)));
      } else {
        if (!values.empty()) values.clear();
        if (!text.empty() || !options.empty_is_absent) values.push_back(value_of(given_as, text));
      }
    }
    const Place place = root.at(name);
    if (values.empty()) {
      if (member.required) good = reader.missing(place);
      continue;
    }
    const json::value value = list ? json::value(std::move(values)) : std::move(values.front());
    if (!reader.read(member.member->type(), &member, member.member->at(into), value, place)) good = false;
  }
  return good;
}

}  // namespace jina::described

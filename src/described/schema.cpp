#include <cctype>
#include <map>
#include <stdexcept>

#include "described/names.hpp"
#include "described/rules.hpp"
#include "described/scalars.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

constexpr std::string_view kReference = "#/components/schemas/";

// "top_k" -> "Top K", as Python's title().
std::string title_of(std::string_view name) {
  std::string title;
  bool inside = false;  // a word
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    title += c == '_' ? ' ' : static_cast<char>(inside ? std::tolower(letter) : std::toupper(letter));
    inside = std::isalpha(letter) != 0;
  }
  return title;
}

// Of what a name may hold in a reference: letters, digits, dot, dash and underscore.
std::string component_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-') {
      out += c;
    } else if (!out.empty() && (out.back() != '_' || c == ':')) {
      out += '_';
    }
  }
  return out.empty() ? "Type" : out;
}

bool names_enum(const TypeInfo& type) { return type.kind == Kind::kOptional ? names_enum(type.inner()) : type.kind == Kind::kEnum; }

// Members without a value are left out of a default.
void drop_nulls(json::value& value) {
  if (auto* array = value.if_array()) {
    for (json::value& item : *array) drop_nulls(item);
  } else if (auto* object = value.if_object()) {
    json::object kept;
    for (auto& entry : *object) {
      drop_nulls(entry.value());
      if (!entry.value().is_null()) kept.emplace(entry.key(), std::move(entry.value()));
    }
    *object = std::move(kept);
  }
}

// Two of them, for a default that is another one each time (a random id) is none to show.
struct Defaults {
  DefaultObject one;
  DefaultObject other;
};

class Builder {
 public:
  explicit Builder(json::object& components) : components_(components) {}

  json::object of(const TypeInfo& type, const MemberRules* rules, bool inside_list = false) {
    switch (type.kind) {
      case Kind::kBool: return {{"type", "boolean"}};
      case Kind::kInteger: return number({{"type", "integer"}}, integer_ends(type), rules);
      case Kind::kFloat: return number({{"type", "number"}}, {}, rules);
      case Kind::kText: return text(rules);
      case Kind::kBytes: return {{"type", "string"}, {"format", "byte"}};
      case Kind::kEnum: return reference(type, type.enumeration->spelled);
      case Kind::kOptional: return of(type.inner(), rules, inside_list);
      case Kind::kList: return list(type, rules, inside_list);
      case Kind::kMap: return {{"type", "object"}, {"additionalProperties", of(type.inner(), rules, inside_list)}};
      case Kind::kStruct: return reference(type, type.structure->spelled);
      case Kind::kJson: return {};
      case Kind::kJsonObject: return {{"type", "object"}};
      case Kind::kJsonArray: return {{"type", "array"}, {"items", json::object()}};
      case Kind::kCustom: {
        json::value own = type.custom->schema(components_);
        return own.is_object() ? std::move(own.get_object()) : json::object();
      }
    }
    return {};
  }

 private:
  struct Ends {
    std::optional<json::value> least{}, most{};
    std::string_view format{};
  };

  // What a C++ integer holds is said where it is narrower than what readers of a schema expect of an integer.
  static Ends integer_ends(const TypeInfo& type) {
    if (type.size < 4) return {lowest(type), highest(type)};
    if (type.size == 4) return type.is_signed ? Ends{{}, {}, "int32"} : Ends{lowest(type), highest(type)};
    return type.is_signed ? Ends{} : Ends{lowest(type), {}};
  }

  static json::object number(json::object schema, const Ends& ends, const MemberRules* rules) {
    const auto said = [&](LimitKind kind) {
      return rules != nullptr ? rules->limits[static_cast<std::size_t>(kind)] : std::optional<json::value>();
    };
    const auto put = [&](const char* key, const std::optional<json::value>& limit) {
      if (limit) schema[key] = *limit;
    };
    const std::optional<json::value> most = said(LimitKind::kAtMost), less = said(LimitKind::kLess);
    const std::optional<json::value> least = said(LimitKind::kAtLeast), greater = said(LimitKind::kGreater);
    put("maximum", most || less ? most : ends.most);
    put("exclusiveMaximum", less);
    put("minimum", least || greater ? least : ends.least);
    put("exclusiveMinimum", greater);
    if (!ends.format.empty()) schema["format"] = ends.format;
    return schema;
  }

  static json::object text(const MemberRules* rules) {
    json::object schema = {{"type", "string"}};
    if (rules == nullptr) return schema;
    if (rules->max_length) schema["maxLength"] = *rules->max_length;
    if (rules->min_length) schema["minLength"] = *rules->min_length;
    if (rules->pattern) schema["pattern"] = rules->pattern->pattern();
    return schema;
  }

  json::object list(const TypeInfo& type, const MemberRules* rules, bool inside_list) {
    json::object schema = {{"items", of(type.inner(), rules, true)}, {"type", "array"}};
    if (rules != nullptr && !inside_list) {
      if (rules->max_items) schema["maxItems"] = *rules->max_items;
      if (rules->min_items) schema["minItems"] = *rules->min_items;
    }
    return schema;
  }

  // The type as a component, under a name that no other type has.
  json::object reference(const TypeInfo& type, std::string_view spelled) {
    const void* const identity = type.kind == Kind::kStruct ? static_cast<const void*>(type.structure) : type.enumeration;
    auto known = names_.find(identity);
    if (known == names_.end()) known = names_.emplace(identity, add(type, identity, spelled)).first;
    return {{"$ref", std::string(kReference) + known->second}};
  }

  std::string add(const TypeInfo& type, const void* identity, std::string_view spelled) {
    const std::string plain = component_name(short_name(spelled));
    std::string name = plain;
    for (int attempt = 0;; ++attempt) {
      if (attempt == 1) name = component_name(full_name(spelled));
      if (attempt > 1) name = plain + "_" + std::to_string(attempt);
      if (attempt == 1 && name == plain) continue;
      if (!components_.contains(name)) {
        components_[name] = nullptr;  // taken, while what it refers to is looked at
        names_[identity] = name;
        components_[name] = component(type);
        return name;
      }
      // Made by an earlier call, or another type: it is the same when it says the same.
      const json::object components_before = components_;
      const std::map<const void*, std::string> names_before = names_;
      names_[identity] = name;
      const json::object made = component(type);
      if (components_[name] == made) return name;
      components_ = components_before;
      names_ = names_before;
    }
  }

  json::object component(const TypeInfo& type) {
    if (type.kind == Kind::kEnum) {
      json::array names;
      for (const Enumerator& each : type.enumeration->enumerators) names.emplace_back(each.name);
      return {{"type", "string"}, {"enum", std::move(names)}, {"title", short_name(type.enumeration->spelled)}};
    }
    const StructRules& rules = rules_of(type);
    const Defaults defaults{DefaultObject(*type.structure), DefaultObject(*type.structure)};
    json::object properties;
    json::array required;
    for (const MemberRules& member : rules.members) {
      properties[member.member->name] = property(member, defaults);
      if (member.required) required.emplace_back(member.member->name);
    }
    json::object schema = {{"properties", std::move(properties)}, {"type", "object"}};
    if (!required.empty()) schema["required"] = std::move(required);
    schema["title"] = rules.name;
    if (!rules.description.empty()) schema["description"] = rules.description;
    return schema;
  }

  json::object property(const MemberRules& rules, const Defaults& defaults) {
    const TypeInfo& type = rules.member->type();
    json::object schema = of(type, &rules);
    const std::optional<json::value> initial = default_of(rules, type, defaults);
    const bool refers = schema.contains("$ref");
    if (refers) {
      if (!initial && rules.description.empty() && !rules.example) return schema;
      schema = {{"allOf", json::array{std::move(schema)}}};  // beside a reference nothing counts
    }
    if (!names_enum(type)) schema["title"] = title_of(rules.member->name);
    if (!rules.description.empty()) schema["description"] = rules.description;
    if (initial) schema["default"] = *initial;
    if (rules.example) schema["example"] = *rules.example;
    return schema;
  }

  static std::optional<json::value> default_of(const MemberRules& rules, const TypeInfo& type, const Defaults& defaults) {
    if (rules.required) return std::nullopt;
    try {
      json::value initial = to_json(type, rules.member->at(defaults.one.get()));
      if (initial != to_json(type, rules.member->at(defaults.other.get()))) return std::nullopt;
      drop_nulls(initial);
      if (!initial.is_null()) return initial;
    } catch (const std::domain_error&) {  // NaN: there is a default that can not be shown
    }
    return std::nullopt;
  }

  json::object& components_;
  std::map<const void*, std::string> names_;
};

}  // namespace

json::value schema(const TypeInfo& type, json::object& components) { return Builder(components).of(type, nullptr); }

std::vector<MemberFacts> members_of(const TypeInfo& type) {
  std::vector<MemberFacts> facts;
  const DefaultObject defaults(*type.structure);
  for (const MemberRules& rules : rules_of(type).members) {
    MemberFacts& member =
        facts.emplace_back(MemberFacts{rules.member->name, &rules.member->type(), rules.required, {}, rules.description});
    if (member.required) continue;
    try {
      member.default_value = to_json(*member.type, rules.member->at(defaults.get()));
    } catch (const std::domain_error&) {  // NaN
    }
  }
  return facts;
}

}  // namespace jina::described

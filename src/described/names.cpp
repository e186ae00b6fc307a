#include "described/names.hpp"

namespace jina::described {

std::string_view full_name(std::string_view spelled) noexcept {
  constexpr std::string_view kBefore = "T = ";
  const std::size_t at = spelled.find(kBefore);
  if (at == spelled.npos) return spelled;
  spelled.remove_prefix(at + kBefore.size());
  if (spelled.ends_with(']')) spelled.remove_suffix(1);
  return spelled;
}

std::string_view short_name(std::string_view spelled) noexcept {
  const std::string_view name = full_name(spelled);
  std::size_t start = 0;
  int depth = 0;  // of template arguments, whose namespaces stay
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '<') ++depth;
    if (name[i] == '>') --depth;
    if (depth == 0 && name[i] == ':') start = i + 1;
  }
  return name.substr(start);
}

std::string name_of(const TypeInfo& type) {
  switch (type.kind) {
    case Kind::kBool: return "true or false";
    case Kind::kInteger: return type.is_signed ? "a whole number" : "a whole number, not negative";
    case Kind::kFloat: return "a number";
    case Kind::kText: return "a text";
    case Kind::kBytes: return "bytes as base64";
    case Kind::kEnum: {
      std::string names;
      for (const Enumerator& each : type.enumeration->enumerators) names += (names.empty() ? "" : ", ") + std::string(each.name);
      return "one of " + names;
    }
    case Kind::kOptional: return name_of(type.inner());
    case Kind::kList: return "a list, each item " + name_of(type.inner());
    case Kind::kMap: return "an object, each value " + name_of(type.inner());
    case Kind::kStruct: return std::string(short_name(type.structure->spelled));
    case Kind::kJson: return "any value";
    case Kind::kJsonObject: return "an object";
    case Kind::kJsonArray: return "a list";
    case Kind::kCustom: return std::string(type.custom->name);
  }
  return {};
}

}  // namespace jina::described

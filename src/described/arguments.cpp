#include "jina/arguments.hpp"

#include <boost/json/serialize.hpp>

#include "config/suggest.hpp"
#include "described/place.hpp"

namespace jina {
namespace {

namespace json = boost::json;
using described::Kind;
using described::TypeInfo;

std::string shown(const json::value& value) {
  constexpr std::size_t kMost = 60;
  std::string text = json::serialize(value);
  if (text.size() > kMost) {
    std::size_t end = kMost;
    while ((text[end] & 0xC0) == 0x80) --end;
    text.resize(end);
    text += "...";
  }
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::string: return "the text " + text;
    case json::kind::array: return "the list " + text;
    case json::kind::object: return "the object " + text;
    default: return text;
  }
}

// What stands at a location: the type the struct wants there, and the value that was given.
struct Found {
  const TypeInfo* type;
  const TypeInfo* parent;  // the struct that has it, or null
  const json::value* value;
};

Found find(const TypeInfo& root, const json::value& value, const json::array& location) {
  Found found{&root, nullptr, &value};
  for (const json::value& step : location) {
    while (found.type != nullptr && found.type->kind == Kind::kOptional) found.type = &found.type->inner();
    if (found.type == nullptr) break;
    found.parent = nullptr;
    if (const auto* index = step.if_int64()) {
      found.type = found.type->kind == Kind::kList ? &found.type->inner() : nullptr;
      if (found.value != nullptr) found.value = found.value->get_array().if_contains(static_cast<std::size_t>(*index));
      continue;
    }
    const std::string_view key = step.get_string();
    if (found.value != nullptr) found.value = found.value->get_object().if_contains(key);
    if (found.type->kind == Kind::kStruct) {
      found.parent = found.type;
      found.type = nullptr;
      for (const described::Member& member : found.parent->structure->members)
        if (member.name == key) found.type = &member.type();
    } else {
      found.type = found.type->kind == Kind::kMap ? &found.type->inner() : nullptr;
    }
  }
  return found;
}

std::string expected_type(const TypeInfo& type) {
  switch (type.kind) {
    case Kind::kInteger: return type.is_signed ? "a whole number that fits" : "a whole number, not negative, that fits";
    case Kind::kOptional: return expected_type(type.inner());
    case Kind::kList: return "a list";
    case Kind::kMap:
    case Kind::kStruct: return "an object";
    default: return name_of(type);
  }
}

std::string expected(const InputError& error, const TypeInfo* type, const json::value& value) {
  const auto limit = [&] { return json::serialize(error.context.at("limit_value")); };
  if (error.type == "value_error.number.not_ge") return "at least " + limit();
  if (error.type == "value_error.number.not_gt") return "more than " + limit();
  if (error.type == "value_error.number.not_le") return "at most " + limit();
  if (error.type == "value_error.number.not_lt") return "less than " + limit();
  if (error.type == "value_error.any_str.min_length") return "at least " + limit() + " characters";
  if (error.type == "value_error.any_str.max_length") return "at most " + limit() + " characters";
  if (error.type == "value_error.list.min_items") return "at least " + limit() + " items";
  if (error.type == "value_error.list.max_items") return "at most " + limit() + " items";
  if (error.type == "value_error.str.regex")
    return "a text that matches " + std::string(std::string_view(error.context.at("pattern").get_string()));
  if (type == nullptr) return error.message;
  while (type->kind == Kind::kOptional) type = &type->inner();
  if (type->kind == Kind::kCustom) return std::string(type->custom->name) + " (" + error.message + ")";
  std::string what = expected_type(*type);
  if (type->kind == Kind::kEnum && value.is_string()) {
    std::vector<std::string> names;
    for (const described::Enumerator& each : type->enumeration->enumerators) names.emplace_back(each.name);
    what += config::did_you_mean(value.get_string(), names);
  }
  return what;
}

std::string sentence(const TypeInfo& type, const json::value& with, const InputError& error) {
  const std::string place = described::place_text(error.location);
  const Found found = find(type, with, error.location);
  if (error.type == "value_error.extra" && found.parent != nullptr) {
    std::vector<std::string> known;
    std::string names;
    for (const described::Member& member : found.parent->structure->members) {
      names += (known.empty() ? "" : ", ") + std::string(member.name);
      known.emplace_back(member.name);
    }
    return "there is no argument '" + place + "'" +
           config::did_you_mean(std::string_view(error.location.back().get_string()), known) + " (there are: " + names + ")";
  }
  if (error.type == "value_error.missing") {
    std::string text = "argument '" + place + "' is missing: it is required";
    if (found.type != nullptr) text += ", " + name_of(*found.type);
    if (error.location.size() == 1) text += ". Set it under `with:` in YAML, or by --uses-with " + place + "=VALUE";
    return text;
  }
  const std::string subject = place.empty() ? std::string("the arguments are ") : "argument '" + place + "' is ";
  if (found.value == nullptr) return subject + "wrong: " + error.message;
  return subject + shown(*found.value) + ", expected " + expected(error, found.type, *found.value);
}

std::string joined(const std::vector<std::string>& problems) {
  if (problems.size() == 1) return problems.front();
  std::string text = std::to_string(problems.size()) + " arguments are wrong:";
  for (const std::string& problem : problems) text += "\n  " + problem;
  return text;
}

}  // namespace

ArgumentError::ArgumentError(std::vector<std::string> problems)
    : std::invalid_argument(joined(problems)), problems_(std::move(problems)) {}
ArgumentError::~ArgumentError() = default;

namespace detail {

void fill_arguments(const TypeInfo& type, void* into, const json::object& with) {
  const json::value value(with);
  std::vector<InputError> errors;
  // `foo: 12` in YAML and foo=12 on the command line are numbers when they get here, quoted or not, as in Jina.
  const described::ReadOptions options{.unknown = described::Unknown::kRefuse, .coerce = false, .text_of_scalars = true};
  if (described::read(type, into, value, options, {}, errors)) return;
  std::vector<std::string> problems;
  for (const InputError& error : errors) problems.push_back(sentence(type, value, error));
  throw ArgumentError(std::move(problems));
}

}  // namespace detail
}  // namespace jina

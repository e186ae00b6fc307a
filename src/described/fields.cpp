// Field and Fields: what a struct's `describe` says, checked against the types of its members.
#include <cmath>
#include <stdexcept>

#include "config/suggest.hpp"
#include "described/names.hpp"
#include "described/rules.hpp"

namespace jina {
namespace {

using described::Kind;
using described::MemberRules;
using described::TypeInfo;

std::string place_of(const MemberRules& rules) { return std::string(rules.owner->name) + "." + rules.member->name; }

[[noreturn]] void refuse(const MemberRules& rules, const std::string& what) {
  throw std::logic_error("describe() of " + place_of(rules) + ": " + what);
}

// What a rule applies to: the type itself or, through optionals, lists and maps, what is inside.
bool holds(const TypeInfo& type, Kind kind) {
  for (const TypeInfo* at = &type;; at = &at->inner()) {
    if (at->kind == kind) return true;
    if (at->inner == nullptr) return false;
  }
}

void expect(const MemberRules& rules, std::string_view function, std::string_view what, bool fits) {
  if (!fits)
    refuse(rules, std::string(function) + " is for " + std::string(what) + ", and the member is " + name_of(rules.member->type()));
}
void expect_text(const MemberRules& rules, std::string_view function) {
  expect(rules, function, "texts", holds(rules.member->type(), Kind::kText));
}
void expect_list(const MemberRules& rules, std::string_view function) {
  expect(rules, function, "lists", holds(rules.member->type(), Kind::kList));
}

}  // namespace

Field& Field::says(std::string_view description) {
  rules_->description = description;
  return *this;
}

Field& Field::example(boost::json::value example) {
  rules_->example = std::move(example);
  return *this;
}

Field& Field::min_length(std::size_t length) {
  expect_text(*rules_, "min_length()");
  rules_->min_length = length;
  return *this;
}

Field& Field::max_length(std::size_t length) {
  expect_text(*rules_, "max_length()");
  rules_->max_length = length;
  return *this;
}

Field& Field::pattern(std::string_view expression) {
  expect_text(*rules_, "pattern()");
  RE2::Options options;
  options.set_log_errors(false);
  rules_->pattern = std::make_unique<RE2>(re2::StringPiece(expression.data(), expression.size()), options);
  if (!rules_->pattern->ok())
    refuse(*rules_, "pattern(\"" + std::string(expression) + "\") is no regular expression of RE2: " + rules_->pattern->error());
  return *this;
}

Field& Field::min_items(std::size_t count) {
  expect_list(*rules_, "min_items()");
  rules_->min_items = count;
  return *this;
}

Field& Field::max_items(std::size_t count) {
  expect_list(*rules_, "max_items()");
  rules_->max_items = count;
  return *this;
}

Field& Field::set_limit(int which, const boost::json::value& limit) {
  const TypeInfo& type = rules_->member->type();
  expect(*rules_, "a limit", "numbers", holds(type, Kind::kInteger) || holds(type, Kind::kFloat));
  if (!limit.is_number() || std::isnan(limit.to_number<double>())) refuse(*rules_, "a limit is a number");
  rules_->limits[static_cast<std::size_t>(which)] = limit;
  return *this;
}

Field Fields::operator[](std::string_view member) {
  std::vector<std::string> names;
  for (MemberRules& rules : rules_->members) {
    if (rules.member->name == member) return Field(rules);
    names.emplace_back(rules.member->name);
  }
  throw std::logic_error("describe() of " + std::string(rules_->name) + ": the struct has no member '" + std::string(member) + "'" +
                         config::did_you_mean(member, names) + " (BOOST_DESCRIBE_STRUCT lists its members)");
}

Fields& Fields::says(std::string_view description) {
  rules_->description = description;
  return *this;
}

}  // namespace jina

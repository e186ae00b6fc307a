// What a struct's `describe` asks of values, in pydantic's order and words.
#include <algorithm>

#include "base/python_number.hpp"
#include "described/reader.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

long double real(const json::value& number) {
  if (const auto* integer = number.if_int64()) return static_cast<long double>(*integer);
  if (const auto* large = number.if_uint64()) return static_cast<long double>(*large);
  return static_cast<long double>(number.get_double());
}

std::string shown(const json::value& number) {
  std::string text;
  if (const auto* integer = number.if_int64()) return std::to_string(*integer);
  if (const auto* large = number.if_uint64()) return std::to_string(*large);
  pyjson::append_float(text, number.get_double());
  return text;
}

}  // namespace

bool Reader::too_low(const Place& place, const json::value& limit) {
  return error(place, "ensure this value is greater than or equal to " + shown(limit), "value_error.number.not_ge",
               {{"limit_value", limit}});
}

bool Reader::too_high(const Place& place, const json::value& limit) {
  return error(place, "ensure this value is less than or equal to " + shown(limit), "value_error.number.not_le",
               {{"limit_value", limit}});
}

bool Reader::check_limits(const MemberRules* rules, long double value, const Place& place) {
  if (rules == nullptr) return true;
  const auto limit = [&](LimitKind kind) -> const std::optional<json::value>& {
    return rules->limits[static_cast<std::size_t>(kind)];
  };
  // Written so that NaN passes none of them.
  if (const auto& least = limit(LimitKind::kGreater); least && !(value > real(*least)))
    return error(place, "ensure this value is greater than " + shown(*least), "value_error.number.not_gt",
                 {{"limit_value", *least}});
  if (const auto& least = limit(LimitKind::kAtLeast); least && !(value >= real(*least))) return too_low(place, *least);
  if (const auto& most = limit(LimitKind::kLess); most && !(value < real(*most)))
    return error(place, "ensure this value is less than " + shown(*most), "value_error.number.not_lt", {{"limit_value", *most}});
  if (const auto& most = limit(LimitKind::kAtMost); most && !(value <= real(*most))) return too_high(place, *most);
  return true;
}

bool Reader::check_text(const MemberRules* rules, std::string_view text, const Place& place) {
  if (rules == nullptr) return true;
  if (rules->min_length && characters(text) < *rules->min_length)
    return error(place, "ensure this value has at least " + std::to_string(*rules->min_length) + " characters",
                 "value_error.any_str.min_length", {{"limit_value", *rules->min_length}});
  if (rules->max_length && characters(text) > *rules->max_length)
    return error(place, "ensure this value has at most " + std::to_string(*rules->max_length) + " characters",
                 "value_error.any_str.max_length", {{"limit_value", *rules->max_length}});
  if (rules->pattern && !rules->pattern->Match({text.data(), text.size()}, 0, text.size(), RE2::ANCHOR_START, nullptr, 0))
    return error(place, "string does not match regex \"" + rules->pattern->pattern() + "\"", "value_error.str.regex",
                 {{"pattern", rules->pattern->pattern()}});
  return true;
}

bool Reader::check_items(const MemberRules& rules, std::size_t count, const Place& place) {
  if (rules.min_items && count < *rules.min_items)
    return error(place, "ensure this value has at least " + std::to_string(*rules.min_items) + " items",
                 "value_error.list.min_items", {{"limit_value", *rules.min_items}});
  if (rules.max_items && count > *rules.max_items)
    return error(place, "ensure this value has at most " + std::to_string(*rules.max_items) + " items",
                 "value_error.list.max_items", {{"limit_value", *rules.max_items}});
  return true;
}

}  // namespace jina::described

#include "config/scalar.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <string>

#include "base/letter_case.hpp"
#include "base/python_number.hpp"

namespace jina::config {
namespace {

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::optional<std::int64_t> digits_to_integer(std::string_view digits, int base, bool negative) {
  std::string clean;
  for (char c : digits)
    if (c != '_') clean += c;
  if (clean.empty()) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(clean.data(), clean.data() + clean.size(), value, base);
  if (error != std::errc{} || end != clean.data() + clean.size()) return std::nullopt;
  const auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value > limit) return std::nullopt;
  return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

std::optional<double> to_double(const std::string& text) {
  double value = 0;
  const char* begin = text.data();
  if (!text.empty() && *begin == '+') ++begin;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (end != text.data() + text.size() || begin == end) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::strtod(text.c_str(), nullptr);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

/// 1:30:00 in base 60, as YAML 1.1 reads it.
std::optional<std::int64_t> sexagesimal(std::string_view text, bool negative) {
  if (text.find(':') == text.npos || text.front() == '0') return std::nullopt;
  std::int64_t value = 0;
  for (bool first = true; !text.empty(); first = false) {
    const auto colon = text.find(':');
    const auto part = text.substr(0, colon);
    const auto digits = digits_to_integer(part, 10, false);
    if (!digits || (!first && (*digits > 59 || part.size() > 2)) || value > 100'000'000'000) return std::nullopt;
    value = value * 60 + *digits;
    if (colon == text.npos) break;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;
  }
  return negative ? -value : value;
}

std::optional<std::int64_t> yaml_integer(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  if (text.starts_with("0b")) return digits_to_integer(text.substr(2), 2, negative);
  if (text.starts_with("0x")) return digits_to_integer(text.substr(2), 16, negative);
  if (text == "0") return 0;
  if (text.front() == '0') return digits_to_integer(text.substr(1), 8, negative);
  if (text.find(':') != text.npos) return sexagesimal(text, negative);
  return digits_to_integer(text, 10, negative);
}

/// YAML 1.1 wants a point in a float and a sign in its exponent: 1e3 is a text there.
std::optional<double> yaml_number(std::string_view text) {
  std::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (one_of(rest, {".inf", ".Inf", ".INF"}))
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  if (one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
  const auto point = rest.find('.');
  if (point == rest.npos || rest.size() == 1) return std::nullopt;
  std::string clean;
  std::size_t i = 0;
  for (; i < rest.size() && (is_digit(rest[i]) || rest[i] == '_' || i == point); ++i)
    if (rest[i] != '_') clean += rest[i];
  if (clean == ".") return std::nullopt;
  if (i < rest.size()) {
    if ((rest[i] != 'e' && rest[i] != 'E') || i + 2 >= rest.size() || (rest[i + 1] != '+' && rest[i + 1] != '-'))
      return std::nullopt;
    if (!std::all_of(rest.begin() + static_cast<std::ptrdiff_t>(i) + 2, rest.end(), is_digit)) return std::nullopt;
    clean += rest.substr(i);
  }
  const auto value = to_double(clean);
  if (!value) return std::nullopt;
  return negative ? -*value : *value;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  text = trim(text);
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const auto clean = pyjson::without_underscores(text);
  if (!clean || clean->empty() || !std::all_of(clean->begin(), clean->end(), is_digit)) return std::nullopt;
  return digits_to_integer(*clean, 10, negative);
}

std::optional<double> parse_number(std::string_view text) {
  text = trim(text);
  const auto clean = pyjson::without_underscores(text);
  if (!clean || clean->empty()) return std::nullopt;
  const std::string word = lower_case(*clean);
  const std::string_view unsigned_word = word.front() == '-' || word.front() == '+' ? std::string_view(word).substr(1) : word;
  if (one_of(unsigned_word, {"inf", "infinity"}))
    return word.front() == '-' ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  if (unsigned_word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (unsigned_word.empty() || !(is_digit(unsigned_word.front()) || unsigned_word.front() == '.')) return std::nullopt;
  return to_double(word);
}

Node resolve_plain_scalar(std::string_view text, Position position) {
  if (text.empty() || one_of(text, {"~", "null", "Null", "NULL"})) {
    Node node;
    node.position = position;
    return node;
  }
  if (one_of(text, {"true", "True", "TRUE", "yes", "Yes", "YES"})) return Node::of_bool(true, position);
  if (one_of(text, {"false", "False", "FALSE", "no", "No", "NO"})) return Node::of_bool(false, position);
  if (const auto value = yaml_integer(text)) return Node::of_integer(*value, position);
  if (const auto value = yaml_number(text)) return Node::of_number(*value, position);
  return Node::of_text(std::string(text), position);
}

Node retype(std::string_view text, Position position) {
  const auto is_quote = [](char c) { return c == '"' || c == '\''; };
  if (text.size() >= 2 && is_quote(text.front()) && is_quote(text.back()) && text.find('\n') == text.npos)
    return Node::of_text(std::string(text.substr(1, text.size() - 2)), position);
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    std::string inner;
    for (char c : text)
      if (c != '[' && c != ']') inner += c;
    std::vector<Node> items;
    std::string_view rest = trim(inner);
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      items.push_back(retype(trim(rest.substr(0, comma)), position));
      if (comma == rest.npos) break;
      rest.remove_prefix(comma + 1);
    }
    return Node::of_list(std::move(items), position);
  }
  if (const auto value = parse_integer(text)) return Node::of_integer(*value, position);
  if (const auto value = parse_number(text)) {
    // Digits beyond 64 bits would lose some as a float; Python keeps them all, so does the text.
    if (std::any_of(text.begin(), text.end(), [](char c) { return !is_digit(c); })) return Node::of_number(*value, position);
  }
  if (text.empty()) {
    Node node;
    node.position = position;
    return node;
  }
  const auto word = lower_case(text);
  if (word == "true" || word == "false") return Node::of_bool(word == "true", position);
  return Node::of_text(std::string(text), position);
}

}  // namespace jina::config

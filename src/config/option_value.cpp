#include "config/option_value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/serialize.hpp>

#include "base/letter_case.hpp"
#include "config/json_text.hpp"
#include "config/key_values.hpp"
#include "config/scalar.hpp"
#include "config/shell_words.hpp"
#include "config/suggest.hpp"

namespace jina::config {
namespace {

namespace json = boost::json;

Status bad(const std::string& where, const std::string& message) { return {StatusCode::kInvalidArgument, where + ": " + message}; }

/// "http,websocket" and "http websocket" are both two words.
std::vector<std::string> split_commas(std::span<const std::string> words) {
  std::vector<std::string> out;
  for (std::string_view rest : words)
    while (true) {
      const auto comma = rest.find(',');
      auto part = rest.substr(0, comma);
      while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
      while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
      if (!part.empty()) out.emplace_back(part);
      if (comma == std::string::npos) break;
      rest.remove_prefix(comma + 1);
    }
  return out;
}

Result<json::value> integer(const OptionSpec& spec, const std::string& word, const std::string& where) {
  if (const auto value = parse_integer(word)) return json::value(*value);
  const auto example = spec.fallback.is_int64() ? spec.fallback.get_int64() : 1;
  return bad(where, fmt::format("'{}' is not a whole number; write one, for example {}", word, example));
}

Result<json::value> port(const std::string& word, const std::string& where) {
  const auto value = parse_integer(word);
  if (!value) return bad(where, fmt::format("'{}' is not a port; write a number from 0 (the system chooses) to 65535", word));
  if (*value < 0 || *value > 65535)
    return bad(where, fmt::format("{} is out of range; ports go from 0 (the system chooses) to 65535", *value));
  return json::value(*value);
}

Result<json::value> choice(const OptionSpec& spec, const std::string& word, const std::string& where) {
  for (const auto& known : spec.choices)
    if (spec.exact_case ? known == word : equal_but_for_case(known, word)) return json::value(json::string(known));
  // Jina's own enums are also written by number.
  if (const auto number = parse_integer(word);
      !spec.exact_case && number && *number >= 0 && static_cast<std::size_t>(*number) < spec.choices.size())
    return json::value(json::string(spec.choices[static_cast<std::size_t>(*number)]));
  return bad(where, fmt::format("'{}' is not one of {}{}", word, fmt::join(spec.choices, ", "), did_you_mean(word, spec.choices)));
}

Result<json::value> list_of(const OptionSpec& spec, std::span<const std::string> words, const std::string& where) {
  json::array out;
  for (const auto& word : words) {
    auto item = spec.kind == OptionKind::kPorts        ? port(word, where)
                : spec.kind == OptionKind::kChoiceList ? choice(spec, word, where)
                                                       : Result<json::value>(json::value(json::string(word)));
    if (!item) return item.error();
    out.push_back(std::move(*item));
  }
  return json::value(std::move(out));
}

json::array split_words(std::span<const std::string> texts) {
  json::array out;
  for (const auto& text : texts)
    for (const auto& word : split_shell_words(text)) out.emplace_back(json::string(word));
  return out;
}

std::string node_words(const Node& node) {
  if (node.kind == NodeKind::kBool) return node.boolean ? "true" : "false";
  return node.to_text();
}

}  // namespace

Result<json::value> option_value_from_words(const OptionSpec& spec, std::span<const std::string> words, const std::string& where) {
  switch (spec.kind) {
    case OptionKind::kFlag: return json::value(words.empty() || words.back() == "true");
    case OptionKind::kTextList:
    case OptionKind::kPorts:
    case OptionKind::kChoiceList: {
      const auto parts = split_commas(words);
      return list_of(spec, parts, where);
    }
    case OptionKind::kWords: return json::value(split_words(words));
    case OptionKind::kKeyValues: {
      auto map = parse_key_values(words, where);
      if (!map) return map.error();
      return json::value(std::move(*map));
    }
    default: break;
  }
  if (words.empty()) return bad(where, "a value is missing");
  const auto& word = words.back();
  switch (spec.kind) {
    case OptionKind::kInteger: return integer(spec, word, where);
    case OptionKind::kChoice: return choice(spec, word, where);
    case OptionKind::kJson: return parse_json(word, where);
    default: return json::value(json::string(word));
  }
}

Result<json::value> option_value_from_node(const OptionSpec& spec, const Node& node, const std::string& where) {
  const auto wrong = [&](std::string_view wanted) {
    return bad(where, fmt::format("expects {}, but this is {}", wanted, describe(node.kind)));
  };
  switch (spec.kind) {
    case OptionKind::kFlag:
      if (node.kind == NodeKind::kBool) return json::value(node.boolean);
      if (node.kind == NodeKind::kInteger && (node.integer == 0 || node.integer == 1)) return json::value(node.integer == 1);
      return wrong("true or false");
    case OptionKind::kKeyValues:
    case OptionKind::kJson:
      if (!node.is_scalar()) return node.to_json();
      if (node.is_text()) return option_value_from_words(spec, std::span(&node.text, 1), where);
      return wrong("a map");
    case OptionKind::kTextList:
    case OptionKind::kWords:
    case OptionKind::kPorts:
    case OptionKind::kChoiceList: {
      if (node.is_map()) return wrong("a list");
      std::vector<std::string> words;
      if (node.is_scalar()) {
        const std::string text = node_words(node);
        words = spec.kind == OptionKind::kWords ? split_shell_words(text) : split_commas(std::span(&text, 1));
      }
      for (const auto& item : node.items) {
        if (!item.is_scalar()) return bad(where, fmt::format("an item is {}, expected a single value", describe(item.kind)));
        words.push_back(node_words(item));
      }
      return list_of(spec, words, where);
    }
    case OptionKind::kInteger:
      if (node.kind == NodeKind::kInteger) return json::value(node.integer);
      if (!node.is_text()) return wrong("a whole number");
      return integer(spec, node.text, where);
    case OptionKind::kChoice:
      if (node.is_list() && node.items.size() == 1) return option_value_from_node(spec, node.items.front(), where);
      if (!node.is_scalar()) return wrong("one of " + fmt::format("{}", fmt::join(spec.choices, ", ")));
      return choice(spec, node_words(node), where);
    case OptionKind::kText:
      // Python would hand any object through; a map here is the inline form of what the text would name.
      if (node.is_text()) return json::value(json::string(node.text));
      if (node.is_scalar()) return json::value(json::string(node_words(node)));
      return json::value(json::string(json::serialize(node.to_json())));
  }
  return wrong("another value");
}

void append_words(std::vector<std::string>& out, const OptionSpec& spec, const json::value& value) {
  const std::string name = "--" + spec.name();
  if (spec.kind == OptionKind::kFlag) {
    if (value.is_bool() && value.get_bool()) out.push_back(name);
    return;
  }
  if (value.is_array() && spec.kind != OptionKind::kJson) {
    if (value.get_array().empty()) return;
    if (spec.kind == OptionKind::kWords) {
      std::vector<std::string> words;
      for (const auto& item : value.get_array()) words.emplace_back(item.get_string());
      out.push_back(name + "=" + join_shell_words(words));
      return;
    }
    out.push_back(name);
    for (const auto& item : value.get_array())
      out.push_back(item.is_string() ? std::string(item.get_string()) : json::serialize(item));
    return;
  }
  const std::string text =
      value.is_string() && spec.kind != OptionKind::kJson ? std::string(value.get_string()) : json::serialize(value);
  if (text.empty()) return;
  if (text.starts_with('-')) {
    out.push_back(name + "=" + text);
    return;
  }
  out.push_back(name);
  out.push_back(text);
}

}  // namespace jina::config

#include "config/key_values.hpp"

#include "config/json_text.hpp"
#include "config/node.hpp"
#include "config/scalar.hpp"

namespace jina::config {

Result<boost::json::object> parse_key_values(std::span<const std::string> items, const std::string& argument) {
  boost::json::object all;
  for (const auto& item : items) {
    const auto first = item.find_first_not_of(" \t\n");
    if (first != item.npos && item[first] == '{') {
      auto json = parse_json(item, argument);
      if (!json)
        return Status{json.error().code, json.error().message + "; right would be for example " +
                                             (argument.starts_with("--") ? argument + " " : "") +
                                             "'{\"name\": \"value\", \"count\": 3}'"};
      for (auto& [key, value] : json->as_object()) all[key] = std::move(value);
      continue;
    }
    const auto separator = item.find_first_of(":=");
    if (separator == item.npos || separator == 0)
      return Status{StatusCode::kInvalidArgument, argument + ": '" + item + "' is no KEY=VALUE; write for example " +
                                                      (argument.starts_with("--") ? argument + " " : "") +
                                                      "key=value, key:value or '{\"key\": \"value\"}'"};
    auto begin = separator + 1;
    while (begin < item.size() && (item[begin] == ' ' || item[begin] == '\t' || item[begin] == '\n')) ++begin;
    all[item.substr(0, separator)] = retype(std::string_view(item).substr(begin), {}).to_json();
  }
  return all;
}

}  // namespace jina::config

#include "exporter/yaml_text.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <string_view>

#include "base/json_string.hpp"

namespace jina::exporter {

namespace json = boost::json;

namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

bool is_word_of_yaml(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* word : {"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
    if (low == word) return true;
  return false;
}

bool is_plain(std::string_view text) {
  if (text.empty() || is_word_of_yaml(text)) return false;
  // Options start with two dashes; everything else that starts like a number is quoted rather than looked at.
  const bool option = text.starts_with("--") && text.size() > 2 && is_letter(text[2]);
  if (!option && !is_letter(text[0]) && text[0] != '/' && text[0] != '_') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("_-./@=+()").find(c) != std::string_view::npos)
      continue;
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    if (c == ':' && next != ' ') continue;
    if ((c == ' ' || c == ',') && i + 1 < text.size() && next != '#' && next != ' ') continue;
    return false;
  }
  return true;
}

void append_text(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += text;
    return;
  }
  const bool printable = std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
  if (!printable) {
    pyjson::append_repaired_string(out, text);
    return;
  }
  out += '\'';
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  out += '\'';
}

class Writer {
 public:
  void value(const json::value& v, int indent) {
    if (const auto* object = v.if_object(); object != nullptr && !object->empty()) return map(*object, indent);
    if (const auto* array = v.if_array(); array != nullptr && !array->empty()) return list(*array, indent);
    scalar(v, indent);
    out += '\n';
  }

  std::string out{};

 private:
  static bool is_block(const json::value& v) {
    return (v.is_object() && !v.get_object().empty()) || (v.is_array() && !v.get_array().empty());
  }
  void spaces(int count) { out.append(static_cast<std::size_t>(count), ' '); }

  void map(const json::object& object, int indent, bool first_in_place = false) {
    for (const auto& entry : object) {
      if (!first_in_place) spaces(indent);
      first_in_place = false;
      append_text(out, entry.key());
      out += ':';
      if (is_block(entry.value())) {
        out += '\n';
        // Lists stand under their key without more indentation, as kubectl writes them.
        value(entry.value(), entry.value().is_array() ? indent : indent + 2);
      } else {
        out += ' ';
        scalar(entry.value(), indent + 2);
        out += '\n';
      }
    }
  }

  void list(const json::array& array, int indent) {
    for (const auto& item : array) {
      spaces(indent);
      out += "- ";
      if (item.is_object() && !item.get_object().empty())
        map(item.get_object(), indent + 2, true);
      else if (is_block(item))
        out += json::serialize(item) + "\n";
      else
        value(item, indent + 2);
    }
  }

  void scalar(const json::value& v, int indent) {
    if (!v.is_string()) {
      out += json::serialize(v);
      return;
    }
    const std::string_view text = v.get_string();
    if (text.find('\n') == std::string_view::npos || text.front() == ' ') return append_text(out, text);
    out += text.ends_with('\n') ? "|" : "|-";
    std::string_view rest = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
    while (true) {
      const auto end = rest.find('\n');
      out += '\n';
      if (const auto line = rest.substr(0, end); !line.empty()) {
        spaces(indent);
        out += line;
      }
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }
};

}  // namespace

std::string yaml_text(const json::value& value) {
  Writer writer;
  writer.value(value, 0);
  return std::move(writer.out);
}

std::string yaml_documents(std::span<const json::value> documents) {
  std::string out;
  for (const auto& document : documents) out += (out.empty() ? "" : "---\n") + yaml_text(document);
  return out;
}

}  // namespace jina::exporter

// dumps(): JSON as Python's json.dumps(value, sort_keys=True) writes it, so that recordings of Python Executors can be compared.
#pragma once
#include <algorithm>
#include <boost/json/value.hpp>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace python {

inline void append_escape(std::string& out, unsigned unit) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += {'\\', 'u', kDigits[unit >> 12 & 15], kDigits[unit >> 8 & 15], kDigits[unit >> 4 & 15], kDigits[unit & 15]};
}

// `text` is UTF-8; everything beyond ASCII is escaped as UTF-16.
inline void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '"' || byte == '\\')
      out += {'\\', text[i]};
    else if (byte == '\n')
      out += "\\n";
    else if (byte == '\r')
      out += "\\r";
    else if (byte == '\t')
      out += "\\t";
    else if (byte == '\b')
      out += "\\b";
    else if (byte == '\f')
      out += "\\f";
    else if (byte < 0x20)
      append_escape(out, byte);
    else if (byte < 0x80)
      out += text[i];
    else {
      const int more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
      unsigned code = byte & (0x3fu >> more);
      for (int k = 0; k < more && i + 1 < text.size(); ++k) code = code << 6 | (static_cast<unsigned char>(text[++i]) & 0x3fu);
      if (code >= 0x10000) append_escape(out, 0xd800 + ((code - 0x10000) >> 10));
      append_escape(out, code >= 0x10000 ? 0xdc00 + ((code - 0x10000) & 0x3ff) : code);
    }
  }
  out += '"';
}

inline void append_number(std::string& out, double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), number).ptr;
  const std::string_view shown(text, static_cast<std::size_t>(end - text));
  out += shown;
  if (shown.find_first_not_of("-0123456789") == std::string_view::npos) out += ".0";
}

inline void append(std::string& out, const boost::json::value& value) {
  if (const auto* object = value.if_object()) {
    std::vector<std::string_view> keys;
    for (const auto& entry : *object) keys.push_back(entry.key());
    std::sort(keys.begin(), keys.end());
    out += '{';
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) out += ", ";
      append_text(out, keys[i]);
      out += ": ";
      append(out, object->at(keys[i]));
    }
    out += '}';
  } else if (const auto* list = value.if_array()) {
    out += '[';
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (i > 0) out += ", ";
      append(out, (*list)[i]);
    }
    out += ']';
  } else if (value.is_string()) {
    append_text(out, value.get_string());
  } else if (value.is_bool()) {
    out += value.get_bool() ? "true" : "false";
  } else if (value.is_number()) {
    append_number(out, value.to_number<double>());
  } else {
    out += "null";
  }
}

inline std::string dumps(const boost::json::value& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace python

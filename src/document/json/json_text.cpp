#include "document/json/json_text.hpp"

#include <cmath>

#include "base/json_string.hpp"
#include "base/python_number.hpp"
#include "document/json/document_writer.hpp"

namespace jina::json {

void append_string(std::string& out, std::string_view text) { pyjson::append_repaired_string(out, text); }

void append_value(std::string& out, const boost::json::value& value) {
  using boost::json::kind;
  switch (value.kind()) {
    case kind::null: out += "null"; return;
    case kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case kind::int64: out += std::to_string(value.get_int64()); return;
    case kind::uint64: out += std::to_string(value.get_uint64()); return;
    case kind::double_:
      if (!std::isfinite(value.get_double())) {
        out += "null";
      } else {
        pyjson::append_float(out, value.get_double());
      }
      return;
    case kind::string: append_string(out, std::string_view(value.get_string().data(), value.get_string().size())); return;
    case kind::object: append_object(out, value.get_object()); return;
    case kind::array: break;
  }
  out += '[';
  for (const boost::json::value& item : value.get_array()) {
    if (&item != value.get_array().data()) out += ',';
    append_value(out, item);
  }
  out += ']';
}

void append_object(std::string& out, const boost::json::object& object) {
  out += '{';
  for (const auto& entry : object) {
    if (out.back() != '{') out += ',';
    append_string(out, std::string_view(entry.key().data(), entry.key().size()));
    out += ':';
    append_value(out, entry.value());
  }
  out += '}';
}

bool append_documents(std::string& out, const DocumentArray& documents) {
  pyjson::Output output(out, JsonDialect::kHttp);
  write_documents(output, documents);
  return !output.failed();
}

}  // namespace jina::json

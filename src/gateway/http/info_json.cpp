#include "gateway/http/info_json.hpp"

#include "base/json_string.hpp"
#include "wire/pb_reader.hpp"

namespace jina::gateway {
namespace {

using wire::PbReader;
using wire::WireType;

// An environment variable may hold any bytes; JSON may not.
void append_text(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  if (pyjson::append_utf8_string(out, text)) return;
  out.resize(before);
  out += "\"(not UTF-8)\"";
}

// One entry of a map<string, string>.
bool append_entry(std::string& out, std::string_view entry) {
  std::string_view key, value;
  PbReader reader(entry);
  while (reader.next()) {
    if (reader.is(1, WireType::kLengthDelimited)) key = reader.bytes();
    if (reader.is(2, WireType::kLengthDelimited)) value = reader.bytes();
  }
  if (!out.empty()) out += ',';
  append_text(out, key);
  out += ':';
  append_text(out, value);
  return !reader.failed();
}

}  // namespace

Result<std::string> info_to_json(std::string_view encoded) {
  std::string versions, environment;
  PbReader reader(encoded);
  bool good = true;
  while (reader.next()) {
    if (reader.is(1, WireType::kLengthDelimited)) good = append_entry(versions, reader.bytes()) && good;
    if (reader.is(2, WireType::kLengthDelimited)) good = append_entry(environment, reader.bytes()) && good;
  }
  if (!good || reader.failed()) return Status{StatusCode::kInternal, "malformed JinaInfoProto"};
  return "{\"jina\":{" + versions + "},\"envs\":{" + environment + "}}";
}

}  // namespace jina::gateway

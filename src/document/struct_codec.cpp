#include "document/struct_codec.hpp"

#include "base/utf8.hpp"
#include "wire/pb_reader.hpp"

namespace jina {
namespace {

using wire::PbReader;
using wire::PbWriter;
using wire::WireType;
namespace json = boost::json;

constexpr int kMaxDepth = PbReader::kMaxDepth;

// Fields of google.protobuf.Value.
enum ValueField : std::uint32_t { kNull = 1, kNumber = 2, kString = 3, kBool = 4, kStruct = 5, kList = 6 };

bool decode_object(std::string_view encoded, json::object& object, int depth);

bool decode_value(std::string_view encoded, json::value& value, int depth) {
  if (depth > kMaxDepth) return false;
  PbReader reader(encoded);
  while (reader.next()) {
    if (reader.is(kNull, WireType::kVarint)) {
      value = nullptr;
    } else if (reader.is(kNumber, WireType::kFixed64)) {
      value = reader.fixed64();
    } else if (reader.is(kString, WireType::kLengthDelimited)) {
      if (!is_utf8(reader.bytes())) return false;
      value = json::string(reader.bytes());
    } else if (reader.is(kBool, WireType::kVarint)) {
      value = reader.varint() != 0;
    } else if (reader.is(kStruct, WireType::kLengthDelimited)) {
      // A repeated occurrence of the same message field merges into the first.
      if (!value.is_object()) value = json::object();
      if (!decode_object(reader.bytes(), value.get_object(), depth + 1)) return false;
    } else if (reader.is(kList, WireType::kLengthDelimited)) {
      if (!value.is_array()) value = json::array();
      PbReader items(reader.bytes());
      while (items.next()) {
        if (!items.is(1, WireType::kLengthDelimited)) continue;
        json::value item;
        if (!decode_value(items.bytes(), item, depth + 1)) return false;
        value.get_array().push_back(std::move(item));
      }
      if (items.failed()) return false;
    }
  }
  return !reader.failed();
}

bool decode_object(std::string_view encoded, json::object& object, int depth) {
  if (depth > kMaxDepth) return false;
  PbReader reader(encoded);
  while (reader.next()) {
    if (!reader.is(1, WireType::kLengthDelimited)) continue;
    PbReader entry(reader.bytes());
    std::string_view key;
    json::value value;
    while (entry.next()) {
      if (entry.is(1, WireType::kLengthDelimited)) {
        key = entry.bytes();
      } else if (entry.is(2, WireType::kLengthDelimited)) {
        if (!decode_value(entry.bytes(), value, depth + 1)) return false;
      }
    }
    if (entry.failed() || !is_utf8(key)) return false;
    object[key] = std::move(value);
  }
  return !reader.failed();
}

// The length of a message stands in front of it: children are encoded into the same string and moved up by their prefix.
template <class Encode>
void append_message(std::string& out, std::uint32_t field, Encode encode) {
  const std::size_t start = out.size();
  encode(out);
  const std::size_t size = out.size() - start;
  std::string prefix;
  PbWriter(prefix).prefix(field, size);
  out.insert(start, prefix);
}

void encode_value(const json::value& value, std::string& out) {
  PbWriter writer(out);
  switch (value.kind()) {
    case json::kind::null: writer.varint(kNull, 0); break;
    case json::kind::bool_: writer.varint(kBool, value.get_bool() ? 1 : 0); break;
    case json::kind::int64: writer.fixed64(kNumber, static_cast<double>(value.get_int64())); break;
    case json::kind::uint64: writer.fixed64(kNumber, static_cast<double>(value.get_uint64())); break;
    case json::kind::double_: writer.fixed64(kNumber, value.get_double()); break;
    case json::kind::string: writer.bytes(kString, value.get_string()); break;
    case json::kind::object: append_message(out, kStruct, [&](std::string& to) { encode_struct(value.get_object(), to); }); break;
    case json::kind::array:
      append_message(out, kList, [&](std::string& to) {
        for (const json::value& item : value.get_array())
          append_message(to, 1, [&](std::string& inner) { encode_value(item, inner); });
      });
      break;
  }
}

}  // namespace

Result<json::object> decode_struct(std::string_view encoded) {
  json::object object;
  if (!decode_object(encoded, object, 0))
    return Status{StatusCode::kInvalidArgument,
                  "not a google.protobuf.Struct, text that is not UTF-8, or nested more than 100 levels"};
  return object;
}

void encode_struct(const json::object& object, std::string& out) {
  for (const auto& entry : object) {
    append_message(out, 1, [&](std::string& to) {
      PbWriter(to).bytes(1, entry.key());
      append_message(to, 2, [&](std::string& inner) { encode_value(entry.value(), inner); });
    });
  }
}

std::string encode_struct(const json::object& object) {
  std::string out;
  encode_struct(object, out);
  return out;
}

}  // namespace jina

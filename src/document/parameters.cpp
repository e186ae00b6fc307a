#include "document/parameters.hpp"

#include "wire/malformed.hpp"
#include "wire/pb_reader.hpp"
#include "wire/pb_writer.hpp"

namespace jina {
namespace {

using wire::PbReader;
using wire::PbWriter;
using wire::WireType;

constexpr std::string_view kSeparator = "__";
constexpr std::string_view kResults = "__results__";

// Fields of google.protobuf.Value.
enum ValueField : std::uint32_t { kNull = 1, kNumber = 2, kString = 3, kBool = 4, kStruct = 5, kList = 6 };

// One entry of a Struct's map.
struct Entry {
  std::string_view key;
  std::string_view value;  // encoded Value
};

bool read_entry(std::string_view encoded, Entry& entry) noexcept {
  entry = {};
  PbReader reader(encoded);
  while (reader.next()) {
    if (reader.is(1, WireType::kLengthDelimited)) entry.key = reader.bytes();
    if (reader.is(2, WireType::kLengthDelimited)) entry.value = reader.bytes();
  }
  return !reader.failed();
}

// Walks the entries of an encoded Struct.
class EntryReader {
 public:
  explicit EntryReader(std::string_view encoded) noexcept : reader_(encoded) {}
  bool next() noexcept {
    while (!failed_ && reader_.next()) {
      if (!reader_.is(1, WireType::kLengthDelimited)) continue;
      failed_ = !read_entry(reader_.bytes(), entry_);
      return !failed_;
    }
    failed_ = failed_ || reader_.failed();
    return false;
  }
  const Entry& entry() const noexcept { return entry_; }
  std::string_view raw() const noexcept { return reader_.raw(); }
  bool failed() const noexcept { return failed_; }
  Status error() const { return wire::malformed("google.protobuf.Struct", reader_.offset()); }

 private:
  PbReader reader_;
  Entry entry_;
  bool failed_ = false;
};

// A Value as far as these rules look into it.
struct ValueView {
  std::uint32_t kind = 0;  // the last field of the oneof that was set
  std::string object;      // of an object: its encoded Struct
  bool truthy = false;     // as Python sees it
  std::string_view python_type = "NoneType";
};

bool read_value(std::string_view encoded, ValueView& view) {
  PbReader reader(encoded);
  while (reader.next()) {
    if (reader.is(kNull, WireType::kVarint)) {
      view = {kNull, {}, false, "NoneType"};
    } else if (reader.is(kNumber, WireType::kFixed64)) {
      view = {kNumber, {}, reader.fixed64() != 0, "float"};
    } else if (reader.is(kString, WireType::kLengthDelimited)) {
      view = {kString, {}, !reader.bytes().empty(), "str"};
    } else if (reader.is(kBool, WireType::kVarint)) {
      view = {kBool, {}, reader.varint() != 0, "bool"};
    } else if (reader.is(kStruct, WireType::kLengthDelimited)) {
      std::string object = view.kind == kStruct ? std::move(view.object) : std::string();
      object.append(reader.bytes());
      const bool truthy = !object.empty();
      view = {kStruct, std::move(object), truthy, "dict"};
    } else if (reader.is(kList, WireType::kLengthDelimited)) {
      view = {kList, {}, !reader.bytes().empty(), "list"};
    }
  }
  return !reader.failed();
}

// The pieces of `key` before its last separator, joined without separators, are the name of the Executor.
bool names_executor(std::string_view key, std::string_view executor, std::string_view& rest) noexcept {
  while (true) {
    const std::size_t at = key.find(kSeparator);
    if (at == std::string_view::npos) break;
    const std::string_view piece = key.substr(0, at);
    if (!executor.starts_with(piece)) return false;
    executor.remove_prefix(piece.size());
    key.remove_prefix(at + kSeparator.size());
  }
  rest = key;
  return executor.empty();
}

void append_entry(std::string& out, std::string_view key, std::string_view value) {
  using wire::varint_size;
  const auto field = [](std::size_t size) { return 1 + varint_size(size) + size; };
  PbWriter writer(out);
  writer.prefix(1, field(key.size()) + field(value.size()));
  writer.bytes(1, key);
  writer.bytes(2, value);
}

// A Value that holds an object.
std::string object_value(std::string_view encoded_struct) {
  std::string value;
  PbWriter(value).bytes(kStruct, encoded_struct);
  return value;
}

}  // namespace

bool is_specific_parameter(std::string_view key) noexcept {
  return key.find(kSeparator) != std::string_view::npos && !key.starts_with(kSeparator) && !key.ends_with(kSeparator);
}

Result<Bytes> parameters_for_executor(const Bytes& parameters, std::string_view executor) {
  bool rewrite = false;
  EntryReader check(parameters.view());
  while (check.next()) rewrite = rewrite || check.entry().key == executor || is_specific_parameter(check.entry().key);
  if (check.failed()) return check.error();
  if (!rewrite) return parameters;

  // Later entries of the same key win on the wire: what has precedence is appended last.
  std::string kept;
  std::string specific;
  std::string_view nested;
  bool has_nested = false;
  EntryReader reader(parameters.view());
  while (reader.next()) {
    const Entry& entry = reader.entry();
    std::string_view key;
    if (is_specific_parameter(entry.key)) {
      if (names_executor(entry.key, executor, key)) append_entry(specific, key, entry.value);
      continue;
    }
    kept.append(reader.raw());
    if (entry.key == executor) {
      nested = entry.value;
      has_nested = true;
    }
  }
  kept.append(specific);
  if (!has_nested) {
    // An own name that contains the separator is a specific key by rule, and Jina looks under it all the same.
    EntryReader again(parameters.view());
    while (again.next())
      if (again.entry().key == executor) {
        nested = again.entry().value;
        has_nested = true;
      }
  }
  if (has_nested) {
    ValueView value;
    if (!read_value(nested, value)) return wire::malformed("google.protobuf.Value", 0);
    if (value.truthy && value.kind != kStruct)
      return Status{StatusCode::kUnknown,
                    "Unexpected <class 'TypeError'>: dict.update() argument after ** must be a mapping, not " +
                        std::string(value.python_type) + " (parameter '" + std::string(executor) +
                        "' has the name of an Executor, so it must be an object with that Executor's parameters)"};
    kept.append(value.object);
  }
  return Bytes::take(std::move(kept));
}

Result<Bytes> parameters_with_results_key(const Bytes& parameters) {
  EntryReader reader(parameters.view());
  bool found = false;
  while (reader.next()) found = found || reader.entry().key == kResults;
  if (reader.failed()) return reader.error();
  if (found) return parameters;
  std::string extended = parameters.str();
  append_entry(extended, kResults, object_value({}));
  return Bytes::take(std::move(extended));
}

void ResultsCollector::add(std::string_view reply_parameters) {
  // The common reply has no results: one search of a few bytes instead of a walk.
  if (reply_parameters.find(kResults) == std::string_view::npos) return;
  ValueView results;
  EntryReader reader(reply_parameters);
  while (reader.next()) {
    if (reader.entry().key != kResults) continue;
    results = {};
    if (!read_value(reader.entry().value, results)) return;
  }
  if (!reader.failed() && results.kind == kStruct) entries_.append(results.object);
}

Bytes ResultsCollector::merge_into(const Bytes& client_parameters) const {
  if (empty()) return client_parameters;
  std::string merged;
  EntryReader reader(client_parameters.view());
  while (reader.next())
    if (reader.entry().key != kResults) merged.append(reader.raw());
  append_entry(merged, kResults, object_value(entries_));
  return Bytes::take(std::move(merged));
}

}  // namespace jina

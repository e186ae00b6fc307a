#include "document/json/json_response.hpp"

#include <cassert>
#include <cstring>

#include "document/json/document_writer.hpp"
#include "document/json/time_text.hpp"
#include "document/request_documents.hpp"
#include "document/struct_codec.hpp"
#include "wire/pb_reader.hpp"

namespace jina {
namespace {

using pyjson::Output;
using wire::PbReader;
using wire::WireType;

// Members of one JSON object of the envelope. In the WebSocket dialect the first member may be any of them.
class Members {
 public:
  explicit Members(Output& output) : output_(output) { output_.raw("{"); }
  void close() { output_.raw("}"); }
  /// The key in the dialect's case; the value follows.
  void key(std::string_view camel, std::string_view snake) {
    const std::string_view name = output_.http() ? camel : snake;
    // Composed here and appended once: an answer has some thirty keys.
    char text[32] = {',', '"'};
    assert(name.size() <= sizeof text - 4);
    std::memcpy(text + 2, name.data(), name.size());
    std::memcpy(text + 2 + name.size(), "\":", 2);
    const std::size_t skipped = std::exchange(first_, false) ? 1 : 0;
    output_.raw({text + skipped, name.size() + 4 - skipped});
  }
  void key(std::string_view name) { key(name, name); }
  /// Shown when the dialect shows absent members, or there is something to show.
  bool wants(bool present) const { return output_.http() || present; }
  void string(std::string_view camel, std::string_view snake, std::string_view value, bool present) {
    if (!wants(present)) return;
    key(camel, snake);
    output_.string(value);
  }
  void string(std::string_view name, std::string_view value) { string(name, name, value, !value.empty()); }

 private:
  Output& output_;
  bool first_ = true;
};

void write_strings(Output& output, const std::vector<std::string_view>& texts) {
  output.raw("[");
  for (const std::string_view& text : texts) {
    if (&text != texts.data()) output.raw(",");
    output.string(text);
  }
  output.raw("]");
}

void write_exception(Output& output, std::string_view encoded) {
  std::string_view name;
  std::string_view executor;
  std::vector<std::string_view> args;
  std::vector<std::string_view> stacks;
  PbReader reader(encoded);
  while (reader.next()) {
    if (reader.is(1, WireType::kLengthDelimited)) name = reader.bytes();
    if (reader.is(2, WireType::kLengthDelimited)) args.push_back(reader.bytes());
    if (reader.is(3, WireType::kLengthDelimited)) stacks.push_back(reader.bytes());
    if (reader.is(4, WireType::kLengthDelimited)) executor = reader.bytes();
  }
  if (reader.failed()) return output.fail("malformed status.exception");
  Members members(output);
  members.string("name", name);
  if (members.wants(!args.empty())) {
    members.key("args");
    write_strings(output, args);
  }
  if (members.wants(!stacks.empty())) {
    members.key("stacks");
    write_strings(output, stacks);
  }
  members.string("executor", executor);
  members.close();
}

void write_status(Output& output, std::string_view encoded) {
  std::int32_t code = 0;
  std::string_view description;
  std::string exception;
  bool has_exception = false;
  PbReader reader(encoded);
  while (reader.next()) {
    if (reader.is(1, WireType::kVarint)) code = static_cast<std::int32_t>(reader.varint());
    if (reader.is(2, WireType::kLengthDelimited)) description = reader.bytes();
    if (reader.is(3, WireType::kLengthDelimited)) {
      has_exception = true;
      exception += reader.bytes();
    }
  }
  if (reader.failed()) return output.fail("malformed status");
  if (output.http() && code != 0 && code != 1) return output.fail("an unknown status code");
  Members members(output);
  if (members.wants(code != 0)) {
    members.key("code");
    output.integer(code);
  }
  members.string("description", description);
  if (members.wants(has_exception)) {
    members.key("exception");
    if (has_exception) {
      write_exception(output, exception);
    } else {
      output.raw("null");
    }
  }
  members.close();
}

void write_status_member(Output& output, Members& members, bool present, std::string_view encoded) {
  if (!members.wants(present)) return;
  members.key("status");
  if (present) {
    write_status(output, encoded);
  } else {
    output.raw("null");
  }
}

void write_header(Output& output, std::string_view encoded) {
  const Result<wire::HeaderView> header = wire::parse_header(encoded);
  if (!header) return output.fail("malformed header");
  Members members(output);
  members.string("requestId", "request_id", header->request_id, !header->request_id.empty());
  write_status_member(output, members, header->has_status, header->status);
  members.string("execEndpoint", "exec_endpoint", header->exec_endpoint.value_or(""), header->exec_endpoint.has_value());
  members.string("targetExecutor", "target_executor", header->target_executor.value_or(""), header->target_executor.has_value());
  if (header->timeout && (*header->timeout != 0 || !output.http())) {
    members.key("timeout");
    output.integer(*header->timeout);
  }
  members.close();
}

struct Time {
  bool present = false;
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
};

bool read_time(std::string_view encoded, Time& time) {
  time.present = true;
  PbReader reader(encoded);
  while (reader.next()) {
    if (reader.is(1, WireType::kVarint)) time.seconds = static_cast<std::int64_t>(reader.varint());
    if (reader.is(2, WireType::kVarint)) time.nanos = static_cast<std::int32_t>(reader.varint());
  }
  return !reader.failed();
}

void write_time_member(Output& output, Members& members, std::string_view camel, std::string_view snake, const Time& time) {
  if (!members.wants(time.present)) return;
  members.key(camel, snake);
  if (time.present) {
    write_time(output, time.seconds, time.nanos);
  } else {
    output.raw("null");
  }
}

void write_route(Output& output, std::string_view encoded) {
  std::string_view executor;
  Time start;
  Time end;
  std::string status;
  bool has_status = false;
  bool good = true;
  PbReader reader(encoded);
  while (reader.next()) {
    if (reader.is(1, WireType::kLengthDelimited)) executor = reader.bytes();
    if (reader.is(2, WireType::kLengthDelimited)) good = read_time(reader.bytes(), start) && good;
    if (reader.is(3, WireType::kLengthDelimited)) good = read_time(reader.bytes(), end) && good;
    if (reader.is(4, WireType::kLengthDelimited)) {
      has_status = true;
      status += reader.bytes();
    }
  }
  if (!good || reader.failed()) return output.fail("malformed route");
  Members members(output);
  members.string("executor", executor);
  write_time_member(output, members, "startTime", "start_time", start);
  write_time_member(output, members, "endTime", "end_time", end);
  write_status_member(output, members, has_status, status);
  members.close();
}

void write_routes(Output& output, std::string_view encoded) {
  output.raw("[");
  bool first = true;
  PbReader reader(encoded);
  while (reader.next()) {
    if (!reader.is(3, WireType::kLengthDelimited)) continue;
    if (!std::exchange(first, false)) output.raw(",");
    write_route(output, reader.bytes());
  }
  if (reader.failed()) output.fail("malformed routes");
  output.raw("]");
}

void write_data(Output& output, const wire::DataRequest& response) {
  if (const DocumentArray* docs = decoded_documents(response)) return write_documents(output, *docs);
  if (!response.data) return output.raw("[]");
  const Result<DataContent> content = decode_content(*response.data);
  if (!content) return output.fail(content.error().message);
  if (content->docs_bytes) return output.fail("docs_bytes, which only Executors understand");
  if (!content->docs) return output.raw("[]");
  write_documents(output, *content->docs);
}

Result<std::string> finish(std::string&& text, const Output& output) {
  if (output.failed()) return Status{StatusCode::kInternal, "the answer can not be written as JSON: " + output.problem()};
  return std::move(text);
}

}  // namespace

Result<std::string> write_json_response(const wire::DataRequest& response, JsonDialect dialect) {
  std::string text;
  text.reserve(1024);
  Output output(text, dialect);
  Members members(output);
  if (members.wants(response.has_header)) {
    members.key("header");
    if (response.has_header) {
      write_header(output, response.header.view());
    } else {
      output.raw("null");
    }
  }
  if (members.wants(response.parameters.has_value())) {
    members.key("parameters");
    if (response.parameters) {
      const Result<boost::json::object> parameters = decode_struct(response.parameters->view());
      if (!parameters) return parameters.error();
      write_struct(output, *parameters);
    } else {
      output.raw("null");
    }
  }
  if (members.wants(!response.routes.empty())) {
    members.key("routes");
    if (response.routes.empty()) {
      output.raw("null");
    } else {
      write_routes(output, response.routes.view());
    }
  }
  members.key("data");
  write_data(output, response);
  members.close();
  return finish(std::move(text), output);
}

Result<std::string> write_json_status(std::string_view status, JsonDialect dialect) {
  std::string text;
  Output output(text, dialect);
  write_status(output, status);
  return finish(std::move(text), output);
}

}  // namespace jina

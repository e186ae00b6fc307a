#include "document/json/json_response.hpp"

#include <fmt/format.h>

#include <ctime>

#include "document/document_codec.hpp"
#include "document/json/document_json.hpp"
#include "document/struct_codec.hpp"
#include "wire/pb_reader.hpp"

namespace jina::json {
namespace {

using wire::PbReader;
using wire::WireType;

Status unwritable(const char* what) { return {StatusCode::kInternal, std::string("the answer can not be written as JSON: ") + what}; }

class Envelope {
 public:
  explicit Envelope(Dialect dialect) : web_socket_(dialect == Dialect::kWebSocket), escape_(web_socket_ ? Escape::kAscii : Escape::kUtf8) {}

  Result<std::string> write(const wire::DataRequest& response) {
    const Result<wire::HeaderView> header = wire::parse_header(response.header.view());
    if (!header) return header.error();
    out_.reserve(1024 + (response.data ? response.data->size() * 2 : 0));
    out_ += "{\"header\":";
    write_header(*header);
    out_ += ",\"parameters\":";
    if (response.parameters) {
      const Result<boost::json::object> parameters = decode_struct(response.parameters->view());
      if (!parameters) return parameters.error();
      for (const auto& entry : *parameters)
        if (has_non_finite(entry.value())) return unwritable("parameters hold NaN or an infinity");
      append_object(out_, *parameters, escape_);
    } else {
      out_ += "{}";
    }
    out_ += ",\"routes\":[";
    if (!write_routes(response.routes.view())) return unwritable("its routes are malformed");
    out_ += "],\"data\":";
    DocumentArray docs;
    if (response.data) {
      Result<DocumentArray> decoded = decode_documents(*response.data);
      if (!decoded) return decoded.error();
      docs = std::move(*decoded);
    }
    if (!append_documents(out_, docs, escape_)) return unwritable("a Document holds NaN, an infinity, or an array that has no JSON form");
    out_ += '}';
    return std::move(out_);
  }

 private:
  // Starts an object or goes on in it.
  void key(std::string_view camel, std::string_view snake) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += web_socket_ ? snake : camel;
    out_ += "\":";
  }
  void text(std::string_view value) { append_string(out_, value, escape_); }

  void write_header(const wire::HeaderView& header) {
    out_ += '{';
    if (!web_socket_ || !header.request_id.empty()) {
      key("requestId", "request_id");
      text(header.request_id);
    }
    optional_status("status", header.has_status, header.status);
    optional_text("execEndpoint", "exec_endpoint", header.exec_endpoint);
    optional_text("targetExecutor", "target_executor", header.target_executor);
    if (header.timeout) {
      key("timeout", "timeout");
      append_integer(out_, *header.timeout);
    }
    out_ += '}';
  }

  void optional_text(std::string_view camel, std::string_view snake, std::optional<std::string_view> value) {
    if (!value && web_socket_) return;
    key(camel, snake);
    if (value) {
      text(*value);
    } else {
      out_ += "null";
    }
  }

  void optional_status(std::string_view name, bool present, std::string_view encoded) {
    if (!present && web_socket_) return;
    key(name, name);
    if (present) {
      write_status_proto(encoded);
    } else {
      out_ += "null";
    }
  }

  void write_status_proto(std::string_view encoded) {
    std::uint64_t code = 0;
    std::string_view description;
    std::string_view exception;
    bool has_exception = false;
    PbReader reader(encoded);
    while (reader.next()) {
      if (reader.is(1, WireType::kVarint)) code = reader.varint();
      if (reader.is(2, WireType::kLengthDelimited)) description = reader.bytes();
      if (reader.is(3, WireType::kLengthDelimited)) {
        exception = reader.bytes();
        has_exception = true;
      }
    }
    out_ += '{';
    if (!web_socket_ || code != 0) {
      key("code", "code");
      append_integer(out_, static_cast<std::int64_t>(code));
    }
    if (!web_socket_ || !description.empty()) {
      key("description", "description");
      text(description);
    }
    if (has_exception) {
      key("exception", "exception");
      write_exception(exception);
    } else if (!web_socket_) {
      out_ += ",\"exception\":null";
    }
    out_ += '}';
  }

  void write_exception(std::string_view encoded) {
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
    const auto list = [&](const std::vector<std::string_view>& items) {
      out_ += '[';
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out_ += ',';
        text(items[i]);
      }
      out_ += ']';
    };
    out_ += '{';
    if (!web_socket_ || !name.empty()) {
      key("name", "name");
      text(name);
    }
    if (!web_socket_ || !args.empty()) {
      key("args", "args");
      list(args);
    }
    if (!web_socket_ || !stacks.empty()) {
      key("stacks", "stacks");
      list(stacks);
    }
    if (!web_socket_ || !executor.empty()) {
      key("executor", "executor");
      text(executor);
    }
    out_ += '}';
  }

  bool write_routes(std::string_view encoded) {
    PbReader routes(encoded);
    bool first = true;
    while (routes.next()) {
      if (!routes.is(3, WireType::kLengthDelimited)) return false;
      if (!std::exchange(first, false)) out_ += ',';
      if (!write_route(routes.bytes())) return false;
    }
    return !routes.failed();
  }

  bool write_route(std::string_view encoded) {
    std::string_view executor;
    std::optional<std::string_view> start;
    std::optional<std::string_view> end;
    std::optional<std::string_view> status;
    PbReader reader(encoded);
    while (reader.next()) {
      if (reader.is(1, WireType::kLengthDelimited)) executor = reader.bytes();
      if (reader.is(2, WireType::kLengthDelimited)) start = reader.bytes();
      if (reader.is(3, WireType::kLengthDelimited)) end = reader.bytes();
      if (reader.is(4, WireType::kLengthDelimited)) status = reader.bytes();
    }
    out_ += '{';
    key("executor", "executor");
    text(executor);
    optional_time("startTime", "start_time", start);
    optional_time("endTime", "end_time", end);
    optional_status("status", status.has_value(), status.value_or(""));
    out_ += '}';
    return !reader.failed();
  }

  void optional_time(std::string_view camel, std::string_view snake, std::optional<std::string_view> encoded) {
    if (!encoded && web_socket_) return;
    key(camel, snake);
    if (!encoded) {
      out_ += "null";
      return;
    }
    std::int64_t seconds = 0;
    std::int64_t nanos = 0;
    PbReader reader(*encoded);
    while (reader.next()) {
      if (reader.is(1, WireType::kVarint)) seconds = static_cast<std::int64_t>(reader.varint());
      if (reader.is(2, WireType::kVarint)) nanos = static_cast<std::int64_t>(reader.varint());
    }
    const std::time_t time = static_cast<std::time_t>(seconds);
    std::tm utc{};
    gmtime_r(&time, &utc);
    fmt::format_to(std::back_inserter(out_), "\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                   utc.tm_min, utc.tm_sec);
    if (web_socket_) {
      // protobuf's JSON form: 0, 3, 6 or 9 digits.
      if (nanos != 0) {
        if (nanos % 1'000'000 == 0) fmt::format_to(std::back_inserter(out_), ".{:03}", nanos / 1'000'000);
        else if (nanos % 1'000 == 0) fmt::format_to(std::back_inserter(out_), ".{:06}", nanos / 1'000);
        else fmt::format_to(std::back_inserter(out_), ".{:09}", nanos);
      }
      out_ += "Z\"";
    } else {
      if (nanos / 1'000 != 0) fmt::format_to(std::back_inserter(out_), ".{:06}", nanos / 1'000);
      out_ += "+00:00\"";
    }
  }

  std::string out_;
  bool web_socket_;
  Escape escape_;
};

}  // namespace

Result<std::string> write_response(const wire::DataRequest& response, Dialect dialect) { return Envelope(dialect).write(response); }

Result<std::string> write_failure(const JsonRequest& request, std::string_view request_id, const Status& why) {
  std::string out = "{\"header\":{\"requestId\":";
  append_string(out, request_id);
  out += ",\"status\":{\"code\":1,\"description\":";
  append_string(out, why.message);
  out += ",\"exception\":{\"name\":";
  append_string(out, kNetworkErrorName);
  out += ",\"args\":[],\"stacks\":[],\"executor\":\"\"}},\"execEndpoint\":\"\",\"targetExecutor\":\"\"},\"parameters\":";
  if (request.parameters) {
    append_object(out, *request.parameters);
  } else {
    out += "null";
  }
  out += ",\"routes\":null,\"data\":";
  if (!request.has_data) {
    out += "null";
  } else if (!append_documents(out, request.docs)) {
    return unwritable("a Document holds NaN or an infinity");
  }
  out += '}';
  return out;
}

std::string write_status(const Status& status) {
  if (status.ok()) return R"({"code":0,"description":"","exception":null})";
  std::string out = "{\"code\":1,\"description\":";
  append_string(out, status.message);
  out += ",\"exception\":{\"name\":\"InternalNetworkError\",\"args\":[],\"stacks\":[],\"executor\":\"\"}}";
  return out;
}

std::string write_detail(std::string_view text) {
  std::string out = "{\"detail\":";
  append_string(out, text);
  out += '}';
  return out;
}

}  // namespace jina::json

#include "client/json_message.hpp"

#include <boost/json/parse.hpp>
#include <charconv>
#include <ctime>

#include "document/document_codec.hpp"
#include "document/json/json_answer.hpp"
#include "document/json/json_text.hpp"
#include "document/struct_codec.hpp"

namespace jina::client {

namespace {

std::string_view text_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

// camelCase as gateways write it, snake_case as Executors do.
std::string_view text_of(const boost::json::object& object, std::string_view key, std::string_view other) {
  const auto text = text_of(object, key);
  return text.empty() ? text_of(object, other) : text;
}

const boost::json::object* object_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr ? value->if_object() : nullptr;
}

std::vector<std::string> texts_of(const boost::json::object& object, std::string_view key) {
  std::vector<std::string> out;
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return out;
  for (const auto& item : value->get_array())
    if (item.is_string()) out.emplace_back(item.get_string());
  return out;
}

/// StatusProto ERROR of {"code":1,...}, empty otherwise. A code is a number, or its name in the dialect of WebSocket.
std::string encoded_status(const boost::json::object& status) {
  const auto* code = status.if_contains("code");
  const bool error =
      code != nullptr && ((code->is_int64() && code->get_int64() != 0) || (code->is_string() && code->get_string() == "ERROR"));
  if (!error) return {};
  const boost::json::object none;
  const auto* found = object_of(status, "exception");
  const boost::json::object& exception = found != nullptr ? *found : none;
  const std::string executor(text_of(exception, "executor"));
  return wire::encode_error_status({.description = text_of(status, "description"),
                                    .exception_name = text_of(exception, "name"),
                                    .args = texts_of(exception, "args"),
                                    .stacks = texts_of(exception, "stacks"),
                                    .executor = executor});
}

/// "2026-11-23T03:51:26.473462+00:00": nanoseconds since the epoch; nothing for a year that these do not reach (2262).
std::optional<std::int64_t> parse_time(std::string_view text) {
  if (text.size() < 19) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  std::tm parts{};
  parts.tm_year = number(0, 4) - 1900;
  parts.tm_mon = number(5, 2) - 1;
  parts.tm_mday = number(8, 2);
  parts.tm_hour = number(11, 2);
  parts.tm_min = number(14, 2);
  parts.tm_sec = number(17, 2);
  std::int64_t nanos = 0, unit = 100'000'000;
  if (text.size() > 19 && text[19] == '.')
    for (std::size_t i = 20; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, unit /= 10) nanos += (text[i] - '0') * unit;
  std::int64_t since = 0;
  if (__builtin_mul_overflow(std::int64_t{::timegm(&parts)}, std::int64_t{1'000'000'000}, &since) ||
      __builtin_add_overflow(since, nanos, &since))
    return std::nullopt;
  return since;
}

std::string encoded_routes(const std::vector<boost::json::object>& routes) {
  std::string out;
  for (const auto& route : routes) {
    const auto* status = object_of(route, "status");
    const std::string encoded = status == nullptr ? std::string() : encoded_status(*status);
    wire::append_route(out, {.executor = text_of(route, "executor"),
                             .start_ns = parse_time(text_of(route, "startTime", "start_time")),
                             .end_ns = parse_time(text_of(route, "endTime", "end_time")),
                             .status = encoded});
  }
  return out;
}

std::string encoded_header(const boost::json::object& header) {
  if (header.empty()) return {};
  const auto* status = object_of(header, "status");
  const std::string encoded = status == nullptr ? std::string() : encoded_status(*status);
  return wire::encode_header({.request_id = text_of(header, "requestId", "request_id"),
                              .exec_endpoint = text_of(header, "execEndpoint", "exec_endpoint"),
                              .target_executor = std::nullopt,
                              .status = encoded});
}

Status outcome_of(const boost::json::object& answer) {
  const auto* header = object_of(answer, "header");
  const auto* status = header == nullptr ? nullptr : object_of(*header, "status");
  if (status == nullptr || encoded_status(*status).empty()) return {};
  const auto description = text_of(*status, "description");
  return {StatusCode::kUnknown, std::string(description.empty() ? "the request failed" : description)};
}

}  // namespace

Result<std::string> json_body(const wire::DataRequest& request) {
  const auto header = wire::parse_header(request.header.view());
  if (!header) return header.error();
  std::string out = "{\"header\":{\"request_id\":";
  json::append_string(out, header->request_id);
  out += "},\"execEndpoint\":";
  json::append_string(out, header->exec_endpoint.value_or("/"));
  if (header->target_executor) {
    out += ",\"targetExecutor\":";
    json::append_string(out, *header->target_executor);
  }
  if (request.parameters) {
    const auto parameters = decode_struct(request.parameters->view());
    if (!parameters) return parameters.error();
    out += ",\"parameters\":";
    json::append_object(out, *parameters);
  }
  if (request.data) {
    const auto docs = decode_documents(*request.data);
    if (!docs) return docs.error();
    out += ",\"data\":";
    if (!json::append_documents(out, *docs))
      return Status{StatusCode::kInvalidArgument,
                    "the Documents hold what JSON can not say (NaN, infinity, a tensor of a type without a JSON form); send them "
                    "over grpc:// or ws://"};
  }
  return out + "}";
}

Result<wire::DataRequest> message_from_json(std::string_view text) {
  Result<JsonAnswer> answer = parse_json_answer(text);
  if (!answer) return std::move(answer).error();
  wire::DataRequest message = to_data_request(std::move(answer->body), "");
  message.header = Bytes::take(encoded_header(answer->header));
  message.has_header = !message.header.empty();
  message.routes = Bytes::take(encoded_routes(answer->routes));
  return message;
}

Result<Document> document_from_json(std::string_view text) {
  auto parsed = parse_json_request("{\"data\":[" + std::string(text) + "]}", {});
  if (const auto* wrong = std::get_if<JsonRequestError>(&parsed)) return Status{StatusCode::kInternal, wrong->reason};
  auto& docs = std::get<JsonRequest>(parsed).docs;
  if (docs.size() != 1) return Status{StatusCode::kInternal, "that is not one Document"};
  return std::move(docs.front());
}

Status status_of_http(const HttpResponse& response) {
  boost::system::error_code error;
  if (response.status >= 200 && response.status < 300) return {};
  std::string text = "HTTP status " + std::to_string(response.status);
  const auto parsed = boost::json::parse(response.body, error);
  const auto* object = error ? nullptr : parsed.if_object();
  const auto outcome = object != nullptr ? outcome_of(*object) : Status{};
  const std::string detail(object != nullptr ? text_of(*object, "detail") : std::string_view());
  if (!outcome.ok() || !detail.empty())
    text += ": " + (outcome.ok() ? detail : outcome.message);
  else if (!response.body.empty())
    text += ": " + response.body.substr(0, 500);
  const auto code = response.status == 503                             ? StatusCode::kUnavailable
                    : response.status == 504                           ? StatusCode::kDeadlineExceeded
                    : response.status == 404                           ? StatusCode::kNotFound
                    : response.status == 422 || response.status == 400 ? StatusCode::kInvalidArgument
                    : response.status == 401                           ? StatusCode::kUnauthenticated
                    : response.status == 403                           ? StatusCode::kPermissionDenied
                                                                       : StatusCode::kUnknown;
  return {code, std::move(text)};
}

Status outcome_of_json(std::string_view text) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(text, error);
  if (error) return {StatusCode::kInternal, "the answer is no JSON"};
  return parsed.is_object() ? outcome_of(parsed.get_object()) : Status{};
}

Status outcome_of_message(const wire::DataRequest& message) {
  const auto header = wire::parse_header(message.header.view());
  if (!header) return header.error();
  if (!header->status_is_error) return {};
  const auto status = wire::parse_status(header->status);
  if (!status) return status.error();
  return {StatusCode::kUnknown, std::string(status->description.empty() ? "the request failed" : status->description)};
}

}  // namespace jina::client

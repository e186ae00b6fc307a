#include "client/answer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "document/json/json_response.hpp"
#include "document/json/json_text.hpp"

namespace jina::client {
namespace {

/// header.status of an answer: an Executor that raised.
Status outcome_of(const boost::json::value& answer) {
  const auto* header = answer.is_object() ? answer.get_object().if_contains("header") : nullptr;
  const auto* status = header != nullptr && header->is_object() ? header->get_object().if_contains("status") : nullptr;
  if (status == nullptr || !status->is_object()) return {};
  const auto* code = status->get_object().if_contains("code");
  if (code == nullptr || !code->is_int64() || code->get_int64() == 0) return {};
  const auto* description = status->get_object().if_contains("description");
  return {StatusCode::kUnknown,
          description != nullptr && description->is_string() ? std::string(description->get_string()) : "the request failed"};
}

}  // namespace

std::string new_request_id() { return Document().id; }

Result<Answer> answer_from_message(const Buffer& message) {
  auto response = wire::DataRequest::parse(message);
  if (!response) return response.error();
  auto text = write_json_response(*response, JsonDialect::kHttp);
  if (!text) return text.error();
  boost::system::error_code error;
  const auto outcome = outcome_of(boost::json::parse(*text, error));
  return Answer{std::move(*text), outcome};
}

Result<Answer> answer_from_http(const HttpResponse& response) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(response.body, error);
  Answer answer{response.body, {}};
  if (!error) answer.outcome = outcome_of(parsed);
  if (response.status == 200) {
    if (error) return Status{StatusCode::kInternal, "the answer is no JSON"};
    return answer;
  }
  const std::string status = "HTTP status " + std::to_string(response.status);
  if (error) return Status{StatusCode::kUnknown, status + ": " + response.body.substr(0, 500)};
  answer.outcome = {response.status == 503   ? StatusCode::kUnavailable
                    : response.status == 504 ? StatusCode::kDeadlineExceeded
                    : response.status == 404 ? StatusCode::kNotFound
                                             : StatusCode::kUnknown,
                    answer.outcome.ok() ? status : status + ": " + answer.outcome.message};
  return answer;
}

std::string http_body(const JsonRequest& request) {
  std::string out = "{\"execEndpoint\":";
  json::append_string(out, request.exec_endpoint);
  if (request.target_executor) {
    out += ",\"targetExecutor\":";
    json::append_string(out, *request.target_executor);
  }
  if (request.parameters) {
    out += ",\"parameters\":";
    json::append_object(out, *request.parameters);
  }
  if (request.has_data) {
    out += ",\"data\":";
    // What JSON can not say comes from JSON here, so there is nothing of it.
    (void)json::append_documents(out, request.docs);
  }
  return out + "}";
}

}  // namespace jina::client

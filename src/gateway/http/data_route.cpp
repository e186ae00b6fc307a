#include "gateway/http/data_route.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/ids.hpp"
#include "document/json/json_request.hpp"
#include "document/json/json_response.hpp"
#include "gateway/http/await_callback.hpp"
#include "gateway/http/info_json.hpp"
#include "gateway/http/responses.hpp"

namespace jina::gateway {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

http::Response internal_error() { return text_response(500, "Internal Server Error"); }

http::Response refusal(json::JsonRequestError error) {
  if (error.http_status == 500) return text_response(500, error.body);
  return json_response(error.http_status, Buffer::take(std::move(error.body)));
}

// HTTP statuses of failures of the network; any other failure has none and is a plain 500.
int failure_status(StatusCode code) noexcept {
  switch (code) {
    case StatusCode::kUnavailable:
    case StatusCode::kNotFound: return 503;
    case StatusCode::kDeadlineExceeded: return 504;
    default: return 500;
  }
}

http::Response failure(const json::JsonRequest& request, std::string_view request_id, const Status& why) {
  spdlog::error("request {}: {}", request_id, why.to_string());
  const int status = failure_status(why.code);
  if (status == 500) return internal_error();
  auto body = json::write_failure(request, request_id, why);
  return body ? json_response(status, Buffer::take(std::move(*body))) : internal_error();
}

Task<wire::Reply> process(protocol::RequestHandler& gateway, RequestContext& context, wire::DataRequest request) {
  auto start = [&gateway, &context, &request](wire::ReplyCallback done) {
    gateway.process_single_data(context, std::move(request), std::move(done));
  };
  co_return co_await await_callback<wire::Reply>(start);
}

}  // namespace

bool is_json_content_type(std::string_view value) noexcept {
  if (value.empty()) return true;
  value = trimmed(value.substr(0, value.find(';')));
  const auto slash = value.find('/');
  if (slash == std::string_view::npos || !equal_ignoring_case(value.substr(0, slash), "application")) return false;
  const std::string_view subtype = value.substr(slash + 1);
  constexpr std::string_view kSuffix = "+json";
  return equal_ignoring_case(subtype, "json") ||
         (subtype.size() >= kSuffix.size() && equal_ignoring_case(subtype.substr(subtype.size() - kSuffix.size()), kSuffix));
}

Task<http::Response> serve_data(const Route& route, protocol::RequestHandler& gateway, RequestContext& context,
                                const http::Request& request) {
  const std::string_view coding = header_of(request, "content-encoding");
  if (!coding.empty() && !equal_ignoring_case(coding, "identity"))
    co_return detail_response(415, "content-encoding \"" + std::string(coding) + "\" is not accepted; send the body uncompressed");
  if (!request.body.empty() && !is_json_content_type(header_of(request, "content-type"))) co_return refusal(json::not_a_dict());

  const Bytes body = request.body.flatten();
  auto parsed = json::parse_json_request(body.view());
  if (auto* error = std::get_if<json::JsonRequestError>(&parsed)) {
    spdlog::debug("{} {}: {} {}", request.method, request.path, error->http_status, error->summary);
    co_return refusal(std::move(*error));
  }
  auto& data = std::get<json::JsonRequest>(parsed);
  if (route.kind == RouteKind::kEndpoint) data.exec_endpoint = route.exec_endpoint;

  const std::string request_id = random_id();
  wire::DataRequest message = json::to_data_request(data, request_id);
  const wire::Reply reply = co_await process(gateway, context, std::move(message));
  if (!reply.status.ok()) co_return failure(data, request_id, reply.status);
  auto answer = json::write_response(reply.response, json::Dialect::kHttp);
  if (!answer) {
    spdlog::error("request {}: {}", request_id, answer.error().to_string());
    co_return internal_error();
  }
  co_return json_response(route.success_status, Buffer::take(std::move(*answer)));
}

wire::DataRequest make_dry_run_request() {
  json::JsonRequest request;
  request.exec_endpoint = "_jina_dry_run_";
  request.has_data = true;
  return json::to_data_request(request, random_id());
}

Task<http::Response> serve_dry_run(protocol::RequestHandler& gateway, RequestContext& context) {
  wire::DataRequest message = make_dry_run_request();
  const wire::Reply reply = co_await process(gateway, context, std::move(message));
  if (!reply.status.ok()) spdlog::warn("dry run: {}", reply.status.to_string());
  co_return json_response(200, Buffer::take(json::write_status(reply.status)));
}

Task<http::Response> serve_status(protocol::RequestHandler& gateway, RequestContext& context) {
  auto start = [&gateway, &context](UniqueFunction<void(Result<Buffer>)> done) { gateway.info(context, std::move(done)); };
  const Result<Buffer> info = co_await await_callback<Result<Buffer>>(start);
  if (!info) co_return internal_error();
  const Bytes encoded = info->flatten();
  auto text = info_to_json(encoded.view());
  if (!text) co_return internal_error();
  co_return json_response(200, Buffer::take(std::move(*text)));
}

}  // namespace jina::gateway

#include "gateway/http/data_route.hpp"

#include <spdlog/spdlog.h>

#include "app/document_input.hpp"
#include "app/responses.hpp"
#include "base/await_callback.hpp"
#include "base/ids.hpp"
#include "base/letter_case.hpp"
#include "document/json/json_request.hpp"
#include "document/json/json_response.hpp"
#include "gateway/http/info_json.hpp"

namespace jina::gateway {
namespace {

using app::detail_response;
using app::header_of;
using app::json_response;
using app::text_response;

http::Response internal_error() { return text_response(500, "Internal Server Error"); }

http::Response failure(std::string_view body, const JsonRequestOptions& options, std::string_view request_id, const Status& why) {
  spdlog::error("request {}: {}", request_id, why.to_string());
  const int status = failure_status(why.code);
  if (status == 500) return internal_error();
  auto answer = write_error_response(body, options, {.request_id = request_id, .description = why.message});
  return answer ? json_response(status, Buffer::take(std::move(*answer))) : internal_error();
}

// A StatusProto: empty when all went well. An Executor that merely raised is no failure here, as in Jina.
std::string encoded_verdict(const Status& status) {
  if (status.ok()) return {};
  const bool network = failure_status(status.code) != 500;
  return wire::encode_error_status(
      {.description = status.message, .exception_name = network ? "InternalNetworkError" : to_string(status.code)});
}

Task<wire::Reply> process(protocol::RequestHandler& gateway, RequestContext& context, wire::DataRequest request) {
  auto start = [&gateway, &context, request = std::move(request)](wire::ReplyCallback done) mutable {
    gateway.process_single_data(context, std::move(request), std::move(done));
  };
  return await_callback<wire::Reply>(std::move(start));
}

}  // namespace

int failure_status(StatusCode code) noexcept {
  switch (code) {
    case StatusCode::kUnavailable:
    case StatusCode::kNotFound: return 503;
    case StatusCode::kDeadlineExceeded: return 504;
    default: return 500;
  }
}

std::optional<http::Response> refuse_coding(const http::Request& request) {
  const std::string_view coding = header_of(request, "content-encoding");
  if (coding.empty() || equal_but_for_case(coding, "identity")) return std::nullopt;
  return detail_response(415, "content-encoding \"" + std::string(coding) + "\" is not accepted; send the body uncompressed");
}

Task<http::Response> serve_data(const Route& route, protocol::RequestHandler& gateway, RequestContext& context,
                                const http::Request& request) {
  if (auto refused = refuse_coding(request)) co_return std::move(*refused);
  JsonRequestOptions options;
  options.endpoint_from_body = route.kind == RouteKind::kPost;
  if (const std::string_view type = header_of(request, "content-type"); !type.empty()) options.content_type = type;

  const Bytes body = request.body.flatten();
  JsonRequestResult parsed = parse_json_request(body.view(), options);
  if (const auto* error = std::get_if<JsonRequestError>(&parsed)) {
    spdlog::debug("{} {}: {} {}", request.method, request.path, error->http_status, error->reason);
    co_return app::refusal_response(*error);
  }
  auto& data = std::get<JsonRequest>(parsed);
  if (route.kind == RouteKind::kEndpoint) data.exec_endpoint = route.exec_endpoint;

  const std::string request_id = random_id();
  wire::DataRequest message = to_data_request(std::move(data), request_id);
  const wire::Reply reply = co_await process(gateway, context, std::move(message));
  if (!reply.status.ok()) co_return failure(body.view(), options, request_id, reply.status);
  auto answer = write_json_response(reply.response, JsonDialect::kHttp);
  if (!answer) {
    spdlog::error("request {}: {}", request_id, answer.error().to_string());
    co_return internal_error();
  }
  co_return json_response(route.success_status, Buffer::take(std::move(*answer)));
}

wire::DataRequest make_dry_run_request() {
  JsonRequest request;
  request.exec_endpoint = "_jina_dry_run_";
  request.has_data = true;
  return to_data_request(std::move(request), random_id());
}

Task<http::Response> serve_dry_run(protocol::RequestHandler& gateway, RequestContext& context) {
  wire::DataRequest message = make_dry_run_request();
  const wire::Reply reply = co_await process(gateway, context, std::move(message));
  if (!reply.status.ok()) spdlog::warn("dry run: {}", reply.status.to_string());
  auto text = write_json_status(encoded_verdict(reply.status), JsonDialect::kHttp);
  co_return text ? json_response(200, Buffer::take(std::move(*text))) : internal_error();
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

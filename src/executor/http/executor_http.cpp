#include "executor/http/executor_http.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "app/docs_pages.hpp"
#include "app/document_input.hpp"
#include "app/responses.hpp"
#include "base/await_callback.hpp"
#include "base/ids.hpp"
#include "document/json/executor_request.hpp"
#include "executor/http/executor_openapi.hpp"
#include "executor/http/generator_feed.hpp"

namespace jina {
namespace {

using app::detail_response;
using app::json_response;

std::optional<std::string_view> content_type_of(const http::Request& request) {
  const std::string_view type = app::header_of(request, "content-type");
  if (type.empty()) return std::nullopt;
  return type;
}

http::Response internal_error() { return app::text_response(500, "Internal Server Error"); }

http::Response method_not_allowed(std::string_view allowed) {
  http::Response response = detail_response(405, "Method Not Allowed");
  response.headers.emplace_back("allow", allowed);
  return response;
}

int http_status_of(StatusCode code) noexcept {
  switch (code) {
    case StatusCode::kResourceExhausted:
    case StatusCode::kUnavailable: return 503;
    case StatusCode::kDeadlineExceeded: return 504;
    case StatusCode::kInvalidArgument: return 400;
    default: return 500;
  }
}

}  // namespace

ExecutorHttp::ExecutorHttp(ExecutorHost& host) : host_(host) {
  std::vector<HttpEndpoint> endpoints;
  for (const std::string& endpoint : host.endpoints().paths()) {
    const Endpoint* row = host.endpoints().find_exact(endpoint);
    const std::string path = app::endpoint_path(endpoint);
    if (path == "/" || !routes_.try_emplace(path, Route{endpoint, row}).second) {
      spdlog::warn("endpoint '{}' can not be reached over HTTP: {} is taken", endpoint, path);
      continue;
    }
    endpoints.push_back({path, static_cast<bool>(row->generator)});
  }
  openapi_ = write_openapi(host.names().class_name, endpoints);
}

Task<http::Response> ExecutorHttp::handle(RequestContext& context, http::Request request) {
  const bool reads = request.method == "GET";
  if (request.path == "/") co_return reads ? health() : method_not_allowed("GET");
  const auto found = routes_.find(request.path);
  if (found == routes_.end()) co_return page(request);
  const Route& route = found->second;
  if (route.row->generator) {
    if (!reads) co_return method_not_allowed("GET");
    co_return co_await stream(route, context, request);
  }
  if (request.method != "POST") co_return method_not_allowed("POST");
  co_return co_await post(route, context, request);
}

http::Response ExecutorHttp::health() {
  const Status status = host_.health();
  return status.ok() ? app::static_json_response(200, "{}") : detail_response(503, status.message);
}

http::Response ExecutorHttp::page(const http::Request& request) {
  const std::string& path = request.path;
  if (path.size() > 1 && path.ends_with('/'))
    if (const std::string other = path.substr(0, path.size() - 1); routes_.contains(other))
      return app::redirect_response(request, other);
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (path == "/openapi.json" || path == "/docs" || path == "/redoc") {
    if (!reads) return method_not_allowed("GET, HEAD");
    if (path == "/openapi.json") return json_response(200, Buffer::copy_of(openapi_));
    return app::docs_page(path == "/docs" ? app::DocsPage::kSwagger : app::DocsPage::kRedoc, host_.names().class_name);
  }
  if (reads && (path.starts_with("/docs/") || path.starts_with("/redoc/"))) return app::docs_asset(path, request.headers);
  return detail_response(404, "Not Found");
}

Task<http::Response> ExecutorHttp::post(const Route& route, RequestContext& context, const http::Request& request) {
  const Bytes body = request.body.flatten();
  JsonRequestResult parsed = parse_executor_request(body.view(), content_type_of(request));
  if (const auto* error = std::get_if<JsonRequestError>(&parsed)) {
    spdlog::debug("{} {}: {} {}", request.method, request.path, error->http_status, error->reason);
    co_return app::refusal_response(*error);
  }
  auto& data = std::get<JsonRequest>(parsed);
  data.exec_endpoint = route.endpoint;
  std::vector<wire::DataRequest> requests;
  requests.push_back(to_data_request(std::move(data), random_id()));
  auto start = [&](wire::ReplyCallback done) {
    if (ExecutorMetrics* metrics = host_.metrics()) done = metrics->watch(route.endpoint, true, requests, std::move(done));
    auto job = std::make_shared<RequestJob>(context, std::move(requests), *route.row, host_.names(), std::move(done),
                                            &host_.tracer(), route.endpoint);
    job->keep_documents();
    host_.run(std::move(job));
  };
  const wire::Reply reply = co_await await_callback<wire::Reply>(start);
  if (!reply.status.ok()) co_return detail_response(http_status_of(reply.status.code), reply.status.message);
  const Result<wire::HeaderView> header = wire::parse_header(reply.response.header.view());
  if (!header) co_return internal_error();
  if (header->status_is_error) {
    const Result<wire::StatusView> status = wire::parse_status(header->status);
    co_return status ? detail_response(app::kExecutorRaised, status->description) : internal_error();
  }
  Result<std::string> answer = write_executor_response(reply.response);
  if (!answer) {
    spdlog::error("{} {}: {}", request.method, request.path, answer.error().message);
    co_return internal_error();
  }
  co_return json_response(200, Buffer::take(std::move(*answer)));
}

Task<http::Response> ExecutorHttp::stream(const Route& route, RequestContext& context, const http::Request& request) {
  JsonRequestResult parsed = app::document_input(request);
  if (const auto* error = std::get_if<JsonRequestError>(&parsed)) co_return app::refusal_response(*error);
  auto& docs = std::get<JsonRequest>(parsed).docs;
  Task<http::Response> answer =
      app::answer_with_events(context, generator_feed(host_, context, *route.row, std::move(docs.front()), route.endpoint));
  co_return co_await std::move(answer);
}

}  // namespace jina

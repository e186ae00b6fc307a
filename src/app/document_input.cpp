#include "app/document_input.hpp"

#include "app/responses.hpp"
#include "protocol/http/url.hpp"

namespace jina::app {

std::string endpoint_path(std::string_view endpoint) {
  while (endpoint.starts_with('/')) endpoint.remove_prefix(1);
  while (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  return "/" + std::string(endpoint);
}

JsonRequestResult document_input(const http::Request& request) {
  const Bytes body = request.body.flatten();
  if (body.empty()) return parse_document_query(http::parse_query(request.query));
  const std::string_view type = header_of(request, "content-type");
  return parse_document_request(body.view(), type.empty() ? std::nullopt : std::optional(type));
}

http::Response refusal_response(const JsonRequestError& error) {
  http::Response response = json_response(error.http_status, Buffer::take(error.body()));
  response.headers.front().second = error.content_type();
  return response;
}

}  // namespace jina::app

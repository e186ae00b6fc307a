#include "app/cors.hpp"

#include "app/convert.hpp"
#include "app/middleware/cors_policy.hpp"

namespace jina::app::cors {
namespace {

const CorsPolicy& everything() {
  static const CorsPolicy policy({.credentials = true});
  return policy;
}

}  // namespace

std::optional<http::Response> preflight(const http::Request& request) {
  std::optional<HttpResponse> answer = everything().preflight(request.method, request.headers);
  if (!answer) return std::nullopt;
  return to_server(*std::move(answer));
}

void mark(const http::Request& request, http::Response& response) { everything().mark(request.headers, response.headers); }

}  // namespace jina::app::cors

#include "app/cors.hpp"

#include <algorithm>
#include <array>

#include "app/responses.hpp"

namespace jina::app::cors {
namespace {
constexpr std::array<std::string_view, 7> kMethods{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
}

std::optional<http::Response> preflight(const http::Request& request) {
  const std::string* origin = find_value(request.headers, "origin");
  const std::string* method = find_value(request.headers, "access-control-request-method");
  if (request.method != "OPTIONS" || origin == nullptr || method == nullptr) return std::nullopt;

  const bool allowed = std::find(kMethods.begin(), kMethods.end(), *method) != kMethods.end();
  http::Response response = allowed ? text_response(200, "OK") : text_response(400, "Disallowed CORS method");
  auto& headers = response.headers;
  headers.emplace_back("vary", "Origin");
  headers.emplace_back("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  headers.emplace_back("access-control-max-age", "600");
  headers.emplace_back("access-control-allow-credentials", "true");
  headers.emplace_back("access-control-allow-origin", *origin);
  if (const std::string* wanted = find_value(request.headers, "access-control-request-headers"))
    headers.emplace_back("access-control-allow-headers", *wanted);
  return response;
}

void mark(http::Response& response, const std::string& origin, bool has_cookie) {
  // A browser refuses "*" for requests with credentials.
  response.headers.emplace_back("access-control-allow-origin", has_cookie ? origin : "*");
  response.headers.emplace_back("access-control-allow-credentials", "true");
  if (has_cookie) response.headers.emplace_back("vary", "Origin");
}

}  // namespace jina::app::cors

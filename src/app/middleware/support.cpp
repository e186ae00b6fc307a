#include "app/middleware/support.hpp"

namespace jina::app {

void add_vary(Metadata& headers, std::string_view name) {
  for (auto& [key, value] : headers) {
    if (key != "vary") continue;
    bool there = false;
    http::for_each_element(value,
                           [&](std::string_view element) { there = there || element == "*" || http::equal_nocase(element, name); });
    if (!there) value.append(value.empty() ? "" : ", ").append(name);
    return;
  }
  headers.emplace_back("vary", name);
}

void add_header(HttpResponse& response, std::string_view name, std::string value) {
  if (find_value(response.headers, name) == nullptr) response.headers.emplace_back(name, std::move(value));
}

std::string_view bearer_of(std::string_view authorization) noexcept {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() < kScheme.size() || !http::equal_nocase(authorization.substr(0, kScheme.size()), kScheme)) return {};
  return http::trim(authorization.substr(kScheme.size()));
}

std::string query_parameter(const HttpRequest& request, std::string_view name) {
  const http::Query query = http::parse_query(request.query);
  const std::string* value = http::find_query(query, name);
  return value == nullptr ? std::string() : *value;
}

}  // namespace jina::app

#include "app/middleware/cors_policy.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "app/middleware/support.hpp"

namespace jina::app {
namespace {

constexpr std::array<std::string_view, 7> kMethods{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
constexpr std::array<std::string_view, 4> kAlwaysAllowed{"Accept", "Accept-Language", "Content-Language", "Content-Type"};

bool has_star(const std::vector<std::string>& list) { return std::find(list.begin(), list.end(), "*") != list.end(); }

std::string join(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& item : list) text.append(text.empty() ? "" : ", ").append(item);
  return text;
}

void set(Metadata& headers, std::string_view name, std::string value) {
  for (auto& [key, old] : headers) {
    if (key != name) continue;
    old = std::move(value);
    return;
  }
  headers.emplace_back(name, std::move(value));
}

void allow_one(Metadata& headers, const std::string& origin) {
  set(headers, "access-control-allow-origin", origin);
  add_vary(headers, "Origin");
}

}  // namespace

struct CorsPolicy::Regex {
  explicit Regex(const std::string& pattern) : expression(pattern, RE2::Quiet) {
    if (!expression.ok()) throw std::invalid_argument("cors: origin_regex \"" + pattern + "\": " + expression.error());
  }
  RE2 expression;
};

CorsPolicy::CorsPolicy(middleware::CorsOptions options) : options_(std::move(options)) {
  for (const std::string& origin : options_.origins)
    if (origin != "*" && origin != "null" && (origin.find("://") == std::string::npos || origin.back() == '/'))
      throw std::invalid_argument("cors: \"" + origin +
                                  "\" is no origin; write \"https://host\" or \"https://host:port\", without a path");
  if (!options_.origin_regex.empty()) regex_ = std::make_unique<Regex>(options_.origin_regex);
  any_origin_ = has_star(options_.origins);
  any_header_ = has_star(options_.headers);
  if (has_star(options_.methods)) options_.methods.assign(kMethods.begin(), kMethods.end());
  options_.headers.insert(options_.headers.end(), kAlwaysAllowed.begin(), kAlwaysAllowed.end());
  std::sort(options_.headers.begin(), options_.headers.end());
  options_.headers.erase(std::unique(options_.headers.begin(), options_.headers.end()), options_.headers.end());
  methods_list_ = join(options_.methods);
  headers_list_ = join(options_.headers);
  expose_list_ = join(options_.expose);
}
CorsPolicy::~CorsPolicy() = default;

bool CorsPolicy::allows(const std::string& origin) const {
  return any_origin_ || std::find(options_.origins.begin(), options_.origins.end(), origin) != options_.origins.end() ||
         (regex_ && RE2::FullMatch(origin, regex_->expression));
}

bool CorsPolicy::allows_headers(std::string_view list) const {
  bool all = true;
  http::for_each_element(list, [&](std::string_view name) {
    const auto same = [&](const std::string& allowed) { return http::equal_nocase(allowed, name); };
    all = all && std::any_of(options_.headers.begin(), options_.headers.end(), same);
  });
  return all;
}

std::optional<HttpResponse> CorsPolicy::preflight(std::string_view method, const Metadata& request) const {
  const std::string* origin = find_value(request, "origin");
  const std::string* wanted_method = find_value(request, "access-control-request-method");
  if (method != "OPTIONS" || origin == nullptr || wanted_method == nullptr) return std::nullopt;

  Metadata headers;
  std::string failures;
  const auto fail = [&](std::string_view what) { failures.append(failures.empty() ? "" : ", ").append(what); };
  // A browser refuses "*" for requests with credentials.
  const bool name_origin = !any_origin_ || options_.credentials;
  if (name_origin) {
    headers.emplace_back("vary", "Origin");
  } else {
    headers.emplace_back("access-control-allow-origin", "*");
  }
  headers.emplace_back("access-control-allow-methods", methods_list_);
  headers.emplace_back("access-control-max-age", std::to_string(options_.max_age.count()));
  if (options_.credentials) headers.emplace_back("access-control-allow-credentials", "true");
  if (!allows(*origin)) {
    fail("origin");
  } else if (name_origin) {
    headers.emplace_back("access-control-allow-origin", *origin);
  }
  if (std::find(options_.methods.begin(), options_.methods.end(), *wanted_method) == options_.methods.end()) fail("method");
  const std::string* wanted_headers = find_value(request, "access-control-request-headers");
  if (!any_header_) {
    headers.emplace_back("access-control-allow-headers", headers_list_);
    if (wanted_headers != nullptr && !allows_headers(*wanted_headers)) fail("headers");
  } else if (wanted_headers != nullptr) {
    headers.emplace_back("access-control-allow-headers", *wanted_headers);
  }
  HttpResponse response = failures.empty() ? HttpResponse::text("OK") : HttpResponse::text("Disallowed CORS " + failures, 400);
  response.headers.insert(response.headers.end(), headers.begin(), headers.end());
  return response;
}

void CorsPolicy::mark(const Metadata& request, Metadata& response) const {
  const std::string* origin = find_value(request, "origin");
  if (origin == nullptr) {
    // The answer without the headers must not be taken from a cache for a page that needs them.
    if (!any_origin_) add_vary(response, "Origin");
    return;
  }
  if (any_origin_) set(response, "access-control-allow-origin", "*");
  if (options_.credentials) set(response, "access-control-allow-credentials", "true");
  if (!expose_list_.empty()) set(response, "access-control-expose-headers", expose_list_);
  if (any_origin_) {
    if (find_value(request, "cookie") != nullptr) allow_one(response, *origin);
  } else if (allows(*origin)) {
    allow_one(response, *origin);
  } else {
    add_vary(response, "Origin");
  }
}

namespace {

Task<HttpResponse> run_cors(const CorsPolicy& policy, HttpRequest& request, const Next& next) {
  if (std::optional<HttpResponse> answer = policy.preflight(request.method, request.headers)) co_return *std::move(answer);
  Task<HttpResponse> rest = next(request);
  HttpResponse response = co_await std::move(rest);
  policy.mark(request.headers, response.headers);
  co_return response;
}

}  // namespace
}  // namespace jina::app

namespace jina::middleware {

Middleware cors(CorsOptions options) {
  return [policy = std::make_shared<const app::CorsPolicy>(std::move(options))](
             HttpRequest& request, RequestContext&, const Next& next) { return app::run_cors(*policy, request, next); };
}

}  // namespace jina::middleware

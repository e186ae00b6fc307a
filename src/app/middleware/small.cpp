// The small ones: request_id, body_limit, security_headers.
#include <algorithm>
#include <stdexcept>

#include "app/middleware/support.hpp"
#include "base/ids.hpp"
#include "jina/middleware.hpp"

namespace jina::middleware {
namespace {

constexpr std::size_t kMaxIdBytes = 128;

std::string lower_case(std::string_view name, std::string_view middleware) {
  if (!http::is_token(name))
    throw std::invalid_argument(std::string(middleware) + ": \"" + std::string(name) + "\" is no name of a header");
  std::string out;
  http::assign_lower(out, name);
  return out;
}

// It goes into logs and headers as it is.
bool is_plain_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= kMaxIdBytes &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

void put_metadata(Metadata& metadata, const std::string& name, const std::string& value) {
  for (auto& [key, old] : metadata) {
    if (key != name) continue;
    old = value;
    return;
  }
  metadata.emplace_back(name, value);
}

Task<HttpResponse> run_request_id(const RequestIdOptions& options, HttpRequest& request, RequestContext& context,
                                  const Next& next) {
  const std::string_view sent = request.header(options.header);
  const std::string id = options.trust_client && is_plain_id(sent) ? std::string(sent) : random_id();
  request.attributes["request_id"] = id;
  put_metadata(context.metadata, options.header, id);
  Task<HttpResponse> rest = next(request);
  HttpResponse response = co_await std::move(rest);
  response.set_header(options.header, id);
  co_return response;
}

Task<HttpResponse> run_security_headers(const SecurityHeadersOptions& options, HttpRequest& request, const Next& next) {
  Task<HttpResponse> rest = next(request);
  HttpResponse response = co_await std::move(rest);
  app::add_header(response, "x-content-type-options", "nosniff");
  if (!options.frame_options.empty()) app::add_header(response, "x-frame-options", options.frame_options);
  if (!options.referrer_policy.empty()) app::add_header(response, "referrer-policy", options.referrer_policy);
  if (!options.content_security_policy.empty())
    app::add_header(response, "content-security-policy", options.content_security_policy);
  if (request.secure && options.hsts.count() > 0)
    app::add_header(response, "strict-transport-security", "max-age=" + std::to_string(options.hsts.count()));
  co_return response;
}

}  // namespace

Middleware request_id(RequestIdOptions options) {
  options.header = lower_case(options.header, "request_id");
  return [options = std::make_shared<const RequestIdOptions>(std::move(options))](HttpRequest& request, RequestContext& context,
                                                                                  const Next& next) {
    return run_request_id(*options, request, context, next);
  };
}

Middleware body_limit(std::size_t bytes) {
  return [bytes](HttpRequest& request, RequestContext&, const Next& next) {
    if (request.body.size() > bytes) throw HttpError(413, "The body is larger than " + std::to_string(bytes) + " bytes");
    return next(request);
  };
}

Middleware security_headers(SecurityHeadersOptions options) {
  return [options = std::make_shared<const SecurityHeadersOptions>(std::move(options))](
             HttpRequest& request, RequestContext&, const Next& next) { return run_security_headers(*options, request, next); };
}

}  // namespace jina::middleware

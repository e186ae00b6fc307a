#include <algorithm>
#include <optional>

#include "app/middleware/jwt_token.hpp"
#include "app/middleware/path_set.hpp"
#include "app/middleware/support.hpp"
#include "jina/middleware.hpp"

namespace jina::middleware {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse(const std::string& detail) {
  throw HttpError(401, json::value(detail),
                  {{"www-authenticate", "Bearer error=\"invalid_token\", error_description=\"" + detail + "\""}});
}

// Seconds since 1970; the claims allow fractions.
std::optional<double> time_claim(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_double()) return value->get_double();
  if (value->is_int64()) return static_cast<double>(value->get_int64());
  if (value->is_uint64()) return static_cast<double>(value->get_uint64());
  refuse("Invalid token");
}

bool is_text(const json::value& value, const std::string& text) { return value.is_string() && value.get_string() == text; }

class Jwt {
 public:
  explicit Jwt(JwtOptions options)
      : options_(std::move(options)),
        keys_(std::move(options_.secret), options_.public_key, options_.algorithms),
        open_(options_.open),
        clock_(app::clock_or_real(options_.clock)) {}

  /// Throws HttpError.
  void check(HttpRequest& request) const {
    if (open_.has(request.path)) return;
    std::string token(app::bearer_of(request.header("authorization")));
    if (token.empty() && !options_.query.empty()) token = app::query_parameter(request, options_.query);
    if (token.empty()) throw HttpError(401, "Not authenticated", {{"www-authenticate", "Bearer"}});
    std::optional<json::object> claims = keys_.verify(token);
    if (!claims) refuse("Invalid token");
    check_claims(*claims);
    request.attributes["jwt"] = std::move(*claims);
  }

 private:
  void check_claims(const json::object& claims) const {
    for (const std::string& name : options_.required)
      if (claims.if_contains(name) == nullptr) refuse("The token has no \"" + name + "\"");
    const double now = static_cast<double>(clock_.system_ns()) / 1e9;
    const auto leeway = static_cast<double>(options_.leeway.count());
    // Written so that a NaN would refuse.
    if (const auto expires = time_claim(claims, "exp"); expires && !(now < *expires + leeway)) refuse("The token has expired");
    if (const auto from = time_claim(claims, "nbf"); from && !(now >= *from - leeway)) refuse("The token is not valid yet");
    if (const auto issued = time_claim(claims, "iat"); issued && !(now >= *issued - leeway)) refuse("The token is not valid yet");
    const json::value* issuer = claims.if_contains("iss");
    if (!options_.issuer.empty() && (issuer == nullptr || !is_text(*issuer, options_.issuer)))
      refuse("The token is from another issuer");
    const json::value* audience = claims.if_contains("aud");
    // A token that is for somebody is for nobody else, also where no audience was set here (RFC 7519, 4.1.3).
    if ((audience != nullptr || !options_.audience.empty()) && !is_for_us(audience)) refuse("The token is for another audience");
  }

  bool is_for_us(const json::value* audience) const {
    if (audience == nullptr) return false;
    const auto ours = [this](const json::value& name) {
      return std::any_of(options_.audience.begin(), options_.audience.end(),
                         [&](const std::string& own) { return is_text(name, own); });
    };
    if (!audience->is_array()) return ours(*audience);
    return std::any_of(audience->get_array().begin(), audience->get_array().end(), ours);
  }

  JwtOptions options_;
  app::JwtKeys keys_;
  app::PathSet open_;
  const Clock& clock_;
};

}  // namespace

Middleware jwt(JwtOptions options) {
  return [jwt = std::make_shared<const Jwt>(std::move(options))](HttpRequest& request, RequestContext&, const Next& next) {
    jwt->check(request);
    return next(request);
  };
}

}  // namespace jina::middleware

// Ready-made middleware for an App:
//
//   app.use(jina::middleware::request_id());
//   app.use(jina::middleware::access_log());
//   app.use(jina::middleware::cors({.origins = {"https://shop.example"}, .credentials = true}));
//   app.use(jina::middleware::api_key({.keys = {std::getenv("API_KEY")}}));
//
// The first one added is the outermost: put what should see everything (ids, logs, CORS, whose preflights carry no keys) before
// what refuses. Refusals look like all answers of an App, {"detail": ...}. Options that cannot work throw std::invalid_argument
// when the middleware is made.
//
// Thread: made at setup, run on the gateway's I/O thread. Lifetime: a Middleware owns its state; copies of it share that.
// Cancellation: as the handler they are around; timeout() cancels it.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "jina/http.hpp"

namespace jina {

class Clock;  // tests set the time with one; null: the machine's

namespace middleware {

/// Paths that a middleware leaves alone: "/livez" that path, "/public/*" all below it.
using Paths = std::vector<std::string>;

/// Lets pages of other origins call this App (what Starlette's CORSMiddleware does).
struct CorsOptions {
  std::vector<std::string> origins{"*"};  ///< "https://shop.example"; "*" is any
  std::string origin_regex{};             ///< RE2, must match all of the origin: `https://.*\.shop\.example`
  std::vector<std::string> methods{"*"};  ///< "GET", "POST"; "*" is all usual ones
  std::vector<std::string> headers{"*"};  ///< of requests, beside those that are always allowed; "*" is any
  std::vector<std::string> expose{};      ///< headers of answers that the page may read
  bool credentials = false;           ///< cookies and Authorization of the browser; with "*" any site acts for its visitors then
  std::chrono::seconds max_age{600};  ///< how long a browser may remember the answer of a preflight
};
Middleware cors(CorsOptions options = {});

/// gzip and deflate for clients that take them; streams too, each piece at once, so that events are not held back.
struct CompressionOptions {
  std::size_t min_bytes = 1000;  ///< smaller bodies do not win what it costs; streams of unknown size are always compressed
  int level = 4;                 ///< 1 (fast) to 9
  /// What is worth it; "text/*" all of a kind, "*+json" all that end so. Images and videos are compressed already.
  std::vector<std::string> media_types{
      "text/*", "application/json", "application/javascript", "application/xml", "image/svg+xml", "application/wasm", "*+json",
      "*+xml"};
};
Middleware compression(CompressionOptions options = {});

/// Only requests that name a key: 401 without one, 403 with a wrong one. The number of the key (from 0) is request.attributes
/// ["api_key"].
struct ApiKeyOptions {
  std::vector<std::string> keys{};  ///< any of them; an empty one is refused here, so that a variable that is not set opens nothing
  std::string header = "x-api-key";  ///< "" turns it off; "authorization" takes "Bearer KEY"
  std::string query{};               ///< name of a query parameter that may carry it; it shows up in logs and histories of browsers
  Paths open{};                      ///< "/" when something checks the gateway's health there and the App answers it itself
};
Middleware api_key(ApiKeyOptions options);

/// Only requests with a valid JSON Web Token ("Authorization: Bearer ..."), 401 without. Its claims are request.attributes["jwt"].
struct JwtOptions {
  std::string secret{};      ///< for HS256, HS384, HS512; at least 32 bytes
  std::string public_key{};  ///< PEM, for RS256, RS384, RS512 (RSA, at least 2048 bits) and ES256 (P-256)
  /// Which of them are good; empty: HS256 with a secret, else RS256 or ES256 as the key is. Never "none".
  std::vector<std::string> algorithms{};
  std::string issuer{};                      ///< not empty: "iss" must be this
  std::vector<std::string> audience{};       ///< not empty: "aud" must name one of these
  std::vector<std::string> required{"exp"};  ///< claims that must be there
  std::chrono::seconds leeway{0};            ///< for clocks that differ, in exp, nbf and iat
  std::string query{};                       ///< name of a query parameter that may carry it, for WebSockets of browsers
  Paths open{};
  const Clock* clock = nullptr;
};
Middleware jwt(JwtOptions options);

/// One line for each request when its answer is out: `10.0.0.7 POST /items 201 312B 4.2ms id=...`
struct AccessLogOptions {
  bool json = false;  ///< {"time","peer","method","path","status","bytes","ms","id"}; bytes of bodies, before what HTTP adds
  Paths skip{"/livez", "/readyz"};
  std::function<void(const std::string& line)> sink{};  ///< empty: the gateway's log
  const Clock* clock = nullptr;
};
Middleware access_log(AccessLogOptions options = {});

/// A bucket of requests for each client, filled steadily; 429 with Retry-After when it is empty. RateLimit-Limit, -Remaining and
/// -Reset are on all answers. Of the same Middleware: an App that runs in several processes has a bucket in each.
struct RateLimitOptions {
  double per_second = 10;            ///< how fast it fills
  double burst = 20;                 ///< how much it holds
  std::string header{};              ///< whose value is the client ("x-api-key"); empty, or not sent: the address it comes from
  std::size_t max_clients = 10'000;  ///< more: who was away longest is forgotten
  Paths open{"/livez", "/readyz"};
  const Clock* clock = nullptr;
};
Middleware rate_limit(RateLimitOptions options = {});

/// A name for each request: the one it came with (if it is short and plain), else a new one. It is
/// request.attributes["request_id"], goes back with the answer, and to the Executors with the request's metadata.
struct RequestIdOptions {
  std::string header = "x-request-id";
  bool trust_client = true;  ///< false: always a new one
};
Middleware request_id(RequestIdOptions options = {});

/// 504 for what takes longer. Context and handler are cancelled, and with them the calls of Executors that they wait for: what a
/// handler awaits ends with operation_aborted. A handler that blocks its thread cannot be cut short. Streams: up to their first
/// piece.
Middleware timeout(std::chrono::milliseconds limit);

/// 413 for larger bodies.
Middleware body_limit(std::size_t bytes);

/// What browsers are told about pages: X-Content-Type-Options, X-Frame-Options, Referrer-Policy, and what is set here. Headers that
/// an answer has already stay.
struct SecurityHeadersOptions {
  std::string frame_options = "DENY";  ///< "" leaves it out, as for all of these
  std::string referrer_policy = "same-origin";
  std::string content_security_policy{};  ///< mind that /docs has scripts inside its page
  std::chrono::seconds hsts{0};           ///< Strict-Transport-Security, for requests over TLS
};
Middleware security_headers(SecurityHeadersOptions options = {});

}  // namespace middleware
}  // namespace jina

// CorsPolicy: what browsers of other origins are told, as Starlette's CORSMiddleware tells them. Used by middleware::cors() and by
// the gateway's --cors.
//
// Thread: constant after construction. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "jina/middleware.hpp"

namespace jina::app {

class CorsPolicy {
 public:
  /// Throws std::invalid_argument.
  explicit CorsPolicy(middleware::CorsOptions options);
  ~CorsPolicy();

  /// The answer (text/plain) to a preflight: nothing when the request is none.
  std::optional<HttpResponse> preflight(std::string_view method, const Metadata& request) const;
  /// Adds what the answer to any other request needs.
  void mark(const Metadata& request, Metadata& response) const;

 private:
  struct Regex;
  bool allows(const std::string& origin) const;
  bool allows_headers(std::string_view list) const;

  middleware::CorsOptions options_;
  std::unique_ptr<Regex> regex_;
  bool any_origin_ = false;
  bool any_header_ = false;
  std::string methods_list_;
  std::string headers_list_;
  std::string expose_list_;
};

}  // namespace jina::app

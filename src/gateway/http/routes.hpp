// Routes of the built-in gateway's HTTP and WebSocket ports: which paths exist, what serves them, what /openapi.json says of them.
//
// Thread: plain values, constant after the start. Lifetime: own their text. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/gateway_options.hpp"

namespace jina::gateway {

enum class RouteKind : std::uint8_t {
  kRoot,          ///< GET /: alive
  kLive,          ///< GET /livez: the process serves
  kReady,         ///< GET /readyz: started and not stopping
  kDryRun,        ///< GET /dry_run: the whole Flow answers
  kStatus,        ///< GET /status: versions and environment
  kPost,          ///< POST /post: endpoint in the body
  kEndpoint,      ///< one endpoint: CRUD and --expose-endpoints
  kStream,        ///< GET of an endpoint that streams; in /openapi.json alone, since Executors come and go
  kOpenApi,       ///< /openapi.json
  kSwagger,       ///< /docs
  kSwaggerOAuth,  ///< /docs/oauth2-redirect
  kRedoc,         ///< /redoc
  kAsset,         ///< a file of the two pages above
};

struct Route {
  RouteKind kind = RouteKind::kRoot;
  std::string path{};                  ///< matched exactly
  std::vector<std::string> methods{};  ///< upper case
  std::string exec_endpoint{};         ///< kEndpoint: what the Executors are asked for
  int success_status = 200;
  // For /openapi.json.
  bool in_schema = true;
  std::string name{};          ///< start of the operation id
  std::string operation_id{};  ///< given by the user; else made of name, path and method
  std::string summary{};
  std::string description{};
  std::string response_description{};
  std::vector<std::string> tags{};
  bool deprecated = false;
};

/// The routes of a port, in the order of /openapi.json. Throws std::invalid_argument when --expose-endpoints is wrong; the message
/// names the endpoint and the key.
std::vector<Route> make_routes(const GatewayOptions& options, PortRole role);

/// What /openapi.json says of an endpoint that streams.
Route stream_route(const std::string& endpoint);

}  // namespace jina::gateway

// GatewayHttp: the http::Handler of the built-in gateway. Routes requests, adds what CORS wants, decides on WebSocket upgrades.
// What the fixed routes do not have may be an endpoint that streams: the Executors are asked.
//
// Thread: one object per I/O thread and port. Lifetime: `options` and `gateway` outlive it; it outlives the Tasks it handed out.
// Cancellation: as http::Handler.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/endpoint_table.hpp"
#include "gateway/http/router.hpp"
#include "protocol/grpc/health.hpp"
#include "protocol/http/handler.hpp"
#include "protocol/request_handler.hpp"

namespace jina::gateway {

class GatewayHttp final : public http::Handler {
 public:
  /// Throws std::invalid_argument for wrong --expose-endpoints. `health` is what /readyz asks; null: always ready. Without
  /// `endpoints`, which outlive it, nothing streams.
  GatewayHttp(const GatewayOptions& options, PortRole role, protocol::RequestHandler& gateway,
              std::shared_ptr<const grpc::HealthState> health = nullptr, EndpointTable* endpoints = nullptr);

  Task<http::Response> handle(RequestContext& context, http::Request request) override;
  http::WebSocketDecision accept_websocket(const http::Request& request) override;

 private:
  Task<http::Response> route(RequestContext& context, const http::Request& request);
  // An answer when the request is for an endpoint that streams, or for one that is asked to and does not.
  Task<std::optional<http::Response>> streamed(const RouteMatch& match, RequestContext& context, const http::Request& request);
  Task<http::Response> openapi();

  const GatewayOptions& options_;
  const PortRole role_;
  protocol::RequestHandler& gateway_;
  const std::shared_ptr<const grpc::HealthState> health_;
  const std::vector<Route> routes_;
  const Router router_;
  EndpointTable* const endpoints_;
  std::string post_path_;  // of the route whose body names the endpoint; "": there is none
};

}  // namespace jina::gateway

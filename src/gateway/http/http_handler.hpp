// make_gateway_http_handler: the HTTP and WebSocket face of the built-in gateway: Jina's routes, bodies and frames.
//
// Thread: one handler per I/O thread and port. Lifetime: `options` and `gateway` outlive it. Cancellation: as http::Handler.
#pragma once
#include <memory>

#include "gateway/gateway_handler.hpp"
#include "gateway/gateway_options.hpp"
#include "protocol/grpc/health.hpp"
#include "protocol/http/handler.hpp"

namespace jina::gateway {

/// `role` says which of the two the port serves: with `http` the routes of Jina's HTTP gateway, with `websocket` the upgrade on
/// "/" and "/dry_run" (and, without `http`, only the plain routes that Jina's WebSocket gateway has). `health` is what /readyz
/// asks.
std::unique_ptr<http::Handler> make_gateway_http_handler(const GatewayOptions& options, PortRole role, GatewayHandler& gateway,
                                                         std::shared_ptr<const grpc::HealthState> health = nullptr);

}  // namespace jina::gateway

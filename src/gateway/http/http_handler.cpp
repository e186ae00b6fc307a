#include "gateway/http/http_handler.hpp"

#include "gateway/http/gateway_http.hpp"

namespace jina::gateway {

std::unique_ptr<http::Handler> make_gateway_http_handler(const GatewayOptions& options, PortRole role, GatewayHandler& gateway,
                                                         std::shared_ptr<const grpc::HealthState> health) {
  return std::make_unique<GatewayHttp>(options, role, gateway, std::move(health), &gateway.endpoints());
}

}  // namespace jina::gateway

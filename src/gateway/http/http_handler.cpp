#include "gateway/http/http_handler.hpp"

#include "gateway/http/gateway_http.hpp"

namespace jina::gateway {

std::unique_ptr<http::Handler> make_gateway_http_handler(const GatewayOptions& options, PortRole role, GatewayHandler& gateway) {
  return std::make_unique<GatewayHttp>(options, role, gateway);
}

}  // namespace jina::gateway

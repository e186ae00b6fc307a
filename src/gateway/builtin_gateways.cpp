#include "jina/builtin_gateways.hpp"

#include <algorithm>

namespace jina::builtin {

void GRPCGateway::setup_app(App&) {}
void HTTPGateway::setup_app(App&) {}
void WebSocketGateway::setup_app(App&) {}

CompositeGateway::CompositeGateway() {
  const auto speaks = [&](const char* protocol) {
    return std::find(protocols().begin(), protocols().end(), protocol) != protocols().end();
  };
  if (speaks("GRPC")) serve_jina_grpc();
  if (speaks("HTTP")) serve_jina_http();
  if (speaks("WEBSOCKET")) serve_jina_websocket();
}
void CompositeGateway::setup_app(App&) {}

}  // namespace jina::builtin

#include "gateway/gateway_options.hpp"

#include <algorithm>
#include <cctype>

namespace jina::gateway {
namespace {
void serve(PortRole& role, Protocol protocol) {
  switch (protocol) {
    case Protocol::kGrpc: role.grpc = true; break;
    case Protocol::kHttp: role.http = true; break;
    case Protocol::kWebSocket: role.websocket = true; break;
  }
}
}  // namespace

Result<Protocol> parse_protocol(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  for (const Protocol protocol : {Protocol::kGrpc, Protocol::kHttp, Protocol::kWebSocket})
    if (upper == to_string(protocol)) return protocol;
  return Status{StatusCode::kInvalidArgument,
                "protocol '" + std::string(name) + "' is unknown; choose from GRPC, HTTP and WEBSOCKET"};
}

Result<grpc::Compression> parse_compression(std::string_view name) {
  if (name.empty() || name == "NoCompression") return grpc::Compression::kIdentity;
  if (name == "Deflate") return grpc::Compression::kDeflate;
  if (name == "Gzip") return grpc::Compression::kGzip;
  return Status{StatusCode::kInvalidArgument,
                "compression '" + std::string(name) + "' is unknown; choose from NoCompression, Deflate and Gzip"};
}

std::string_view to_string(Protocol protocol) noexcept {
  switch (protocol) {
    case Protocol::kGrpc: return "GRPC";
    case Protocol::kHttp: return "HTTP";
    case Protocol::kWebSocket: return "WEBSOCKET";
  }
  return "GRPC";
}

Result<std::vector<GatewayPort>> layout_ports(const GatewayOptions& options) {
  if (options.protocols.empty())
    return Status{StatusCode::kInvalidArgument, "no protocol is given; choose from GRPC, HTTP and WEBSOCKET"};
  if (options.ports.empty()) return Status{StatusCode::kInvalidArgument, "no port is given"};
  const bool one_port = options.ports.size() == 1;
  if (!one_port && options.ports.size() != options.protocols.size())
    return Status{StatusCode::kInvalidArgument, std::to_string(options.ports.size()) + " ports for " +
                                                    std::to_string(options.protocols.size()) +
                                                    " protocols; give one port for all of them, or one for each"};
  std::vector<GatewayPort> layout;
  for (std::size_t i = 0; i < options.protocols.size(); ++i) {
    const std::uint16_t port = options.ports[one_port ? 0 : i];
    const auto same = [&](const GatewayPort& each) { return one_port || (port != 0 && each.port == port); };
    auto found = std::find_if(layout.begin(), layout.end(), same);
    if (found == layout.end()) found = layout.insert(layout.end(), GatewayPort{port, {}});
    serve(found->role, options.protocols[i]);
  }
  return layout;
}

}  // namespace jina::gateway

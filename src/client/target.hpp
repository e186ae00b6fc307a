// Target: where a client connects to, from a URL ("grpc://127.0.0.1:1234") or from host, port and protocol.
//
// Thread: plain value. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "jina/status.hpp"

namespace jina::client {

enum class Protocol : std::uint8_t { kGrpc, kHttp, kWebSocket };
std::string_view to_string(Protocol protocol) noexcept;  ///< "grpc", "http", "websocket"

struct Target {
  Protocol protocol = Protocol::kGrpc;
  bool tls = false;
  std::string host{};  ///< without brackets
  std::uint16_t port = 0;
  bool verify = true;     ///< TLS: check the server's certificate
  std::string ca_file{};  ///< TLS: against the certificates of this PEM file instead of the system's

  /// "host:port", IPv6 in brackets.
  std::string address() const;
  /// "grpc://host:port", "https://...", "ws://...".
  std::string url() const;
  friend bool operator==(const Target&, const Target&) = default;
};

/// What a URL leaves open.
struct TargetDefaults {
  Protocol protocol = Protocol::kGrpc;
  bool tls = false;
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;  ///< 0: 80, or 443 with TLS, as in Jina
};

/// "[scheme://]host[:port]" with the schemes grpc, grpcs, http, https, ws, wss, websocket, websockets. A path must be empty or "/".
Result<Target> parse_target(std::string_view text, const TargetDefaults& defaults = {});
/// GRPC, HTTP, WEBSOCKET and WS in any case.
Result<Protocol> parse_protocol(std::string_view name);

}  // namespace jina::client

// GatewayOptions: everything a gateway is started with; the command line, a Gateway YAML and a Flow all end here.
// The defaults are those of Jina's `jina gateway` where it has the option.
//
// Thread: plain value, constant once the gateway started. Lifetime: copied into the runtime. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "colocation/local_executor.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/tracing.hpp"
#include "metrics/registry.hpp"
#include "protocol/grpc/server.hpp"

namespace jina::gateway {

enum class Protocol : std::uint8_t { kGrpc, kHttp, kWebSocket };
/// GRPC, HTTP, WEBSOCKET in any case; anything else is an error that lists them.
Result<Protocol> parse_protocol(std::string_view name);
std::string_view to_string(Protocol protocol) noexcept;
/// NoCompression (or ""), Deflate, Gzip; anything else is an error that lists them.
Result<grpc::Compression> parse_compression(std::string_view name);

/// What one port serves. The HTTP handler of a port depends on it: a port for WebSocket alone has no /post, as in Jina.
struct PortRole {
  bool grpc = false;
  bool http = false;
  bool websocket = false;
  friend bool operator==(const PortRole&, const PortRole&) = default;
};
struct GatewayPort {
  std::uint16_t port = 0;  ///< 0: the kernel chooses
  PortRole role{};
};

struct GatewayOptions {
  std::string name = "gateway";  ///< pod name: "gateway/rep-0" in a Flow
  std::string host = "0.0.0.0";
  std::vector<std::uint16_t> ports{0};  ///< one for each protocol, or one for all of them
  std::vector<Protocol> protocols{Protocol::kGrpc};
  unsigned io_threads = 1;  ///< each with its own listener and its own connections to the Executors

  // The Flow, as JSON (the arguments of `jina gateway`).
  boost::json::object graph_description{};      ///< node -> successors, from "start-gateway" to "end-gateway"
  boost::json::object graph_conditions{};       ///< node -> filter
  boost::json::object deployments_addresses{};  ///< node -> addresses, or node -> {protocol -> addresses}
  boost::json::object deployments_metadata{};   ///< node -> {key -> value}, sent with every call to it
  boost::json::array deployments_no_reduce{};   ///< nodes that get their inputs unmerged

  /// Executors in this process; their deployments have no address.
  std::vector<colocation::LocalExecutor> colocated{};

  // Calls to Executors.
  std::optional<std::chrono::milliseconds> timeout_send{};       ///< of each try; empty or negative: none
  int retries = -1;                                              ///< n >= 0: 1 + n tries; negative: max(3, replicas) + 1
  int prefetch = 1000;                                           ///< requests of one stream in work at a time; 0 = no limit
  grpc::Compression compression = grpc::Compression::kIdentity;  ///< of the requests to Executors
  bool round_robin = false;  ///< replicas in turn, as Jina does it, instead of the one with the least to do

  // HTTP.
  std::string title = "My Jina Service";
  std::string description{};  ///< empty: a sentence with the protocols
  bool cors = false;
  bool no_debug_endpoints = false;         ///< removes /post, /status, /dry_run
  bool no_crud_endpoints = false;          ///< removes /index, /search, /update, /delete
  boost::json::object expose_endpoints{};  ///< endpoint -> {methods, http_path, summary, tags, ...}

  // TLS of the listeners; both or none.
  std::string ssl_certfile{};
  std::string ssl_keyfile{};

  TracerProvider tracing{};                      ///< where spans go; a provider that is not enabled: tracing is off
  std::shared_ptr<metrics::Registry> metrics{};  ///< where it counts; null: monitoring is off

  std::chrono::milliseconds drain_delay{0};  ///< how long stop() goes on serving while health checks say "not ready"
  std::chrono::milliseconds grace{10'000};   ///< how long it then lets running requests finish
};

/// Which port serves what: ports and protocols pair up; a single port serves them all; a number given twice is one port.
/// INVALID_ARGUMENT when the counts do not fit.
Result<std::vector<GatewayPort>> layout_ports(const GatewayOptions& options);

}  // namespace jina::gateway

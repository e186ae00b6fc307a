// GatewayRuntime: the built-in gateway: I/O threads that share nothing, each with its listeners, its graph runs and its
// connections.
//
// Thread: start() anywhere; run() blocks its thread and uses it as the first I/O thread; stop() from any thread. Lifetime: destroy
// after run() returned. Cancellation: stop(): NOT_SERVING, no new connections, running requests get the grace time.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "gateway/gateway_options.hpp"
#include "jina/status.hpp"

namespace jina::gateway {

class GatewayRuntime {
 public:
  /// Builds the graph and listens on every port. The error names the argument, the node, the address or the port to blame.
  static Result<std::unique_ptr<GatewayRuntime>> start(GatewayOptions options);
  ~GatewayRuntime();
  GatewayRuntime(const GatewayRuntime&) = delete;
  GatewayRuntime& operator=(const GatewayRuntime&) = delete;

  /// The ports in the order of the layout; where 0 was asked, the one that was taken.
  std::vector<std::uint16_t> ports() const;
  /// Serves until stop().
  void run();
  void stop();

 private:
  struct Impl;
  explicit GatewayRuntime(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::gateway

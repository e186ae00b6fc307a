// GatewayWorker: one I/O thread of a gateway with everything it owns.
//
// Thread: built by the starting thread, then used by its own only, but for post_stop(). Lifetime: options, graph and health outlive
// it. Cancellation: post_stop().
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "gateway/gateway_core.hpp"
#include "protocol/grpc/health.hpp"
#include "protocol/server/server.hpp"

namespace jina::gateway {

class GatewayWorker {
 public:
  GatewayWorker(const GatewayOptions& options, std::shared_ptr<const topology::TopologyGraph> graph,
                std::shared_ptr<grpc::HealthState> health);
  ~GatewayWorker();
  GatewayWorker(const GatewayWorker&) = delete;
  GatewayWorker& operator=(const GatewayWorker&) = delete;

  /// Makes the pool and listens; `ports` with 0 get the number that was taken. Later workers of a gateway `share_ports`.
  Status start(std::vector<GatewayPort>& ports, bool share_ports);
  /// Serves until stopped.
  void run() { io_.run(); }
  /// From any thread.
  void post_stop();

 private:
  void stop();

  const GatewayOptions& options_;
  boost::asio::io_context io_{1};
  std::shared_ptr<const topology::TopologyGraph> graph_;
  std::unique_ptr<GatewayCore> core_;
  grpc::ServiceTable table_;
  std::vector<std::unique_ptr<http::Handler>> http_;
  std::vector<std::unique_ptr<protocol::Server>> servers_;
  std::size_t running_servers_ = 0;
  std::shared_ptr<grpc::HealthState> health_;
};

}  // namespace jina::gateway

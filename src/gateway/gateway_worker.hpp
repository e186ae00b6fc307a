// GatewayWorker: one I/O thread of a gateway with everything it owns.
//
// Thread: built by the starting thread, then used by its own only, but for post_stop(). Lifetime: options, graph and health outlive
// it. Cancellation: post_stop().
#pragma once
#include <memory>
#include <vector>

#include "base/droppable_io.hpp"
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

  boost::asio::io_context& io() noexcept { return io_; }
  /// Makes the pool and listens; `ports` with 0 get the number that was taken. Later workers of a gateway `share_ports`. `hosts` of
  /// local Executors, null when there are none, outlive everything but the io_context.
  Status start(std::vector<GatewayPort>& ports, bool share_ports, colocation::LocalHosts* hosts);
  /// Serves until stopped.
  void run() { io_.run(); }
  /// From any thread.
  void post_stop();
  /// When it runs no more: everything goes but the io_context.
  void close();

 private:
  void stop();

  const GatewayOptions& options_;
  DroppableIo io_;
  std::shared_ptr<const topology::TopologyGraph> graph_;
  std::unique_ptr<GatewayCore> core_;
  grpc::ServiceTable table_;
  std::vector<std::unique_ptr<http::Handler>> http_;
  std::vector<std::unique_ptr<protocol::Server>> servers_;
  std::size_t running_servers_ = 0;
  std::shared_ptr<grpc::HealthState> health_;
};

}  // namespace jina::gateway

// GatewayCore: what one I/O thread of a gateway needs to talk to the Executors: connections, runs of the graph, Jina's services
// over them and the streamer of user code. It has no ports.
//
// Thread: the I/O thread. Lifetime: options, io_context and the hosts of local Executors outlive it; destroy after stop()
// completed. Cancellation: stop().
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "app/worker_pool.hpp"
#include "base/unique_function.hpp"
#include "colocation/local_executors.hpp"
#include "connection_pool/connection_pool.hpp"
#include "gateway/endpoint_table.hpp"
#include "gateway/executor_router.hpp"
#include "gateway/gateway_handler.hpp"
#include "gateway/gateway_options.hpp"
#include "jina/streamer.hpp"
#include "metrics/request_metrics.hpp"
#include "topology/graph_runner.hpp"

namespace jina::gateway {

/// The graph that `options` describe, one for all threads.
Result<std::shared_ptr<const topology::TopologyGraph>> build_graph(const GatewayOptions& options);

class GatewayCore {
 public:
  /// Nothing is connected yet. `hosts` has options.colocated; null when there are none. The error names the deployment and the
  /// address that is wrong.
  static Result<std::unique_ptr<GatewayCore>> make(boost::asio::io_context& io, const GatewayOptions& options,
                                                   std::shared_ptr<const topology::TopologyGraph> graph,
                                                   colocation::LocalHosts* hosts);
  ~GatewayCore();
  GatewayCore(const GatewayCore&) = delete;
  GatewayCore& operator=(const GatewayCore&) = delete;

  const GatewayOptions& options() const noexcept { return options_; }
  GatewayHandler& handler() noexcept { return handler_; }
  GatewayStreamer& streamer() noexcept { return *streamer_; }
  /// Of the Executors in this process; null when there are none.
  colocation::LocalHosts* hosts() const noexcept { return hosts_; }
  /// Threads for handlers that block; one pool for all ports.
  const std::shared_ptr<app::WorkerPool>& workers() const noexcept { return workers_; }
  /// Of the spans of requests: scope is the gateway's name, as in Jina.
  const Tracer& tracer() const noexcept { return tracer_; }

  /// Calls of other threads to streamer() fail from now on; see GatewayStreamer::Impl.
  void refuse_calls();
  /// When the servers are stopped: floating calls get `grace` too, for no client waits for them but their work is wanted; then they
  /// are cancelled. `done` runs when nothing is in flight any more and the connections are closed.
  void stop(std::chrono::milliseconds grace, UniqueFunction<void()> done);
  /// Ends what is in flight at once: calls fail with UNAVAILABLE.
  void cut();

 private:
  GatewayCore(boost::asio::io_context& io, const GatewayOptions& options, std::shared_ptr<const topology::TopologyGraph> graph,
              std::unique_ptr<ConnectionPool> pool, std::unique_ptr<colocation::LocalExecutors> local,
              colocation::LocalHosts* hosts);

  const GatewayOptions& options_;
  Tracer tracer_;
  std::shared_ptr<app::WorkerPool> workers_ = std::make_shared<app::WorkerPool>();  // makes threads when there is work
  std::unique_ptr<metrics::RequestMetrics> metrics_;  // null: monitoring is off; before the streams that pool_ still holds
  std::unique_ptr<ConnectionPool> pool_;
  colocation::LocalHosts* hosts_;
  std::unique_ptr<colocation::LocalExecutors> local_;
  ExecutorRouter executors_;
  topology::GraphRunner runner_;
  EndpointTable endpoints_;
  GatewayHandler handler_;
  std::unique_ptr<GatewayStreamer> streamer_;
  GatewayStreamer::Impl* streamer_impl_ = nullptr;
  boost::asio::steady_timer floating_limit_;
};

}  // namespace jina::gateway

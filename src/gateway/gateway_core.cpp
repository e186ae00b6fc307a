#include "gateway/gateway_core.hpp"

#include "gateway/streamer_impl.hpp"
#include "topology/graph_builder.hpp"

namespace jina::gateway {

Result<std::shared_ptr<const topology::TopologyGraph>> build_graph(const GatewayOptions& options) {
  topology::GraphDescription description;
  description.graph = options.graph_description;
  description.conditions = options.graph_conditions;
  description.no_reduce = options.deployments_no_reduce;
  description.addresses = options.deployments_addresses;
  return topology::build_graph(description);
}

Result<std::unique_ptr<GatewayCore>> GatewayCore::make(boost::asio::io_context& io, const GatewayOptions& options,
                                                       std::shared_ptr<const topology::TopologyGraph> graph) {
  PoolOptions with;
  with.addresses = options.deployments_addresses;
  with.metadata = options.deployments_metadata;
  with.timeout_send = options.timeout_send;
  with.retries = options.retries;
  with.compression = options.compression;
  with.round_robin = options.round_robin;
  with.tracer = options.tracing.tracer(options.name);
  Result<std::unique_ptr<ConnectionPool>> pool = ConnectionPool::make(io, std::move(with));
  if (!pool) return std::move(pool).error();
  return std::unique_ptr<GatewayCore>(new GatewayCore(io, options, std::move(graph), std::move(*pool)));
}

GatewayCore::GatewayCore(boost::asio::io_context& io, const GatewayOptions& options,
                         std::shared_ptr<const topology::TopologyGraph> graph, std::unique_ptr<ConnectionPool> pool)
    : options_(options),
      tracer_(options.tracing.tracer(options.name)),
      pool_(std::move(pool)),
      runner_(std::move(graph), *pool_),
      handler_(options, runner_, *pool_),
      floating_limit_(io) {
  auto impl = std::make_unique<GatewayStreamer::Impl>();
  impl->io = &io;
  impl->runner = &runner_;
  impl->pool = pool_.get();
  impl->prefetch = options.prefetch;
  streamer_impl_ = impl.get();
  streamer_ = std::make_unique<GatewayStreamer>(std::move(impl));
}

GatewayCore::~GatewayCore() = default;

void GatewayCore::refuse_calls() { streamer_impl_->refuse_calls(); }

void GatewayCore::stop(std::chrono::milliseconds grace, UniqueFunction<void()> done) {
  floating_limit_.expires_after(grace);
  floating_limit_.async_wait([this](const boost::system::error_code& error) {
    if (!error) runner_.cancel_floating();
  });
  runner_.when_idle([this, done = std::move(done)]() mutable {
    floating_limit_.cancel();
    pool_->close();
    done();
  });
}

void GatewayCore::cut() {
  runner_.cancel_floating();
  pool_->close();
}

}  // namespace jina::gateway

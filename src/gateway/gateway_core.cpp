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
  // Known by name, without an address.
  for (const colocation::LocalExecutor& executor : options.colocated) description.addresses.emplace(executor.deployment(), nullptr);
  return topology::build_graph(description);
}

Result<std::unique_ptr<GatewayCore>> GatewayCore::make(boost::asio::io_context& io, const GatewayOptions& options,
                                                       std::shared_ptr<const topology::TopologyGraph> graph,
                                                       colocation::LocalHosts* hosts) {
  PoolOptions with;
  with.addresses = options.deployments_addresses;
  with.metadata = options.deployments_metadata;
  with.timeout_send = options.timeout_send;
  with.retries = options.retries;
  with.compression = options.compression;
  with.round_robin = options.round_robin;
  with.tracer = options.tracing.tracer(options.name);
  with.metrics = options.metrics;
  with.runtime_name = options.name;
  Result<std::unique_ptr<ConnectionPool>> pool = ConnectionPool::make(io, std::move(with));
  if (!pool) return std::move(pool).error();
  std::unique_ptr<colocation::LocalExecutors> local;
  if (hosts != nullptr) {
    colocation::LocalCallOptions call;
    call.timeout_send = options.timeout_send;
    for (const std::string& name : hosts->names()) {
      Result<Metadata> metadata = deployment_metadata(options.deployments_metadata, name);
      if (!metadata) return std::move(metadata).error();
      if (!metadata->empty()) call.metadata.emplace(name, std::move(*metadata));
    }
    local = std::make_unique<colocation::LocalExecutors>(io, *hosts, std::move(call));
  }
  return std::unique_ptr<GatewayCore>(new GatewayCore(io, options, std::move(graph), std::move(*pool), std::move(local), hosts));
}

GatewayCore::GatewayCore(boost::asio::io_context& io, const GatewayOptions& options,
                         std::shared_ptr<const topology::TopologyGraph> graph, std::unique_ptr<ConnectionPool> pool,
                         std::unique_ptr<colocation::LocalExecutors> local, colocation::LocalHosts* hosts)
    : options_(options),
      tracer_(options.tracing.tracer(options.name)),
      pool_(std::move(pool)),
      hosts_(hosts),
      local_(std::move(local)),
      executors_(*pool_, local_.get()),
      runner_(std::move(graph), executors_),
      endpoints_(make_endpoint_table(io, runner_.graph(), executors_)),
      handler_(options, runner_, executors_, endpoints_),
      floating_limit_(io) {
  if (options.metrics) {
    // Documents of Executors in this process are never encoded: that is not done to count their bytes.
    metrics_ = std::make_unique<metrics::RequestMetrics>(*options.metrics, options.name, options.colocated.empty());
    runner_.set_observer(metrics_.get());
    handler_.set_metrics(metrics_.get());
  }
  auto impl = std::make_unique<GatewayStreamer::Impl>();
  impl->io = &io;
  impl->runner = &runner_;
  impl->executors = &executors_;
  impl->endpoints = &endpoints_;
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
    endpoints_.close();
    executors_.close();
    // Functions whose callers are gone end too: what they use must not go before.
    executors_.when_idle(std::move(done));
  });
}

void GatewayCore::cut() {
  runner_.cancel_floating();
  endpoints_.close();
  executors_.close();
}

}  // namespace jina::gateway

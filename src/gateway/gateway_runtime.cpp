#include "gateway/gateway_runtime.hpp"

#include <thread>

#include "gateway/gateway_worker.hpp"
#include "gateway/streamer_environment.hpp"

namespace jina::gateway {
struct GatewayRuntime::Impl {
  explicit Impl(GatewayOptions with) : options(std::move(with)) {}

  // Local Executors live on an I/O thread that is theirs or the first worker's: they go before its io_context, and after everybody
  // who calls them.
  ~Impl() {
    if (!hosts) return;
    for (const auto& worker : workers) worker->close();
    hosts.reset();
  }

  GatewayOptions options;
  std::vector<GatewayPort> ports;
  std::shared_ptr<grpc::HealthState> health = std::make_shared<grpc::HealthState>(grpc::jina_service_names());
  std::vector<std::unique_ptr<GatewayWorker>> workers;
  std::unique_ptr<colocation::LocalHosts> hosts;  // null: every Executor has an address

  Status start() {
    if (options.ssl_certfile.empty() != options.ssl_keyfile.empty())
      return {StatusCode::kInvalidArgument, "TLS needs both --ssl-certfile and --ssl-keyfile; only one of them is given"};
    Result<std::shared_ptr<const topology::TopologyGraph>> graph = build_graph(options);
    if (!graph) return std::move(graph).error();
    Result<std::vector<GatewayPort>> layout = layout_ports(options);
    if (!layout) return std::move(layout).error();
    ports = std::move(*layout);
    export_streamer_arguments(options);
    const unsigned threads = options.io_threads == 0 ? 1 : options.io_threads;
    for (unsigned i = 0; i < threads; ++i) workers.push_back(std::make_unique<GatewayWorker>(options, *graph, health));
    if (!options.colocated.empty()) {
      auto* io = threads == 1 ? &workers.front()->io() : nullptr;
      Result<std::unique_ptr<colocation::LocalHosts>> made =
          colocation::LocalHosts::make(options.colocated, options.tracing, io, options.metrics);
      if (!made) return std::move(made).error();
      hosts = std::move(*made);
      hosts->watch_health([health = health](bool well) { health->set_able(well); });
    }
    for (unsigned i = 0; i < threads; ++i)
      if (Status status = workers[i]->start(ports, i > 0, hosts.get()); !status.ok()) return status;
    health->set_serving(true);
    return {};
  }
};

GatewayRuntime::GatewayRuntime(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GatewayRuntime::~GatewayRuntime() = default;

Result<std::unique_ptr<GatewayRuntime>> GatewayRuntime::start(GatewayOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (Status status = impl->start(); !status.ok()) return status;
  return std::unique_ptr<GatewayRuntime>(new GatewayRuntime(std::move(impl)));
}

std::vector<std::uint16_t> GatewayRuntime::ports() const {
  std::vector<std::uint16_t> numbers;
  for (const GatewayPort& port : impl_->ports) numbers.push_back(port.port);
  return numbers;
}

void GatewayRuntime::run() {
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < impl_->workers.size(); ++i)
    threads.emplace_back([worker = impl_->workers[i].get()] { worker->run(); });
  impl_->workers.front()->run();
  for (std::thread& thread : threads) thread.join();
  if (impl_->hosts) impl_->hosts->close();
}

void GatewayRuntime::stop() {
  impl_->health->stop();
  if (impl_->hosts) impl_->hosts->stop_waiting();
  for (const auto& worker : impl_->workers) worker->post_stop();
}

}  // namespace jina::gateway

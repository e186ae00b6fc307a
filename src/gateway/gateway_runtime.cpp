#include "gateway/gateway_runtime.hpp"

#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <thread>

#include "gateway/gateway_worker.hpp"
#include "topology/graph_builder.hpp"

namespace jina::gateway {
namespace {

namespace json = boost::json;

// What user code in other processes builds a streamer from (wire facts, section 8).
void export_streamer_arguments(const GatewayOptions& options) {
  json::object arguments;
  arguments["graph_representation"] = options.graph_description;
  arguments["executor_addresses"] = options.deployments_addresses;
  arguments["graph_conditions"] = options.graph_conditions;
  arguments["deployments_metadata"] = options.deployments_metadata;
  arguments["deployments_no_reduce"] = options.deployments_no_reduce;
  if (options.timeout_send && options.timeout_send->count() >= 0) {
    arguments["timeout_send"] = static_cast<double>(options.timeout_send->count()) / 1000.0;
  } else {
    arguments["timeout_send"] = nullptr;
  }
  arguments["retries"] = options.retries;
  arguments["compression"] = nullptr;
  arguments["runtime_name"] = options.name;
  arguments["prefetch"] = options.prefetch;
  setenv("JINA_STREAMER_ARGS", json::serialize(arguments).c_str(), 1);
}

}  // namespace

struct GatewayRuntime::Impl {
  explicit Impl(GatewayOptions with) : options(std::move(with)) {}

  GatewayOptions options;
  std::vector<GatewayPort> ports;
  std::shared_ptr<grpc::HealthState> health = std::make_shared<grpc::HealthState>(grpc::jina_service_names());
  std::vector<std::unique_ptr<GatewayWorker>> workers;

  Status start() {
    if (options.ssl_certfile.empty() != options.ssl_keyfile.empty())
      return {StatusCode::kInvalidArgument, "TLS needs both --ssl-certfile and --ssl-keyfile; only one of them is given"};
    topology::GraphDescription description;
    description.graph = options.graph_description;
    description.conditions = options.graph_conditions;
    description.no_reduce = options.deployments_no_reduce;
    description.addresses = options.deployments_addresses;
    Result<std::shared_ptr<const topology::TopologyGraph>> graph = topology::build_graph(description);
    if (!graph) return std::move(graph).error();
    Result<std::vector<GatewayPort>> layout = layout_ports(options);
    if (!layout) return std::move(layout).error();
    ports = std::move(*layout);
    export_streamer_arguments(options);
    const unsigned threads = options.io_threads == 0 ? 1 : options.io_threads;
    for (unsigned i = 0; i < threads; ++i) {
      workers.push_back(std::make_unique<GatewayWorker>(options, *graph, health));
      if (Status status = workers.back()->start(ports, i > 0); !status.ok()) return status;
    }
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
}

void GatewayRuntime::stop() {
  impl_->health->set_serving(false);
  for (const auto& worker : impl_->workers) worker->post_stop();
}

}  // namespace jina::gateway

#include "gateway/gateway_worker.hpp"

#include <boost/asio/post.hpp>
#include <stdexcept>

#include "gateway/http/http_handler.hpp"

namespace jina::gateway {

GatewayWorker::GatewayWorker(const GatewayOptions& options, std::shared_ptr<const topology::TopologyGraph> graph,
                             std::shared_ptr<grpc::HealthState> health)
    : options_(options), graph_(std::move(graph)), health_(std::move(health)) {}

GatewayWorker::~GatewayWorker() = default;

Status GatewayWorker::start(std::vector<GatewayPort>& ports, bool share_ports) {
  PoolOptions pool;
  pool.addresses = options_.deployments_addresses;
  pool.metadata = options_.deployments_metadata;
  pool.timeout_send = options_.timeout_send;
  pool.retries = options_.retries;
  pool.compression = options_.compression;
  pool.round_robin = options_.round_robin;
  Result<std::unique_ptr<ConnectionPool>> made = ConnectionPool::make(io_, std::move(pool));
  if (!made) return std::move(made).error();
  pool_ = std::move(*made);
  runner_ = std::make_unique<topology::GraphRunner>(graph_, *pool_);
  handler_ = std::make_unique<GatewayHandler>(options_, *runner_, *pool_);
  grpc::add_jina_services(table_, *handler_);
  grpc::add_health_service(table_, health_);
  grpc::add_reflection_service(table_, grpc::jina_service_names());
  for (GatewayPort& port : ports) {
    protocol::ServerOptions with;
    with.host = options_.host;
    with.port = port.port;
    with.share_port = share_ports;
    with.tls = {options_.ssl_certfile, options_.ssl_keyfile};
    http::Handler* http = nullptr;
    if (port.role.http || port.role.websocket) {
      try {
        http_.push_back(make_gateway_http_handler(options_, port.role, *handler_));
      } catch (const std::invalid_argument& error) {
        return {StatusCode::kInvalidArgument, error.what()};
      }
      http = http_.back().get();
    }
    servers_.push_back(std::make_unique<protocol::Server>(io_, with, port.role.grpc ? &table_ : nullptr, http));
    Result<std::uint16_t> bound = servers_.back()->listen();
    if (!bound) return std::move(bound).error();
    port.port = *bound;
  }
  return {};
}

void GatewayWorker::post_stop() {
  boost::asio::post(io_, [this] { stop(); });
}

void GatewayWorker::stop() {
  running_servers_ = servers_.size();
  for (const auto& server : servers_) {
    server->stop(options_.grace, [this] {
      if (--running_servers_ == 0) stopped();
    });
  }
}

void GatewayWorker::stopped() {
  // Floating calls get the grace time too: no client waits for them, but their work is wanted.
  floating_limit_.expires_after(options_.grace);
  floating_limit_.async_wait([this](const boost::system::error_code& error) {
    if (!error) runner_->cancel_floating();
  });
  runner_->when_idle([this] {
    floating_limit_.cancel();
    pool_->close();
    io_.stop();
  });
}

}  // namespace jina::gateway

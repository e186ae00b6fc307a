#include "gateway/gateway_worker.hpp"

#include <boost/asio/post.hpp>
#include <stdexcept>

#include "gateway/http/http_handler.hpp"

namespace jina::gateway {

GatewayWorker::GatewayWorker(const GatewayOptions& options, std::shared_ptr<const topology::TopologyGraph> graph,
                             std::shared_ptr<grpc::HealthState> health)
    : options_(options), graph_(std::move(graph)), health_(std::move(health)) {}

// What still waits in the queue may refer to the core, which would go first.
GatewayWorker::~GatewayWorker() { close(); }

Status GatewayWorker::start(std::vector<GatewayPort>& ports, bool share_ports, colocation::LocalHosts* hosts) {
  Result<std::unique_ptr<GatewayCore>> core = GatewayCore::make(io_, options_, graph_, hosts);
  if (!core) return std::move(core).error();
  core_ = std::move(*core);
  grpc::add_jina_services(table_, core_->handler());
  grpc::add_health_service(table_, health_);
  grpc::add_reflection_service(table_, grpc::jina_service_names());
  for (GatewayPort& port : ports) {
    protocol::ServerOptions with;
    with.host = options_.host;
    with.port = port.port;
    with.share_port = share_ports;
    with.tls = {options_.ssl_certfile, options_.ssl_keyfile};
    with.tracer = core_->tracer();
    with.drain_delay = options_.drain_delay;
    http::Handler* http = nullptr;
    if (port.role.http || port.role.websocket) {
      try {
        http_.push_back(make_gateway_http_handler(options_, port.role, core_->handler(), health_));
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

void GatewayWorker::close() {
  io_.drop_handlers();  // while all that they refer to is there
  servers_.clear();
  http_.clear();
  core_.reset();
}

void GatewayWorker::post_stop() {
  boost::asio::post(io_, [this] { stop(); });
}

void GatewayWorker::stop() {
  running_servers_ = servers_.size();
  for (const auto& server : servers_) {
    server->stop(options_.grace, [this] {
      if (--running_servers_ == 0) core_->stop(options_.grace, [this] { io_.stop(); });
    });
  }
}

}  // namespace jina::gateway

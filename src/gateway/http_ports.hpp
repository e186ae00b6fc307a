// HttpPorts: the ports of an HttpGateway: the App on every one of them, Jina's protocols and gRPC where they belong.
//
// Thread: the I/O thread. Lifetime: core and App outlive it; destroy after stop() is done. Cancellation: stop().
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "app/app_handler.hpp"
#include "gateway/gateway_core.hpp"
#include "gateway/gateway_options.hpp"
#include "gateway/grpc/user_services.hpp"
#include "jina/task.hpp"
#include "protocol/grpc/health.hpp"
#include "protocol/server/server.hpp"

namespace jina::gateway {

struct HttpPortsOptions {
  std::string class_name{};  ///< for logs
  PortRole jina{};           ///< Jina's protocols that are switched on
};

/// What of `wanted` a port serves: each protocol where the arguments say so; one that they name for no port is on all of them.
PortRole role_of_port(const PortRole& wanted, const GatewayPort& port, const std::vector<GatewayPort>& all);

class HttpPorts {
 public:
  HttpPorts(boost::asio::io_context& io, GatewayCore& core, HttpPortsOptions options, App& app, GrpcServices services);
  ~HttpPorts();
  HttpPorts(const HttpPorts&) = delete;
  HttpPorts& operator=(const HttpPorts&) = delete;

  /// Binds every port and answers from now on; not ready before set_ready(). The error names host and port.
  Status listen();
  /// Health checks say so from now on.
  void set_ready();
  /// Not ready any more; running requests and what they started get `grace`, then connections are cut.
  Task<void> stop(std::chrono::milliseconds grace);

 private:
  // One port with what answers on it.
  struct Face;

  void make_service_table();
  std::unique_ptr<Face> make_face(const GatewayPort& port, const std::vector<GatewayPort>& all);
  app::AppEnvironment environment(const PortRole& role) const;

  boost::asio::io_context& io_;
  GatewayCore& core_;
  GatewayOptions options_;  // those of the core, with what the App does itself switched off for the routes of Jina
  HttpPortsOptions with_;
  App& app_;
  UserServices services_;
  std::shared_ptr<grpc::HealthState> health_;
  grpc::ServiceTable table_;
  std::vector<std::unique_ptr<Face>> faces_;
};

}  // namespace jina::gateway

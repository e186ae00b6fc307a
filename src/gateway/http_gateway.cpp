#include "jina/http_gateway.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

#include "base/one_time_event.hpp"
#include "gateway/http_ports.hpp"
#include "gateway/injected.hpp"
#include "jina/grpc_service.hpp"
#include "jina/middleware.hpp"

namespace jina {

struct HttpGateway::Impl {
  explicit Impl(HttpGateway& gateway) : app(&gateway), services(&gateway) {}

  App app;
  GrpcServices services;
  gateway::PortRole jina{};  // which of Jina's protocols are on
  std::unique_ptr<gateway::HttpPorts> ports{};
  std::optional<OneTimeEvent> stopped{};  // the ports are closed
};

HttpGateway::HttpGateway() : impl_(std::make_unique<Impl>(*this)) {}
HttpGateway::~HttpGateway() = default;

void HttpGateway::setup_services(GrpcServices&) {}

void HttpGateway::serve_jina_grpc() { impl_->jina.grpc = true; }
void HttpGateway::serve_jina_http() { impl_->jina.http = true; }
void HttpGateway::serve_jina_websocket() { impl_->jina.websocket = true; }

Task<void> HttpGateway::setup_server() {
  gateway::GatewayCore& core = *injected().core;
  // The first one is the outermost: what the user's middleware answers is for browsers of other origins too.
  if (core.options().cors) impl_->app.use(middleware::cors({.credentials = true}));
  setup_app(impl_->app);
  setup_services(impl_->services);
  impl_->ports = std::make_unique<gateway::HttpPorts>(
      io(), core, gateway::HttpPortsOptions{.class_name = app::detail::class_name(typeid(*this)), .jina = impl_->jina}, impl_->app,
      std::move(impl_->services));
  impl_->stopped.emplace(io().get_executor());
  if (Status status = impl_->ports->listen(); !status.ok()) throw std::runtime_error(status.message);
  co_return;
}

Task<void> HttpGateway::run_server() {
  impl_->ports->set_ready();
  co_await impl_->stopped->wait();
}

Task<void> HttpGateway::shutdown() {
  if (impl_->ports) co_await impl_->ports->stop(injected().core->options().grace);
  if (impl_->stopped) impl_->stopped->set();
}

}  // namespace jina

#include "jina/http_gateway.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <utility>

#include "base/await_callback.hpp"
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
  std::unique_ptr<boost::asio::steady_timer> stopped{};  // cancelled when the ports are closed: what run_server() waits for
  bool done = false;
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
  impl_->stopped = std::make_unique<boost::asio::steady_timer>(io(), boost::asio::steady_timer::time_point::max());
  if (Status status = impl_->ports->listen(); !status.ok()) throw std::runtime_error(status.message);
  co_return;
}

Task<void> HttpGateway::run_server() {
  impl_->ports->set_ready();
  while (!impl_->done) {
    boost::system::error_code error;
    co_await impl_->stopped->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    // Somebody's cancellation of this coroutine ends it too.
    if (!impl_->done) throw boost::system::system_error(boost::asio::error::operation_aborted);
  }
}

Task<void> HttpGateway::shutdown() {
  if (impl_->ports) co_await impl_->ports->stop(injected().core->options().grace);
  impl_->done = true;
  if (impl_->stopped) impl_->stopped->cancel();
}

}  // namespace jina

#include "jina/http_server.hpp"

#include <stdexcept>
#include <utility>

#include "app/app_handler.hpp"
#include "base/await_callback.hpp"
#include "base/one_time_event.hpp"
#include "protocol/server/server.hpp"

namespace jina {
namespace {

protocol::ServerOptions server_options(const HttpServerOptions& options) {
  protocol::ServerOptions server;
  server.host = options.host;
  server.port = options.port;
  server.tls = {options.ssl_certfile, options.ssl_keyfile};
  return server;
}

}  // namespace

struct HttpServer::Impl {
  Impl(boost::asio::io_context& io, App& app, const HttpServerOptions& options)
      : handler(app, app::AppEnvironment{.io = io}),
        server(io, server_options(options), nullptr, &handler),
        stopped(io.get_executor()) {
    Result<std::uint16_t> bound = server.listen();
    if (!bound) throw std::runtime_error(bound.error().message);
    port = *bound;
  }

  app::AppHandler handler;
  protocol::Server server;
  OneTimeEvent stopped;
  std::uint16_t port = 0;
  bool stopping = false;
};

HttpServer::HttpServer(boost::asio::io_context& io, App& app, const HttpServerOptions& options)
    : impl_(std::make_unique<Impl>(io, app, options)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const noexcept { return impl_->port; }

Task<void> HttpServer::serve() { return impl_->stopped.wait(); }

Task<void> HttpServer::shutdown(std::chrono::milliseconds grace) {
  if (std::exchange(impl_->stopping, true)) co_return co_await impl_->stopped.wait();
  auto stop = [this, grace](UniqueFunction<void(bool)> stopped) {
    impl_->server.stop(grace, [stopped = std::move(stopped)]() mutable { stopped(true); });
  };
  co_await await_callback<bool>(stop);
  Task<void> streams = impl_->handler.finish();
  co_await std::move(streams);
  impl_->stopped.set();
}

}  // namespace jina

#include "protocol/server/server.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "listener/acceptor.hpp"
#include "listener/tls_context.hpp"
#include "protocol/server/sessions.hpp"
#include "protocol/server/sniffer.hpp"

namespace jina::protocol {

struct Server::Impl {
  Impl(boost::asio::io_context& context, ServerOptions given, const grpc::ServiceTable* grpc, http::Handler* http)
      : io(context),
        options(std::move(given)),
        environment{options, grpc, http, sessions},
        acceptor(io, {options.host, options.port, options.share_port, options.local_twin && options.tls.certificate_file.empty(),
                      options.max_connections}),
        grace(io) {
    // A connection changes its session (sniffing, HTTP/1.1, WebSocket) but always has one: the set knows how many there are.
    sessions.on_removed([this] {
      while (acceptor.connection_count() > sessions.size()) acceptor.connection_closed();
    });
  }

  Result<std::uint16_t> listen() {
    if (!options.tls.certificate_file.empty()) {
      auto context = net::TlsContext::server(options.tls.certificate_file, options.tls.key_file, {"h2", "http/1.1"});
      if (!context.ok()) return context.error();
      tls = *std::move(context);
    }
    Result<std::uint16_t> port = acceptor.listen();
    if (!port.ok()) return port;
    options.port = *port;
    acceptor.start([this](net::StreamSocket socket) { start_sniffer(std::move(socket), tls.get(), environment); });
    return port;
  }

  void stop(std::chrono::milliseconds limit, UniqueFunction<void()> done) {
    if (options.drain_delay.count() <= 0) return drain(limit, std::move(done));
    grace.expires_after(options.drain_delay);
    grace.async_wait([this, limit, done = std::move(done)](boost::system::error_code error) mutable {
      if (!error) drain(limit, std::move(done));
    });
  }

  void drain(std::chrono::milliseconds limit, UniqueFunction<void()> done) {
    acceptor.stop();
    sessions.drain_all();
    grace.expires_after(limit);
    grace.async_wait([this](boost::system::error_code error) {
      if (!error) sessions.abort_all();
    });
    sessions.when_empty([this, done = std::move(done)]() mutable {
      grace.cancel();
      // Posted: `done` may destroy the server, in whose members this runs.
      boost::asio::post(io, std::move(done));
    });
  }

  boost::asio::io_context& io;
  ServerOptions options;
  net::SessionSet sessions;
  SessionEnvironment environment;
  std::shared_ptr<net::TlsContext> tls;
  net::Acceptor acceptor;
  boost::asio::steady_timer grace;
};

Server::Server(boost::asio::io_context& io, ServerOptions options, const grpc::ServiceTable* grpc, http::Handler* http)
    : impl_(std::make_unique<Impl>(io, std::move(options), grpc, http)) {}

Server::~Server() = default;

Result<std::uint16_t> Server::listen() { return impl_->listen(); }

void Server::stop(std::chrono::milliseconds grace, UniqueFunction<void()> done) { impl_->stop(grace, std::move(done)); }

std::size_t Server::connection_count() const noexcept { return impl_->sessions.size(); }

}  // namespace jina::protocol

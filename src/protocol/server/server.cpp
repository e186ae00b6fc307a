#include "protocol/server/server.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>

#include "listener/acceptor.hpp"
#include "listener/plain_transport.hpp"
#include "listener/tls_context.hpp"
#include "listener/tls_transport.hpp"
#include "protocol/server/sessions.hpp"

namespace jina::protocol {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// A connection whose protocol is not known yet: the TLS handshake, then as many bytes as it takes to tell the HTTP/2 preface from
// anything else.
class SniffingSession final : public net::Session, public std::enable_shared_from_this<SniffingSession> {
 public:
  SniffingSession(std::unique_ptr<net::Transport> transport, SessionEnvironment& environment)
      : transport_(std::move(transport)), environment_(environment), timer_(transport_->executor()) {}

  void start(net::TlsTransport* tls) {
    environment_.sessions.add(shared_from_this());
    timer_.expires_after(environment_.options.http_limits.header_timeout);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (!error && self) self->abort();
    });
    if (tls == nullptr) return wait();
    tls->handshake([weak = weak_from_this()](Status status) {
      const auto self = weak.lock();
      if (!self) return;
      if (!status.ok()) {
        spdlog::debug("TLS handshake failed: {}", status.message);
        return self->abort();
      }
      self->wait();
    });
  }

  // Nothing was asked yet: there is nothing to finish.
  void drain() override { abort(); }
  void abort() override {
    const auto keep = shared_from_this();
    timer_.cancel();
    if (transport_) transport_->close();
    environment_.sessions.remove(this);
  }

 private:
  void wait() {
    transport_->wait_readable([weak = weak_from_this()](boost::system::error_code error) {
      const auto self = weak.lock();
      if (!self || !self->transport_) return;
      if (error) return self->abort();
      self->read();
    });
  }

  void read() {
    char block[256];
    const net::IoResult result = transport_->read(block, sizeof block);
    if (result.status == net::IoStatus::kWouldBlock) return wait();
    if (result.status != net::IoStatus::kOk) return abort();
    seen_.append(block, result.bytes);
    const std::size_t length = std::min(seen_.size(), kPreface.size());
    if (std::string_view(seen_).substr(0, length) != kPreface.substr(0, length)) return hand_over(start_http1_session);
    if (length == kPreface.size()) return hand_over(start_http2_session);
    wait();
  }

  void hand_over(void (*start)(std::unique_ptr<net::Transport>, Bytes, SessionEnvironment&)) {
    const auto keep = shared_from_this();
    timer_.cancel();
    // The new session enters the set before this one leaves it, so that a server that waits for its last session keeps waiting.
    start(std::move(transport_), Bytes::take(std::move(seen_)), environment_);
    environment_.sessions.remove(this);
  }

  std::unique_ptr<net::Transport> transport_;
  SessionEnvironment& environment_;
  boost::asio::steady_timer timer_;
  std::string seen_;
};

}  // namespace

struct Server::Impl {
  Impl(boost::asio::io_context& context, ServerOptions with, const grpc::ServiceTable* table, http::Handler* handler)
      : io(context), options(std::move(with)), environment{options, table, handler, sessions}, grace_timer(io) {}

  boost::asio::io_context& io;
  ServerOptions options;
  net::SessionSet sessions;
  SessionEnvironment environment;
  std::unique_ptr<net::Acceptor> acceptor;
  std::shared_ptr<net::TlsContext> tls;
  boost::asio::steady_timer grace_timer;
  std::size_t told = 0;  // sessions that the acceptor counts

  Result<std::uint16_t> listen() {
    if (!options.tls.certificate_file.empty()) {
      Result<std::shared_ptr<net::TlsContext>> made = net::TlsContext::server(options.tls.certificate_file, options.tls.key_file, {"h2", "http/1.1"});
      if (!made) return std::move(made).error();
      tls = *made;
    }
    net::AcceptorOptions with;
    with.host = options.host;
    with.port = options.port;
    with.share_port = options.share_port;
    with.max_connections = options.max_connections;
    acceptor = std::make_unique<net::Acceptor>(io, with);
    Result<std::uint16_t> port = acceptor->listen();
    if (port) acceptor->start([this](boost::asio::ip::tcp::socket socket) { accepted(std::move(socket)); });
    return port;
  }

  void accepted(boost::asio::ip::tcp::socket socket) {
    ++told;
    settle_count();
    if (tls) {
      std::unique_ptr<net::TlsTransport> transport = tls->make_transport(std::move(socket));
      net::TlsTransport* handshaking = transport.get();
      std::make_shared<SniffingSession>(std::move(transport), environment)->start(handshaking);
    } else {
      std::make_shared<SniffingSession>(net::make_transport(std::move(socket)), environment)->start(nullptr);
    }
  }

  // The acceptor stops at its limit; what ended since the last connection makes room again.
  void settle_count() {
    while (told > sessions.size() + 1) {
      --told;
      acceptor->connection_closed();
    }
  }
};

Server::Server(boost::asio::io_context& io, ServerOptions options, const grpc::ServiceTable* grpc, http::Handler* http)
    : impl_(std::make_unique<Impl>(io, std::move(options), grpc, http)) {}
Server::~Server() = default;

Result<std::uint16_t> Server::listen() { return impl_->listen(); }

void Server::stop(std::chrono::milliseconds grace, UniqueFunction<void()> done) {
  impl_->acceptor->stop();
  impl_->sessions.when_empty([impl = impl_.get(), done = std::move(done)]() mutable {
    impl->grace_timer.cancel();
    done();
  });
  impl_->grace_timer.expires_after(grace);
  impl_->grace_timer.async_wait([impl = impl_.get()](const boost::system::error_code& error) {
    if (!error) impl->sessions.abort_all();
  });
  impl_->sessions.drain_all();
}

std::size_t Server::connection_count() const noexcept { return impl_->sessions.size(); }

}  // namespace jina::protocol

#include "listener/connector.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>
#include <vector>

#include "listener/address.hpp"
#include "listener/local_twin.hpp"
#include "listener/plain_transport.hpp"
#include "listener/socket_io.hpp"
#include "listener/tls_transport.hpp"

namespace jina::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class ConnectAttempt : public std::enable_shared_from_this<ConnectAttempt> {
 public:
  ConnectAttempt(asio::io_context& io, std::string address, ConnectTls tls, ConnectCallback done)
      : io_(io),
        address_(std::move(address)),
        tls_(std::move(tls)),
        done_(std::move(done)),
        timer_(io),
        resolver_(io),
        socket_(io) {}

  void start(std::chrono::milliseconds timeout) {
    timer_.expires_after(timeout);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->on_timeout();
    });
    Result<HostPort> parsed = parse_host_port(address_);
    if (!parsed.ok()) return finish(std::move(parsed).error());
    if (tls_.server_name.empty()) tls_.server_name = parsed->host;
    error_code not_numeric;
    const auto ip = asio::ip::make_address(parsed->host, not_numeric);
    if (!not_numeric) {
      endpoints_.emplace_back(ip, parsed->port);
      return connect_next();
    }
    // Asio resolves on a helper thread of its own.
    resolver_.async_resolve(parsed->host, std::to_string(parsed->port), tcp::resolver::numeric_service,
                            [self = shared_from_this()](error_code error, const tcp::resolver::results_type& results) {
                              if (!self->done_) return;
                              if (error) return self->finish(self->resolve_error(error));
                              for (const auto& entry : results) self->endpoints_.push_back(entry.endpoint());
                              self->connect_next();
                            });
  }

  void cancel() { finish(Status{StatusCode::kCancelled, "connecting to " + address_ + " was cancelled"}); }

 private:
  void connect_next() {
    if (next_ == endpoints_.size()) return finish(last_error_);
    const tcp::endpoint endpoint = endpoints_[next_++];
    if (!tls_.context) {
      if (auto twin = connect_twin(io_, endpoint)) return finish(make_transport(*std::move(twin)));
    }
    error_code ignored;
    socket_.close(ignored);
    socket_.async_connect(endpoint, [self = shared_from_this(), endpoint](error_code error) {
      if (!self->done_) return;
      if (error) {
        self->last_error_ = self->endpoint_error(endpoint, "Failed to connect to remote host: " + error.message());
        return self->connect_next();
      }
      self->on_connected(endpoint);
    });
  }

  void on_connected(const tcp::endpoint& endpoint) {
    tcp::socket socket = std::exchange(socket_, tcp::socket(io_));
    if (!tls_.context) return finish(make_transport(std::move(socket)));
    handshaking_ = tls_.context->make_transport(std::move(socket), tls_.server_name);
    handshaking_->handshake([self = shared_from_this(), endpoint](const Status& status) {
      if (!self->done_) return;
      std::unique_ptr<Transport> transport = std::move(self->handshaking_);
      if (status.ok()) return self->finish(std::move(transport));
      transport->close();
      self->last_error_ = self->endpoint_error(endpoint, status.message);
      self->connect_next();
    });
  }

  void on_timeout() {
    if (next_ == 0) return finish(resolve_error(asio::error::timed_out));
    finish(endpoint_error(endpoints_[next_ - 1], handshaking_ ? "Ssl handshake failed: Timeout occurred"
                                                              : "Failed to connect to remote host: Timeout occurred"));
  }

  Status resolve_error(error_code error) const {
    return {StatusCode::kUnavailable, "DNS resolution failed for " + address_ + ": " + error.message()};
  }
  static Status endpoint_error(const tcp::endpoint& endpoint, const std::string& what) {
    return {StatusCode::kUnavailable, "failed to connect to all addresses; last error: UNKNOWN: " +
                                          std::string(endpoint.address().is_v6() ? "ipv6:" : "ipv4:") + to_string(endpoint) + ": " +
                                          what};
  }

  void finish(Result<std::unique_ptr<Transport>> result) {
    if (!done_) return;
    timer_.cancel();
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (handshaking_) handshaking_->close();
    // Posted, so that it never runs inside connect() or cancel().
    asio::post(io_, [self = shared_from_this(), done = std::exchange(done_, nullptr), result = std::move(result)]() mutable {
      self->handshaking_.reset();
      done(std::move(result));
    });
  }

  asio::io_context& io_;
  std::string address_;
  ConnectTls tls_;
  ConnectCallback done_;
  asio::steady_timer timer_;
  tcp::resolver resolver_;
  tcp::socket socket_;
  std::vector<tcp::endpoint> endpoints_;
  std::size_t next_ = 0;
  std::unique_ptr<TlsTransport> handshaking_;
  Status last_error_;
};

void ConnectHandle::cancel() {
  if (const auto attempt = attempt_.lock()) attempt->cancel();
}

ConnectHandle connect(asio::io_context& io, const std::string& address, std::chrono::milliseconds timeout, ConnectTls tls,
                      ConnectCallback done) {
  const auto attempt = std::make_shared<ConnectAttempt>(io, address, std::move(tls), std::move(done));
  attempt->start(timeout);
  return ConnectHandle(attempt);
}

}  // namespace jina::net

#include "protocol/server/sniffer.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/steady_timer.hpp>
#include <string>

#include "listener/plain_transport.hpp"
#include "listener/tls_transport.hpp"
#include "protocol/http2/read_block.hpp"

namespace jina::protocol {
namespace {

constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Whether the first line may yet be, or is, a request line of HTTP/1.
bool may_be_http1(std::string_view start) {
  const auto end = start.find('\n');
  return end == start.npos || start.substr(0, end).find(" HTTP/1.") != start.npos;
}

class Sniffer final : public net::Session, public std::enable_shared_from_this<Sniffer> {
 public:
  Sniffer(boost::asio::any_io_executor executor, SessionEnvironment& environment)
      : environment_(environment), timer_(std::move(executor)) {}

  void start(net::StreamSocket socket, net::TlsContext* tls) {
    environment_.sessions.add(shared_from_this());
    if (tls == nullptr) {
      transport_ = net::make_transport(std::move(socket));
      expect_within(environment_.options.http_limits.idle_timeout);
      return wait();
    }
    std::unique_ptr<net::TlsTransport> secure = tls->make_transport(std::move(socket));
    net::TlsTransport& handshaking = *secure;
    transport_ = std::move(secure);
    expect_within(environment_.options.http_limits.header_timeout);
    handshaking.handshake([self = shared_from_this()](const Status& status) { self->on_handshake(status); });
  }

  void drain() override {
    // A request that came before the server stopped accepting is still served.
    if (transport_ == nullptr || (transport_->secure() && !handshake_done_)) return close();
    read();
    if (transport_ != nullptr) close();
  }
  void abort() override { close(); }

 private:
  void on_handshake(const Status& status) {
    if (transport_ == nullptr) return;
    if (!status.ok()) {
      spdlog::debug("connection from {}: {}", transport_->peer(), status.message);
      return close();
    }
    handshake_done_ = true;
    if (transport_->alpn() == "h2") return hand_over({}, true);
    if (transport_->alpn() == "http/1.1") return hand_over({}, false);
    expect_within(environment_.options.http_limits.idle_timeout);
    wait();
  }

  void expect_within(std::chrono::milliseconds limit) {
    timer_.expires_after(limit);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->close();
    });
  }

  void wait() {
    transport_->wait_readable([self = shared_from_this()](boost::system::error_code error) {
      if (self->transport_ == nullptr) return;
      if (error) return self->close();
      self->read();
      if (self->transport_ != nullptr) self->wait();
    });
  }

  void read() {
    http2::ReadBlock& block = http2::ReadBlock::this_thread();
    std::size_t space = 0;
    char* memory = block.space(space);
    const net::IoResult result = transport_->read(memory, space);
    if (result.status == net::IoStatus::kWouldBlock) return;
    if (result.status != net::IoStatus::kOk) return close();
    Bytes data = block.commit(result.bytes);
    if (!start_.empty()) data = Bytes::take(std::exchange(start_, {}) + data.str());
    const std::string_view view = data.view();
    if (view.starts_with(kHttp2Preface)) return hand_over(std::move(data), true);
    if (!kHttp2Preface.starts_with(view)) {
      // A port for gRPC alone is a port of HTTP/2: with a wrong preface it is closed (RFC 9113, section 3.4).
      if (environment_.http == nullptr && !may_be_http1(view)) return close();
      return hand_over(std::move(data), false);
    }
    // The preface so far: copied, since a slice would keep the thread's read memory.
    start_ = view;
    expect_within(environment_.options.http_limits.header_timeout);
  }

  void hand_over(Bytes data, bool http2) {
    timer_.cancel();
    const auto self = shared_from_this();
    std::unique_ptr<net::Transport> transport = std::move(transport_);
    // The new session joins before this one leaves, so that the set is not empty in between.
    if (http2) {
      start_http2_session(std::move(transport), std::move(data), environment_);
    } else {
      start_http1_session(std::move(transport), std::move(data), environment_);
    }
    environment_.sessions.remove(this);
  }

  void close() {
    timer_.cancel();
    if (transport_ == nullptr) return;
    const auto self = shared_from_this();
    const std::unique_ptr<net::Transport> transport = std::move(transport_);
    transport->close();
    environment_.sessions.remove(this);
  }

  SessionEnvironment& environment_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<net::Transport> transport_;
  std::string start_;
  bool handshake_done_ = false;
};

}  // namespace

void start_sniffer(net::StreamSocket socket, net::TlsContext* tls, SessionEnvironment& environment) {
  const boost::asio::any_io_executor executor = socket.get_executor();
  std::make_shared<Sniffer>(executor, environment)->start(std::move(socket), tls);
}

}  // namespace jina::protocol

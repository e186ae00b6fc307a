// What the plain and the TLS transport have in common: the socket, waiting on it, closing it.
//
// Thread, lifetime, cancellation: as Transport.
#pragma once
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <string_view>

#include "listener/transport.hpp"

namespace jina::net {

/// "127.0.0.1:80", "[::1]:80".
std::string to_string(const boost::asio::ip::tcp::endpoint& endpoint);

/// Programs that user code starts must not keep a connection, or a port, alive.
void close_on_exec(int fd) noexcept;

/// A connected stream socket of any family: TCP, or Unix.
using StreamSocket = boost::asio::generic::stream_protocol::socket;

class SocketTransport : public Transport {
 public:
  explicit SocketTransport(StreamSocket socket);

  void wait_readable(WaitCallback done) override;
  void wait_writable(WaitCallback done) override;
  void close(bool reset) override;
  bool is_open() const noexcept override { return socket_.is_open(); }
  boost::asio::any_io_executor executor() override { return socket_.get_executor(); }
  std::string peer() const override;

 protected:
  /// The number of the open socket; recv and send on it are called directly, which costs half of Asio's way through them.
  int fd() const noexcept { return fd_; }
  StreamSocket socket_;

 private:
  int fd_;
};

}  // namespace jina::net

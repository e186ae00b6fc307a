#include "listener/socket_io.hpp"

#include <fcntl.h>

#include <cstring>
#include <utility>

namespace jina::net {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string to_string(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

void close_on_exec(int fd) noexcept { ::fcntl(fd, F_SETFD, FD_CLOEXEC); }

SocketTransport::SocketTransport(StreamSocket socket) : socket_(std::move(socket)), fd_(socket_.native_handle()) {
  close_on_exec(fd_);
  // Both fail on a socket that the peer has already reset, whose first read says so; Unix sockets have no TCP_NODELAY.
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
}

void SocketTransport::wait_readable(WaitCallback done) { socket_.async_wait(StreamSocket::wait_read, std::move(done)); }

void SocketTransport::wait_writable(WaitCallback done) { socket_.async_wait(StreamSocket::wait_write, std::move(done)); }

void SocketTransport::close(bool reset) {
  if (!socket_.is_open()) return;
  boost::system::error_code ignored;
  if (reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  fd_ = -1;
}

std::string SocketTransport::peer() const {
  boost::system::error_code error;
  const auto endpoint = socket_.remote_endpoint(error);
  if (error) return {};
  const int family = endpoint.protocol().family();
  if (family != AF_INET && family != AF_INET6) return "unix:";  // as gRPC names a peer of its machine
  tcp::endpoint address;
  address.resize(endpoint.size());
  std::memcpy(address.data(), endpoint.data(), endpoint.size());
  return to_string(address);
}

}  // namespace jina::net

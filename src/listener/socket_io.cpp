#include "listener/socket_io.hpp"

#include <utility>

namespace jina::net {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string to_string(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

SocketTransport::SocketTransport(tcp::socket socket) : socket_(std::move(socket)), fd_(socket_.native_handle()) {
  // Both fail only on a socket that the peer has already reset; the first read says so.
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
}

void SocketTransport::wait_readable(WaitCallback done) { socket_.async_wait(tcp::socket::wait_read, std::move(done)); }

void SocketTransport::wait_writable(WaitCallback done) { socket_.async_wait(tcp::socket::wait_write, std::move(done)); }

void SocketTransport::close(bool reset) {
  if (!socket_.is_open()) return;
  boost::system::error_code ignored;
  if (reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  fd_ = -1;
}

std::string SocketTransport::peer() const {
  boost::system::error_code error;
  const tcp::endpoint endpoint = socket_.remote_endpoint(error);
  return error ? std::string() : to_string(endpoint);
}

}  // namespace jina::net

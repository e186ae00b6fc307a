#include "listener/local_twin.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "listener/socket_io.hpp"

namespace jina::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;
using boost::system::error_code;

namespace {

bool are_wanted() {
  static const bool wanted = [] {
    const char* value = std::getenv("JINA_LOCAL_SOCKETS");
    return value == nullptr || std::string_view(value) != "0";
  }();
  return wanted;
}

// The leading zero makes it a name of the abstract namespace.
stream_protocol::endpoint twin_of(const tcp::endpoint& port) {
  using namespace std::string_literals;
  return stream_protocol::endpoint("\0jina/tcp/"s + to_string(port));
}

bool is_this_user(stream_protocol::socket& socket) {
  ucred owner{};
  socklen_t size = sizeof owner;
  return ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &owner, &size) == 0 && owner.uid == ::geteuid();
}

std::optional<stream_protocol::socket> connect_to(asio::io_context& io, const tcp::endpoint& port) {
  error_code error;
  stream_protocol::socket socket(io);
  socket.open(stream_protocol(), error);
  if (!error) socket.non_blocking(true, error);
  // Connects or fails at once; a full queue is a failure too.
  if (!error) socket.connect(twin_of(port), error);
  if (error || !is_this_user(socket)) return std::nullopt;
  return socket;
}

}  // namespace

std::optional<stream_protocol::acceptor> listen_twin(asio::io_context& io, const tcp::endpoint& port, int backlog) {
  if (!are_wanted()) return std::nullopt;
  error_code error;
  stream_protocol::acceptor acceptor(io);
  acceptor.open(stream_protocol(), error);
  if (!error) close_on_exec(acceptor.native_handle());
  if (!error) acceptor.bind(twin_of(port), error);
  if (!error) acceptor.listen(backlog, error);
  if (error) return std::nullopt;
  return acceptor;
}

std::optional<stream_protocol::socket> connect_twin(asio::io_context& io, const tcp::endpoint& port) {
  const asio::ip::address address = port.address();
  if (!are_wanted() || (!address.is_unspecified() && !address.is_loopback())) return std::nullopt;
  std::vector<tcp::endpoint> candidates{port};
  if (address.is_unspecified()) {  // connecting to "any address" reaches this machine's loopback address
    const auto loopback = address.is_v4() ? asio::ip::address(asio::ip::address_v4::loopback()) : asio::ip::address_v6::loopback();
    candidates.front().address(loopback);
  }
  if (address.is_v4()) candidates.emplace_back(tcp::v4(), port.port());
  candidates.emplace_back(tcp::v6(), port.port());
  for (const tcp::endpoint& candidate : candidates)
    if (auto socket = connect_to(io, candidate)) return socket;
  return std::nullopt;
}

}  // namespace jina::net

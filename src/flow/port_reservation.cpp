#include "flow/port_reservation.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace jina::flow {

Result<PortReservation> PortReservation::make(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return Status{StatusCode::kUnavailable, std::string("no socket: ") + std::strerror(errno)};
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    const int why = errno;
    ::close(socket);
    const std::string text = "port " + std::to_string(port) + ": " + std::strerror(why);
    if (why == EADDRINUSE)
      return Status{StatusCode::kAlreadyExists, text + "; stop the server that has it, or choose another port"};
    return Status{StatusCode::kUnavailable, text};
  }
  // Only now: with it, bind() would not notice a server that has the port and sets it too.
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  return PortReservation(socket, ntohs(address.sin_port));
}

PortReservation::~PortReservation() {
  if (socket_ >= 0) ::close(socket_);
}

}  // namespace jina::flow

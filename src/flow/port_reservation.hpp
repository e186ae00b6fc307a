// PortReservation: a free TCP port that nobody else is given until the child process that it is meant for listens on it.
//
// Held by a bound socket that does not listen: the kernel hands the port to no other process, yet a server that sets SO_REUSEADDR
// or SO_REUSEPORT (every one sets one of them) may bind and listen beside it.
//
// Thread: any. Lifetime: the port is free for all once destroyed. Cancellation: none.
#pragma once
#include <cstdint>
#include <utility>

#include "jina/status.hpp"

namespace jina::flow {

class PortReservation {
 public:
  /// `port` 0: the kernel chooses. ALREADY_EXISTS when a server listens on it.
  static Result<PortReservation> make(std::uint16_t port = 0);
  ~PortReservation();
  PortReservation(PortReservation&& other) noexcept : socket_(std::exchange(other.socket_, -1)), port_(other.port_) {}
  PortReservation& operator=(PortReservation&& other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(port_, other.port_);
    return *this;
  }

  std::uint16_t port() const noexcept { return port_; }

 private:
  PortReservation(int socket, std::uint16_t port) : socket_(socket), port_(port) {}
  int socket_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace jina::flow

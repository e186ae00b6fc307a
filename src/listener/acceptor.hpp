// Acceptor: listens on one port for one I/O thread and hands over the connections it accepts.
//
// The threads of a server have an Acceptor each for the same port (SO_REUSEPORT). The first one binds exclusively, so that a port
// that another server has is an error and not half of the connections lost to it; the others say `share_port`.
//
// Thread: one I/O thread. Lifetime: outlives nothing; its callback is dropped by stop() and by destruction.
// Cancellation: stop().
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/unique_function.hpp"
#include "jina/status.hpp"
#include "listener/socket_io.hpp"

namespace jina::net {

struct AcceptorOptions {
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;                 ///< 0: the kernel chooses
  bool share_port = false;                ///< another thread of the same server listens on this port already
  bool local_twin = false;                ///< serve programs of this machine through the port's twin too (local_twin.hpp)
  std::size_t max_connections = 100'000;  ///< more wait in the kernel's queue until connection_closed()
  int backlog = 4096;
};

class Acceptor {
 public:
  using OnAccept = UniqueFunction<void(StreamSocket)>;

  Acceptor(boost::asio::io_context& io, AcceptorOptions options);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  /// Binds and listens. The port, or an error that names host and port and says what to do.
  Result<std::uint16_t> listen();
  /// Accepts from now on; `on_accept` runs on the I/O thread.
  void start(OnAccept on_accept);
  /// To be told once for every connection that was handed over: makes room for another one.
  void connection_closed();
  /// Closes the listening socket; connections already handed over stay.
  void stop();

  std::size_t connection_count() const noexcept;

 private:
  friend Result<std::uint16_t> probe_port(boost::asio::io_context& io, const std::string& host, std::uint16_t port);
  struct State;
  std::shared_ptr<State> state_;  // shared with the pending accept
};

/// Whether listen() would work, for a port that somebody else is going to bind: the port (a free one for 0), or listen()'s error.
/// Nothing listens in between.
Result<std::uint16_t> probe_port(boost::asio::io_context& io, const std::string& host, std::uint16_t port);

}  // namespace jina::net

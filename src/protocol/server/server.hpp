// Server: one listening port on one I/O thread. It looks at the first bytes of each connection and hands it to the protocol they
// speak: HTTP/2 (gRPC by content-type, else plain HTTP), HTTP/1.1, WebSocket by upgrade. Every I/O thread has a Server of its own
// for the same port (SO_REUSEPORT); the kernel spreads the connections.
//
// Thread: one I/O thread. Lifetime: destroy after stop() completed. Cancellation: stop(): first drain, after the grace time cut.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/unique_function.hpp"
#include "jina/status.hpp"
#include "jina/tracing.hpp"
#include "protocol/grpc/server.hpp"
#include "protocol/http/handler.hpp"

namespace jina::protocol {

struct TlsFiles {
  std::string certificate_file;  ///< PEM chain; empty: no TLS
  std::string key_file;
};

struct ServerOptions {
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;   ///< 0: the kernel chooses; the first thread's choice is given to the others
  bool share_port = false;  ///< another thread of this process listens on the port already
  bool local_twin = false;  ///< programs of this machine may come through the port's twin (listener/local_twin.hpp)
  TlsFiles tls{};
  http::Limits http_limits{};
  std::size_t max_grpc_message_bytes = static_cast<std::size_t>(-1);  ///< larger: RESOURCE_EXHAUSTED
  std::size_t max_connections = 100'000;                              ///< of this thread; more wait in the kernel's queue
  std::chrono::milliseconds keepalive_time{9'999};                    ///< HTTP/2 PING after this much silence; 0 = never
  std::chrono::milliseconds keepalive_timeout{4'999};
  std::chrono::milliseconds drain_delay{0};  ///< how long stop() goes on as before, for load balancers
  Tracer tracer{};                           ///< of the spans of requests
};

class Server {
 public:
  /// What the port serves: null `grpc` refuses gRPC calls with UNIMPLEMENTED, null `http` answers 404. Both outlive the server.
  Server(boost::asio::io_context& io, ServerOptions options, const grpc::ServiceTable* grpc, http::Handler* http);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and listens; connections are accepted from now on (served once the io_context runs). The port, or an error that names
  /// host and port and says what to do (address in use, no permission, unknown host, unreadable certificate).
  Result<std::uint16_t> listen();
  /// After ServerOptions::drain_delay: stops accepting, drains, cuts what is left after `grace`, then runs `done`.
  void stop(std::chrono::milliseconds grace, UniqueFunction<void()> done);
  std::size_t connection_count() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::protocol

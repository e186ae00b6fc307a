// connect(): a Transport to "host:port", resolved and connected without blocking the I/O thread.
//
// Thread: call and completion belong to the io_context's thread. Lifetime: the attempt keeps itself alive; the handle may be
// dropped. Cancellation: ConnectHandle::cancel(); `done` still runs, once, with CANCELLED.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "base/unique_function.hpp"
#include "jina/status.hpp"
#include "listener/transport.hpp"

namespace jina::net {

class TlsContext;
class ConnectAttempt;

/// TLS for an outgoing connection; without a context the connection is plain.
struct ConnectTls {
  std::shared_ptr<TlsContext> context{};
  std::string server_name{};  ///< SNI, and the name the certificate must have; the host of the address when empty
};

/// Refers to a running attempt; does nothing once it completed.
class ConnectHandle {
 public:
  ConnectHandle() = default;
  explicit ConnectHandle(std::weak_ptr<ConnectAttempt> attempt) : attempt_(std::move(attempt)) {}
  void cancel();

 private:
  std::weak_ptr<ConnectAttempt> attempt_;
};

using ConnectCallback = UniqueFunction<void(Result<std::unique_ptr<Transport>>)>;

/// Connects to `address`, "host:port" with IPv6 hosts in brackets. Every address that the host has is tried in turn; `timeout`
/// bounds all of it, the TLS handshake included. A port of this machine that has a twin (local_twin.hpp) is reached through it.
/// Failures are UNAVAILABLE with the sentences that gRPC's core uses, since clients show them: "failed to connect to all addresses;
/// last error: UNKNOWN: ipv4:127.0.0.1:81: Failed to connect to remote host: ...". `done` runs exactly once, never before this
/// returns.
ConnectHandle connect(boost::asio::io_context& io, const std::string& address, std::chrono::milliseconds timeout, ConnectTls tls,
                      ConnectCallback done);

}  // namespace jina::net

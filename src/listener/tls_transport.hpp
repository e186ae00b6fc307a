// TlsTransport: the Transport over TLS. Works on the socket directly; OpenSSL's buffers are released while a connection is idle.
//
// Thread, cancellation: as Transport. Lifetime: as Transport; the context lives as long as its last connection.
#pragma once
#include <memory>
#include <string>

#include "base/unique_function.hpp"
#include "jina/status.hpp"
#include "listener/socket_io.hpp"
#include "listener/tls_context.hpp"

struct ssl_st;

namespace jina::net {

class TlsTransport final : public SocketTransport {
 public:
  /// Takes over `ssl`, which is set up for one side already.
  TlsTransport(StreamSocket socket, ssl_st* ssl);
  ~TlsTransport() override;

  /// `done` runs once, not inside the call, and never after the transport was closed or destroyed.
  void handshake(UniqueFunction<void(Status)> done);

  IoResult read(char* data, std::size_t size) override;
  IoResult writev(const iovec* parts, int count) override;
  void wait_readable(WaitCallback done) override;
  void wait_writable(WaitCallback done) override;
  void shutdown_write() override;
  void close(bool reset = false) override;
  bool secure() const noexcept override { return true; }
  std::string_view alpn() const noexcept override { return alpn_; }

 private:
  void step();
  IoResult after(int returned, bool reading);

  ssl_st* ssl_;
  std::string alpn_;
  UniqueFunction<void(Status)> on_handshake_;
  std::shared_ptr<void> alive_;  // lets handshake waits see that the transport is gone
  std::size_t unfinished_ = 0;   // bytes of the record that OpenSSL wants offered again
  bool read_wants_write_ = false;
  bool write_wants_read_ = false;
};

}  // namespace jina::net

// TlsContext: certificate, trust and protocol list of the TLS connections of one listener or one channel.
//
// Thread: made once, then used by any thread. Lifetime: shared by its connections. Cancellation: none.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "jina/status.hpp"
#include "listener/socket_io.hpp"

struct ssl_ctx_st;

namespace jina::net {

class TlsTransport;

class TlsContext {
 public:
  /// Server side. Errors name the file and what is wrong with it (unreadable, not PEM, key of another certificate).
  static Result<std::shared_ptr<TlsContext>> server(const std::string& certificate_file, const std::string& key_file,
                                                    const std::vector<std::string>& alpn);
  /// Client side: verifies the peer and its name against the system's roots, or against `ca_file` when it is not empty; with
  /// `verify` false anybody is believed.
  static Result<std::shared_ptr<TlsContext>> client(const std::vector<std::string>& alpn, const std::string& ca_file = {},
                                                    bool verify = true);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// Takes over a connected socket; call handshake() next. `server_name` (clients) is a host name or a numeric address.
  std::unique_ptr<TlsTransport> make_transport(StreamSocket socket, const std::string& server_name = {});

 private:
  TlsContext(ssl_ctx_st* context, bool is_server) : context_(context), is_server_(is_server) {}
  void set_alpn(const std::vector<std::string>& alpn);

  ssl_ctx_st* context_;
  bool is_server_;
  std::string alpn_;  // in wire form: each name behind its length
};

}  // namespace jina::net

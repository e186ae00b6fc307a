// start_sniffer: the first seconds of a connection, until it is known which protocol it speaks.
//
// Thread, lifetime, cancellation: as net::Session, which it is meanwhile.
#pragma once
#include <memory>

#include "listener/tls_context.hpp"
#include "protocol/server/sessions.hpp"

namespace jina::protocol {

/// Makes the TLS handshake when `tls` is not null, then starts the HTTP/2 session when ALPN or the first bytes say so, else the
/// HTTP/1.1 one. A connection that says nothing for the idle time, or not enough in the header time, is closed.
void start_sniffer(net::StreamSocket socket, net::TlsContext* tls, SessionEnvironment& environment);

}  // namespace jina::protocol

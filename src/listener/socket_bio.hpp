// socket_bio: OpenSSL's door to a socket. OpenSSL's own socket BIO writes with write(2), which raises SIGPIPE when the peer is
// gone; this one sends with MSG_NOSIGNAL, so that no process-wide signal setting is needed.
//
// Thread: as the socket. Lifetime: does not own the socket. Cancellation: none.
#pragma once

struct bio_st;

namespace jina::net {

/// A new BIO, owned by the caller (SSL_set_bio takes it over).
bio_st* make_socket_bio(int fd);

}  // namespace jina::net

// make_transport: the Transport over a plain socket.
//
// Thread, lifetime, cancellation: as Transport.
#pragma once
#include <memory>

#include "listener/socket_io.hpp"

namespace jina::net {

/// Takes over a connected socket, TCP or Unix; makes it non-blocking and sets TCP_NODELAY.
std::unique_ptr<Transport> make_transport(StreamSocket socket);

}  // namespace jina::net

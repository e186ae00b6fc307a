// make_transport: the Transport over a plain TCP socket.
//
// Thread, lifetime, cancellation: as Transport.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "listener/transport.hpp"

namespace jina::net {

/// Takes over a connected socket; makes it non-blocking and sets TCP_NODELAY.
std::unique_ptr<Transport> make_transport(boost::asio::ip::tcp::socket socket);

}  // namespace jina::net

// LocalTwin: the second door of a TCP port on this machine, a Unix socket by whose name a program that would connect to the port
// finds it. A round trip through it costs about 40 % less of the processor than one over loopback TCP.
//
// The name is in Linux' abstract namespace, which belongs to the network namespace just as ports do: it is gone when its owner is,
// and two containers never meet by mistake. Whoever connects makes sure that the owner is the same user; in all other cases
// (a peer that has no twin, such as real Jina; TLS; another user) the port itself is used. JINA_LOCAL_SOCKETS=0 in the environment
// turns twins off: for those who watch the traffic of loopback ports.
//
// Thread: free functions. Lifetime: results own their sockets. Cancellation: none; nothing here waits.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <optional>

namespace jina::net {

/// Listens on the twin of `port`, which the caller has bound. Nothing when the name is taken, or twins are off: the port serves
/// alone.
std::optional<boost::asio::local::stream_protocol::acceptor> listen_twin(boost::asio::io_context& io,
                                                                         const boost::asio::ip::tcp::endpoint& port, int backlog);

/// A connection to the twin of `port`, if this machine has one: of an address of loopback, or of one bound to all addresses.
std::optional<boost::asio::local::stream_protocol::socket> connect_twin(boost::asio::io_context& io,
                                                                        const boost::asio::ip::tcp::endpoint& port);

}  // namespace jina::net

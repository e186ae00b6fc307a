// The three implementations of Client.
//
// Thread, lifetime, cancellation: as Client.
#pragma once
#include "client/client.hpp"

namespace jina::client {

std::unique_ptr<Client> make_grpc_post(boost::asio::io_context& io, Target target, ClientOptions options);
std::unique_ptr<Client> make_http_post(Target target, ClientOptions options);
std::unique_ptr<Client> make_websocket_post(Target target, ClientOptions options);

}  // namespace jina::client

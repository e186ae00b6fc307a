#include "client/transport.hpp"

#include "client/json_message.hpp"

namespace jina::client {

Result<wire::DataRequest> message_of(Reply reply) {
  if (reply.json) return message_from_json(*reply.json);
  return std::move(reply.message);
}

std::shared_ptr<Transport> make_transport(std::shared_ptr<Connections> connections, TransportOptions options) {
  const Protocol protocol = connections->target().protocol;
  if (protocol == Protocol::kHttp) return make_http_transport(std::move(connections), std::move(options));
  if (protocol == Protocol::kWebSocket) return make_websocket_transport(std::move(connections), std::move(options));
  return make_grpc_transport(std::move(connections), std::move(options));
}

}  // namespace jina::client

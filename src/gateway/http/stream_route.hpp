// GET /<endpoint> of an endpoint that streams: one Document in, server-sent events out, as Jina's HTTP gateway has it with docarray
// 0.30 and later; and what is said to those who ask for it in another way.
//
// Thread: the request's I/O thread. Lifetime: gateway, table and `context` outlive the Task and what it answers. Cancellation:
// through the context: the call to the Executor is cancelled.
#pragma once
#include <optional>
#include <string_view>

#include "gateway/endpoint_table.hpp"
#include "protocol/http/handler.hpp"
#include "protocol/request_handler.hpp"

namespace jina::gateway {

struct StreamRoute {
  protocol::RequestHandler& gateway;
  EndpointTable& endpoints;
  std::string_view post_path;  ///< where Documents go whose answer is no stream; "": there is no such route
};

/// `allow`: the methods of the fixed routes with this path, "" for none. Nothing when the fixed routes have the answer: 404, 405.
Task<std::optional<http::Response>> serve_stream(StreamRoute route, std::string_view endpoint, std::string_view allow,
                                                 RequestContext& context, const http::Request& request);

/// 405 that says what to do instead.
http::Response wrong_method(const http::Request& request, std::string_view allow);

/// The endpoints that stream, for /openapi.json.
Task<std::vector<KnownEndpoint>> streaming_endpoints(EndpointTable& endpoints);

}  // namespace jina::gateway

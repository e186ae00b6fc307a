// The routes that take Documents: a JSON body becomes a DataRequest, its answer JSON again, its failure 500, 503 or 504.
//
// Thread: the request's I/O thread. Lifetime: `gateway` and `context` outlive the Task. Cancellation: through the context.
#pragma once
#include <optional>

#include "gateway/http/routes.hpp"
#include "protocol/http/handler.hpp"
#include "protocol/request_handler.hpp"

namespace jina::gateway {

/// POST /post and its like. `route` and `request` live until the Task is done.
Task<http::Response> serve_data(const Route& route, protocol::RequestHandler& gateway, RequestContext& context,
                                const http::Request& request);

/// GET /dry_run: 200 whatever happens, the verdict is in the body.
Task<http::Response> serve_dry_run(protocol::RequestHandler& gateway, RequestContext& context);

/// GET /status.
Task<http::Response> serve_status(protocol::RequestHandler& gateway, RequestContext& context);

/// 415 for a body that is compressed; nothing when it can be read.
std::optional<http::Response> refuse_coding(const http::Request& request);

/// 503 and 504 for failures of the network, 500 for all else.
int failure_status(StatusCode code) noexcept;

/// A request without Documents to all Executors, as a dry run over HTTP or WebSocket sends it.
wire::DataRequest make_dry_run_request();

}  // namespace jina::gateway

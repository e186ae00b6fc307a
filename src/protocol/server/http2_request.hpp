// A plain HTTP request that came as an HTTP/2 stream, between the stream and http::Handler.
//
// Thread: the connection's. Lifetime: keeps itself until the handler returned and the stream ended. Cancellation: a reset stream
// cancels the handler's context.
#pragma once
#include <string>

#include "protocol/http2/request_head.hpp"
#include "protocol/http2/stream.hpp"
#include "protocol/server/sessions.hpp"

namespace jina::protocol {

/// Takes the stream over; `end_stream`: the request has no body.
void start_http2_request(http2::Stream& stream, http2::RequestHead head, const std::string& peer, SessionEnvironment& environment,
                         bool end_stream);

}  // namespace jina::protocol

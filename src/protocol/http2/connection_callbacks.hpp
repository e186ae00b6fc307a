// The nghttp2 side of Connection: makes the session with its callbacks and submits frames. Only http2/*.cpp include this.
//
// Thread: the connection's. Lifetime: the session is owned by the Connection. Cancellation: none.
#pragma once
#include <nghttp2/nghttp2.h>

#include <span>

#include "protocol/http2/connection.hpp"

namespace jina::http2 {

/// Throws std::bad_alloc only.
nghttp2_session* make_session(Connection& connection, Role role, const ConnectionOptions& options);
void submit_settings(nghttp2_session* session, const ConnectionOptions& options);
/// The new stream's id, negative when none can be opened.
std::int32_t submit_request(nghttp2_session* session, std::span<const Header> headers, Stream& stream, bool end_stream);
void submit_response(nghttp2_session* session, std::span<const Header> headers, Stream& stream, bool end_stream);

}  // namespace jina::http2

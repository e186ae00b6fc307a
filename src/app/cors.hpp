// Cors: --cors of the gateway: every origin, method and header, with credentials, as Jina has it. Users' Apps have
// middleware::cors(), which is the same code.
//
// Thread: free functions. Lifetime: keep nothing. Cancellation: none.
#pragma once
#include <optional>

#include "protocol/http/handler.hpp"

namespace jina::app::cors {

/// The answer when `request` is a preflight, else nothing.
std::optional<http::Response> preflight(const http::Request& request);
/// Adds the headers of an ordinary answer when the request named its origin.
void mark(const http::Request& request, http::Response& response);

}  // namespace jina::app::cors

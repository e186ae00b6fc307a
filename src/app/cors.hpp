// Cors: answers preflights and marks responses for browsers of other origins (--cors: every origin, method and header, with
// credentials).
//
// Thread: free functions. Lifetime: keep nothing. Cancellation: none.
#pragma once
#include <optional>

#include "protocol/http/handler.hpp"

namespace jina::app::cors {

/// The answer when `request` is a preflight, else nothing.
std::optional<http::Response> preflight(const http::Request& request);
/// Adds the headers of an ordinary answer when the request named its origin. `has_cookie`: credentials came along.
void mark(http::Response& response, const std::string& origin, bool has_cookie);

}  // namespace jina::app::cors

// Small HTTP answers: JSON, text, `{"detail": ...}`, the redirect for a wrong slash.
//
// Thread: free functions. Lifetime: own their text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "protocol/http/handler.hpp"

namespace jina::app {

http::Response json_response(int status, Buffer body);
/// `body` has static storage duration.
http::Response static_json_response(int status, std::string_view body);
http::Response text_response(int status, std::string_view text);
/// `{"detail": detail}`.
http::Response detail_response(int status, std::string_view detail);
/// 307 to the same host, another path, the same query. `path` and `query` are encoded where a header needs it.
http::Response redirect_response(const http::Request& request, std::string_view path);

/// The value of a header of the request, or "".
std::string_view header_of(const http::Request& request, std::string_view name) noexcept;

}  // namespace jina::app

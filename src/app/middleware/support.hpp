// What several of the ready-made middleware need.
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "jina/http.hpp"
#include "protocol/http/syntax.hpp"
#include "protocol/http/url.hpp"

namespace jina::app {

inline const Clock& clock_or_real(const Clock* clock) noexcept { return clock == nullptr ? Clock::real() : *clock; }

inline bool is_websocket_handshake(const HttpRequest& request) noexcept {
  return http::equal_nocase(request.header("upgrade"), "websocket");
}

/// The address of "10.0.0.7:51234" and "[::1]:51234".
inline std::string_view address_of(std::string_view peer) noexcept {
  const std::size_t colon = peer.rfind(':');
  if (colon != std::string_view::npos) peer = peer.substr(0, colon);
  if (peer.size() > 2 && peer.front() == '[' && peer.back() == ']') peer = peer.substr(1, peer.size() - 2);
  return peer;
}

/// Adds a name to Vary unless it is there.
void add_vary(Metadata& headers, std::string_view name);
/// Adds a header unless there is one of that name.
void add_header(HttpResponse& response, std::string_view name, std::string value);
/// "KEY" of "Bearer KEY", or nothing.
std::string_view bearer_of(std::string_view authorization) noexcept;
/// The last parameter of that name, or "".
std::string query_parameter(const HttpRequest& request, std::string_view name);

}  // namespace jina::app

// HostPort: "host:port" taken apart.
//
// Thread, lifetime: plain value. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "jina/status.hpp"

namespace jina::net {

struct HostPort {
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
};

/// Accepts "host:80", "1.2.3.4:80", "[::1]:80"; anything else is INVALID_ARGUMENT with a sentence that shows the right form.
Result<HostPort> parse_host_port(std::string_view address);

}  // namespace jina::net

// Addresses of Executors as Jina writes them: "host:port", "grpc://host:port", "grpcs://host:port", ...
//
// Thread: free function. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "jina/status.hpp"

namespace jina {

struct ExecutorAddress {
  std::string host_port;
  bool tls = false;
};

/// Schemes: none, grpc, http and ws are plain; grpcs, https and wss are TLS. INVALID_ARGUMENT says what is missing.
Result<ExecutorAddress> parse_executor_address(std::string_view text);

}  // namespace jina

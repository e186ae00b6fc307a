// What an Executor answers to endpoint_discovery: its endpoints and the fixed schema of docarray v1's Document.
//
// Thread: free function. Lifetime: the result owns its memory. Cancellation: none.
#pragma once
#include <string>
#include <vector>

#include "base/buffer.hpp"

namespace jina {

/// An encoded EndpointsProto for endpoints in the order they are to be listed.
Buffer encode_endpoints(const std::vector<std::string>& paths);

}  // namespace jina

// What an Executor answers to endpoint_discovery: its endpoints and the fixed schema of docarray v1's Document.
//
// Thread: free function. Lifetime: the result owns its memory. Cancellation: none.
#pragma once
#include <string>
#include <vector>

#include "base/buffer.hpp"

namespace jina {

/// An encoded EndpointsProto; `dry_run` comes last, as Jina lists it.
Buffer encode_endpoints(const std::vector<std::string>& paths, const std::string& dry_run);

}  // namespace jina

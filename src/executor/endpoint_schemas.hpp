// What an Executor answers to endpoint_discovery: its endpoints and the fixed schema of docarray v1's Document.
//
// Thread: free function. Lifetime: the result owns its memory. Cancellation: none.
#pragma once
#include <string>
#include <vector>

#include "base/buffer.hpp"

namespace jina {

struct EndpointSchema {
  std::string path;
  bool is_generator = false;
  bool takes_one = false;  ///< one Document, not an array
};

/// An encoded EndpointsProto for endpoints in the order they are to be listed.
Buffer encode_endpoints(const std::vector<EndpointSchema>& endpoints);

}  // namespace jina

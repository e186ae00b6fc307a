// What _status and GET /status tell of this process (wire facts, section 10): versions, machine, environment.
//
// Thread: free function; reads the environment. Lifetime: the result owns its memory. Cancellation: none.
#pragma once
#include "base/buffer.hpp"

namespace jina::grpc {

/// An encoded JinaInfoProto. Values that only a Python process has are "unavailable".
Buffer encode_service_info();

}  // namespace jina::grpc

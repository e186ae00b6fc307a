// make_response: an answer from the wire as user code sees it.
//
// Thread: free function. Lifetime: blobs and tensors of the result share the memory of the message. Cancellation: none.
#pragma once
#include "jina/streamer.hpp"
#include "wire/data_request.hpp"

namespace jina::streamer {

/// INTERNAL that says which part is malformed.
Result<Response> make_response(wire::DataRequest answer);

}  // namespace jina::streamer

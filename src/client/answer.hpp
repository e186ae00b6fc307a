// Answers from the wire and from HTTP.
//
// Thread: free functions. Lifetime: none. Cancellation: none.
#pragma once
#include "base/buffer.hpp"
#include "client/client.hpp"
#include "client/http_client.hpp"

namespace jina::client {

/// An encoded DataRequestProto.
Result<Answer> answer_from_message(const Buffer& message);
Result<Answer> answer_from_http(const HttpResponse& response);
/// The body of POST /post for a request.
std::string http_body(const JsonRequest& request);
/// 32 random hex digits.
std::string new_request_id();

}  // namespace jina::client

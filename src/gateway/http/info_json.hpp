// A JinaInfoProto as GET /status shows it: {"jina": {...}, "envs": {...}}, in the order of the message.
//
// Thread: free function. Lifetime: the result owns its text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "jina/status.hpp"

namespace jina::gateway {

/// INTERNAL when the bytes are no JinaInfoProto.
Result<std::string> info_to_json(std::string_view encoded);

}  // namespace jina::gateway

// The Status for bytes that are not the protobuf message that was expected.
//
// Thread: free function. Lifetime: result owns its text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "jina/status.hpp"

namespace jina::wire {

inline Status malformed(std::string_view message, std::size_t offset) {
  return {StatusCode::kInvalidArgument, "not a " + std::string(message) + ": malformed field at byte " + std::to_string(offset)};
}

}  // namespace jina::wire

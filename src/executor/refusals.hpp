// What requests are told that an Executor had no time for, and how a reply is made whatever happens.
//
// Thread: free functions. Lifetime: none. Cancellation: none.
#pragma once
#include <cstddef>
#include <string>

#include "executor/request_job.hpp"

namespace jina {

/// CANCELLED, or DEADLINE_EXCEEDED, for a request that was cancelled before its turn.
Status cancelled_before_its_turn(CancelReason reason);
/// RESOURCE_EXHAUSTED: `waiting` requests wait already.
Status executor_is_behind(const std::string& deployment, std::size_t waiting);
/// job.encode(); a reply that can not be made is INTERNAL.
void encode_or_fail(RequestJob& job);

}  // namespace jina

// Reply: the answer of a node, an Executor or a whole Flow to one DataRequest, below any protocol.
//
// Thread: plain value. Lifetime: shares the blocks of the message it came in. Cancellation: status says CANCELLED.
#pragma once
#include "base/unique_function.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "wire/data_request.hpp"

namespace jina::wire {

/// `status` is not OK for failures of the network or the protocol only: an Executor that raised is a success on the wire whose
/// header.status says ERROR, and whose trailing metadata has is-error.
struct Reply {
  Status status{};
  DataRequest response{};
  Metadata trailing{};
};
using ReplyCallback = UniqueFunction<void(Reply&&)>;

}  // namespace jina::wire

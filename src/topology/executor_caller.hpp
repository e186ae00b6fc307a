// ExecutorCaller: all that the topology graph knows of Executors. connection_pool/ implements it for those across the network,
// colocation/ for those in this process; graph tests use a fake.
//
// Thread: one per I/O thread. Lifetime: outlives every call. Cancellation: through the context; the completion still runs.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "jina/request_context.hpp"
#include "wire/reply.hpp"

namespace jina::topology {

class ExecutorCaller {
 public:
  virtual ~ExecutorCaller() = default;

  /// Sends `request` to one replica of `deployment` (process_single_data), with retries; `done` runs exactly once, possibly before
  /// this returns (an Executor in this process); the context may be gone then. `endpoint` becomes metadata of that name; empty:
  /// none. A failure's status is what the client sees: code and details as in wire facts, section 9.
  virtual void send(RequestContext& context, std::string_view deployment, std::string_view endpoint, wire::DataRequest&& request,
                    wire::ReplyCallback done) = 0;

  /// The same for process_data: several requests in one call (fan-in without reduce).
  virtual void send_list(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                         std::vector<wire::DataRequest> requests, wire::ReplyCallback done) = 0;
};

}  // namespace jina::topology

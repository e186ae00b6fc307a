#include "streamer/caller_context.hpp"

namespace jina::streamer {

CallerContext::CallerContext(RequestContext* caller, std::optional<std::chrono::milliseconds> timeout, const TraceContext& trace) {
  if (timeout) context_.deadline = std::chrono::steady_clock::now() + *timeout;
  context_.trace = trace;
  if (caller == nullptr) return;
  if (caller->deadline && (!context_.deadline || *caller->deadline < *context_.deadline)) context_.deadline = caller->deadline;
  if (!trace.valid()) context_.trace = caller->trace;
  caller_cancelled_ = caller->on_cancel([this](CancelReason reason) { context_.cancel(reason); });
}

void CallerContext::abandon() {
  caller_cancelled_.reset();
  context_.cancel(CancelReason::kClient);
}

}  // namespace jina::streamer

// ChildContext: a context for a part of a request that has something of its own: its place in the trace, or an end of its own.
//
// Thread: the request's I/O thread. Lifetime: the parent outlives it. Cancellation: the parent's.
#pragma once
#include "jina/request_context.hpp"

namespace jina {

class ChildContext {
 public:
  explicit ChildContext(RequestContext& parent) {
    context_.deadline = parent.deadline;
    context_.metadata = parent.metadata;
    context_.peer = parent.peer;
    context_.trace = parent.trace;
    context_.route = parent.route;
    parent_cancelled_ = parent.on_cancel([this](CancelReason reason) { context_.cancel(reason); });
  }

  RequestContext& get() noexcept { return context_; }
  /// Before the parent ends, when this stays.
  void leave_parent() noexcept { parent_cancelled_.reset(); }

 private:
  RequestContext context_;
  RequestContext::Registration parent_cancelled_;
};

}  // namespace jina

// CallerContext: the context of calls that user code makes. It outlives them, unlike the context of the request that they are made
// for, whose deadline, cancellation and trace it takes over.
//
// Thread: the I/O thread. Lifetime: its owner is kept by the calls. Cancellation: the caller's, or cancel().
#pragma once
#include <chrono>
#include <optional>

#include "jina/request_context.hpp"

namespace jina::streamer {

class CallerContext {
 public:
  CallerContext(RequestContext* caller, std::optional<std::chrono::milliseconds> timeout, const TraceContext& trace = {});

  RequestContext& get() noexcept { return context_; }
  bool cancelled() const noexcept { return context_.cancelled(); }
  /// Leaves the caller and cancels what is in flight.
  void abandon();

 private:
  RequestContext context_;
  RequestContext::Registration caller_cancelled_;
};

}  // namespace jina::streamer

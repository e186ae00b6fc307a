// StreamedCall: the answer of a generator endpoint, Document by Document.
//
// Thread: the I/O thread. Lifetime: destroyed before the context and the Executor. Cancellation: the coroutine that awaits next()
// is cancelled with the request; destroying the call destroys the generator.
#pragma once
#include <memory>
#include <optional>
#include <string_view>

#include "base/child_context.hpp"
#include "base/unique_function.hpp"
#include "jina/executor.hpp"
#include "jina/generator.hpp"

namespace jina {

class StreamedCall {
 public:
  /// `left` is called by the destructor, with whether the endpoint threw. Without a tracer that is enabled there is no span.
  StreamedCall(RequestContext& context, const Endpoint& endpoint, Executor& executor, Document doc, Parameters parameters,
               const Tracer& tracer, std::string_view span_name, UniqueFunction<void(bool failed)> left);
  ~StreamedCall();
  StreamedCall(const StreamedCall&) = delete;
  StreamedCall& operator=(const StreamedCall&) = delete;

  /// The next Document; nullopt when that was the last. Throws what the endpoint threw.
  Task<std::optional<Document>> next();
  /// Ends what the endpoint awaits, for callers whose coroutine is not cancelled with the request.
  void cancel() { items_.cancel(); }

 private:
  const Endpoint& endpoint_;
  Executor& executor_;
  std::optional<ChildContext> traced_;
  Span span_;
  EndpointCall call_;
  UniqueFunction<void(bool failed)> left_;
  bool started_ = false;
  bool failed_ = false;
  Generator<Document> items_;  // last: refers to the others
};

}  // namespace jina

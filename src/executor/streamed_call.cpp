#include "executor/streamed_call.hpp"

#include <utility>

#include "document/normalize.hpp"
#include "executor/endpoint_failure.hpp"

namespace jina {

StreamedCall::StreamedCall(RequestContext& context, const Endpoint& endpoint, Executor& executor, Document doc,
                           Parameters parameters, const Tracer& tracer, std::string_view span_name,
                           UniqueFunction<void(bool failed)> left)
    : endpoint_(endpoint),
      executor_(executor),
      call_{{}, std::move(parameters), tracer.enabled() ? traced_.emplace(context).get() : context},
      left_(std::move(left)) {
  normalize_like_docarray(doc);
  call_.docs.push_back(std::move(doc));
  if (!tracer.enabled()) return;
  TraceContext& trace = traced_->get().trace;
  span_ = tracer.start_span(span_name, {.parent = trace});
  trace = span_.context();
}

StreamedCall::~StreamedCall() {
  items_ = {};
  span_.end();
  left_(failed_ || call_.context.cancelled());
}

Task<std::optional<Document>> StreamedCall::next() {
  try {
    if (!std::exchange(started_, true)) items_ = endpoint_.generator(executor_, call_);
    co_return co_await items_.next();
  } catch (...) {
    failed_ = true;
    const EndpointFailure failure = EndpointFailure::of(std::current_exception());
    span_.record_error(failure.name, failure.description);
    throw;
  }
}

}  // namespace jina

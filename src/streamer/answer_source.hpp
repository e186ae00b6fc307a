// AnswerSource: what a ResponseStream reads from: the requests of stream_docs (DocsRun), or the answers of a generator endpoint
// (DocumentRun).
//
// Thread: one I/O thread. Lifetime: shared with the calls in flight. Cancellation: abandon().
#pragma once
#include <optional>

#include "base/unique_function.hpp"
#include "jina/status.hpp"
#include "wire/data_request.hpp"

namespace jina::streamer {

class AnswerSource {
 public:
  using Answer = Result<std::optional<wire::DataRequest>>;

  virtual ~AnswerSource() = default;
  /// The next answer, the next failure, or nullopt when all were given. One at a time; may complete before it returns.
  virtual void next(UniqueFunction<void(Answer)> done) = 0;
  /// Nobody asks any more: cancels what is in flight.
  virtual void abandon() = 0;
};

}  // namespace jina::streamer

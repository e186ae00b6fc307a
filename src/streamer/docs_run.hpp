// DocsRun: the requests of one stream_docs: started as there is room, their answers handed out one by one.
//
// Thread: one I/O thread. Lifetime: shared with the calls in flight; what its sender refers to outlives it. Cancellation:
// abandon(), and the context of the request it is done for.
#pragma once
#include <memory>

#include "base/answer_order.hpp"
#include "streamer/answer_source.hpp"
#include "streamer/caller_context.hpp"
#include "streamer/request_batcher.hpp"
#include "wire/reply.hpp"

namespace jina::streamer {

class DocsRun final : public AnswerSource, public std::enable_shared_from_this<DocsRun> {
 public:
  /// Where a request goes: through the graph, or to one Executor.
  using Send = UniqueFunction<void(RequestContext&, wire::DataRequest, wire::ReplyCallback)>;

  /// `prefetch` 0: no limit but that of memory.
  DocsRun(Send send, DocumentArray docs, const StreamOptions& options, int prefetch);

  void next(UniqueFunction<void(Answer)> done) override;
  void abandon() override;

 private:
  void fill();
  void hand_out();

  Send send_;
  RequestBatcher batcher_;
  const std::size_t most_in_flight_;
  CallerContext context_;
  UniqueFunction<void(Answer)> waiting_;
  AnswerOrder<wire::Reply> replies_;
  bool filling_ = false;
};

}  // namespace jina::streamer

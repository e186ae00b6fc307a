// DocsRun: the requests of one stream_docs: started as there is room, their answers handed out one by one.
//
// Thread: one I/O thread. Lifetime: shared with the calls in flight; what its sender refers to outlives it. Cancellation:
// abandon(), and the context of the request it is done for.
#pragma once
#include <deque>
#include <memory>
#include <optional>

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
  struct Slot {
    bool done = false;
    wire::Reply reply{};
  };
  void fill();
  void completed(std::uint64_t number, wire::Reply reply);
  std::optional<wire::Reply> take_ready();
  void hand_out();

  Send send_;
  RequestBatcher batcher_;
  const std::size_t most_in_flight_;
  const bool in_order_;
  CallerContext context_;
  UniqueFunction<void(Answer)> waiting_;
  std::deque<Slot> slots_;         // in order: requests first_number_ and following
  std::deque<wire::Reply> ready_;  // else: answers in order of arrival
  std::uint64_t first_number_ = 0;
  std::uint64_t next_number_ = 0;
  std::size_t unread_ = 0;  // started and not handed out
  bool filling_ = false;
};

}  // namespace jina::streamer

// DocsRun: the requests of one stream_docs: started as there is room, their answers handed out one by one.
//
// Thread: one I/O thread. Lifetime: shared with the calls in flight; the runner outlives it. Cancellation: abandon(), and the
// context of the request it is done for.
#pragma once
#include <deque>
#include <memory>
#include <optional>

#include "base/unique_function.hpp"
#include "streamer/request_batcher.hpp"
#include "topology/graph_runner.hpp"

namespace jina::streamer {

class DocsRun : public std::enable_shared_from_this<DocsRun> {
 public:
  using Answer = Result<std::optional<wire::DataRequest>>;

  /// `prefetch` 0: no limit but that of memory.
  DocsRun(topology::GraphRunner& runner, DocumentArray docs, const StreamOptions& options, int prefetch);

  /// The next answer, the next failure, or nullopt when all were given. One at a time; may complete before it returns.
  void next(UniqueFunction<void(Answer)> done);
  /// Nobody asks any more: cancels what is in flight.
  void abandon();

 private:
  struct Slot {
    bool done = false;
    wire::Reply reply{};
  };
  void fill();
  void completed(std::uint64_t number, wire::Reply reply);
  std::optional<wire::Reply> take_ready();
  void hand_out();

  topology::GraphRunner& runner_;
  RequestBatcher batcher_;
  const std::size_t most_in_flight_;
  const bool in_order_;
  RequestContext context_;  // of the calls: outlives them, unlike the caller's
  RequestContext::Registration caller_cancelled_;
  UniqueFunction<void(Answer)> waiting_;
  std::deque<Slot> slots_;         // in order: requests first_number_ and following
  std::deque<wire::Reply> ready_;  // else: answers in order of arrival
  std::uint64_t first_number_ = 0;
  std::uint64_t next_number_ = 0;
  std::size_t unread_ = 0;  // started and not handed out
  bool filling_ = false;
};

}  // namespace jina::streamer

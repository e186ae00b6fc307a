// BatchQueue: requests for one endpoint with equal parameters, waiting until there are Documents enough or the first of them has
// waited long enough. One batch of a queue runs at a time; what comes meanwhile waits for the next one.
//
// Its timer is never stopped: when it fires too early, because what it was set for has gone, it is set again for what waits now. So
// a queue that fills up before its time wakes nobody more than once per timeout, however many batches it makes.
//
// Thread: the I/O thread. Lifetime: outlives its batch; may be destroyed by what drop() calls, and while a timer is set.
// Cancellation: a request that is cancelled while it waits leaves the queue, its Documents with it.
#pragma once
#include <cstddef>
#include <list>
#include <memory>
#include <vector>

#include "executor/batching/batch_time.hpp"
#include "executor/request_job.hpp"
#include "jina/endpoint.hpp"

namespace jina {

class BatchQueue {
 public:
  using Jobs = std::vector<std::shared_ptr<RequestJob>>;
  struct Calls {
    UniqueFunction<void(BatchQueue&, Jobs)> run;                          ///< finished() follows, later
    UniqueFunction<void(BatchQueue&, std::shared_ptr<RequestJob>)> drop;  ///< of a request that was cancelled; the last act
  };

  BatchQueue(const DynamicBatching& options, BatchTime& time, Calls calls);
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;

  /// `documents`: how many are in it, at least one. REQUIRES: not cancelled.
  void push(std::shared_ptr<RequestJob> job, std::size_t documents);
  /// From now on nothing waits for others; a batch that runs is still waited for.
  void stop_waiting();
  /// The batch is done: the next one may begin.
  void finished();

  std::size_t waiting() const noexcept { return waiting_.size(); }
  bool idle() const noexcept { return waiting_.empty() && !running_; }

 private:
  struct Entry {
    std::shared_ptr<RequestJob> job;
    std::size_t documents;
    SteadyTime due;
    RequestContext::Registration cancelled{};
  };
  using Entries = std::list<Entry>;

  void look();
  void begin();
  void on_cancelled(Entries::iterator entry);

  const std::size_t size_;
  const std::chrono::milliseconds timeout_;
  BatchTime& time_;
  Calls calls_;
  Entries waiting_;
  std::size_t documents_ = 0;  // of those that wait
  bool running_ = false;
  bool no_waiting_ = false;
  SteadyTime armed_ = SteadyTime::max();  // when the timer fires
  std::unique_ptr<BatchTimer> timer_;
};

}  // namespace jina

// Batcher: the queues of an Executor whose endpoints have dynamic batching: one for each endpoint and each set of parameters that
// requests with Documents came with. A queue goes when nothing waits in it.
//
// Thread: the I/O thread. Lifetime: outlives the batches that it gives out. Cancellation: see BatchQueue.
#pragma once
#include <boost/json/object.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/unique_function.hpp"
#include "executor/batching/batch.hpp"
#include "executor/batching/batch_queue.hpp"
#include "jina/status.hpp"

namespace jina {

class Batcher {
 public:
  struct Calls {
    /// Takes the batch through its endpoint; finished() follows, but not inside the call.
    UniqueFunction<void(std::shared_ptr<Batch>)> run;
    /// A request that will be in no batch; its reply is made.
    UniqueFunction<void(std::shared_ptr<RequestJob>)> answered;
  };

  /// `max_waiting`: requests in all queues; more are refused with RESOURCE_EXHAUSTED.
  Batcher(std::unique_ptr<BatchTime> time, std::string deployment, std::size_t max_waiting, Calls calls);
  ~Batcher();
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  /// REQUIRES: the job's endpoint has dynamic batching.
  void push(std::shared_ptr<RequestJob> job);
  /// The batch is done, its requests are answered.
  void finished(const Batch& batch);
  /// The Executor stops: what waits is run now, and nothing waits for others any more.
  void stop_waiting();

  std::size_t queues() const noexcept { return queues_.size(); }

 private:
  struct Key {
    const Endpoint* endpoint;
    Parameters parameters;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };

  BatchQueue& queue_of(const Endpoint& endpoint, Parameters parameters);
  void run(BatchQueue& queue, BatchQueue::Jobs jobs);
  void drop(BatchQueue& queue, std::shared_ptr<RequestJob> job);
  void leave_if_idle(const BatchQueue& queue);

  std::unique_ptr<BatchTime> time_;
  const std::string deployment_;
  const std::size_t max_waiting_;
  Calls calls_;
  std::size_t waiting_ = 0;
  bool no_waiting_ = false;
  std::unordered_map<Key, std::unique_ptr<BatchQueue>, KeyHash> queues_;
  std::unordered_map<const BatchQueue*, const Key*> keys_;  // of the queues, which are found by address
  std::unordered_map<const Batch*, BatchQueue*> running_;
};

}  // namespace jina

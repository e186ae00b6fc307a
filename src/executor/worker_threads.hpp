// WorkerThreads: threads that run tasks in the order they came; the queue before them is bounded. With one thread, tasks run one at
// a time.
//
// Thread: any thread may push. Lifetime: the destructor runs what is queued, then joins. Cancellation: none; a task that runs is
// left to finish.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/unique_function.hpp"

namespace jina {

class WorkerThreads {
 public:
  WorkerThreads(std::size_t threads, std::size_t max_queued);
  ~WorkerThreads();
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;

  /// False when the queue is full; the task is dropped then.
  bool push(UniqueFunction<void()> task);
  /// The same without waking anybody: wake() follows, for all that were pushed before it. With one thread only.
  bool push_quietly(UniqueFunction<void()> task);
  void wake();

 private:
  void run();

  const std::size_t max_queued_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<UniqueFunction<void()>> queue_;
  std::size_t sleeping_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;  // last: they use the others
};

}  // namespace jina

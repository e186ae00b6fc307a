// WorkerThread: one thread that runs tasks in the order they came; the queue before it is bounded.
//
// Thread: any thread may push. Lifetime: the destructor runs what is queued, then joins. Cancellation: none; a task that runs is
// left to finish.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/unique_function.hpp"

namespace jina {

class WorkerThread {
 public:
  explicit WorkerThread(std::size_t max_queued);
  ~WorkerThread();
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  /// False when the queue is full; the task is dropped then.
  bool push(UniqueFunction<void()> task);

 private:
  void run();

  const std::size_t max_queued_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<UniqueFunction<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace jina

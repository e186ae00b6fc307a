// WorkerPool: the threads that blocking routes run on.
//
// Thread: run() on I/O threads. Lifetime: the destructor waits for what runs. Cancellation: what waits for a thread is dropped when
// its context is cancelled; what runs is left alone.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>

#include "jina/request_context.hpp"
#include "jina/task.hpp"

namespace jina::app {

class WorkerPool {
 public:
  /// Threads are started when they are needed. More than `max_waiting` jobs: run() throws HttpError 503.
  explicit WorkerPool(std::size_t threads = 0 /* 0: as many as cores, at least 4 */, std::size_t max_waiting = 1000);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Runs `job` on a thread of the pool and goes on on the caller's; what it throws is thrown here. HttpError 499 when the context
  /// was cancelled before a thread was free. A server that stops waits for what runs: a thread cannot be cut short.
  Task<void> run(RequestContext& context, std::function<void()> job);

  // For who takes the io_context from under it, in this order; run() throws HttpError 503 from the first on.
  /// What ends from now on is not resumed: nothing is posted to an io_context any more.
  void detach();
  /// Waits for what runs. The coroutines that waited, for that or for a thread, are destroyed by their io_context.
  void join();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace jina::app

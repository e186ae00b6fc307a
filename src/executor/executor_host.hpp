// ExecutorHost: the user's Executor with its endpoint table and the thread that its plain functions run on.
//
// Thread: run() and every completion belong to the I/O thread; plain endpoints run one at a time on the worker thread, coroutines
// on the I/O thread. Lifetime: close() when nothing is in flight; jobs and contexts outlive their completion only.
// Cancellation: a job that waits is completed with CANCELLED instead of being run; a coroutine's await is ended; a plain function
// that runs is left to finish.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_function.hpp"
#include "executor/request_job.hpp"
#include "executor/worker_thread.hpp"
#include "jina/executor.hpp"
#include "jina/status.hpp"

namespace jina {

class ExecutorHost {
 public:
  /// `max_waiting`: requests for plain functions that may wait for their turn; more are refused with RESOURCE_EXHAUSTED.
  ExecutorHost(boost::asio::io_context& io, std::unique_ptr<Executor> executor, ExecutorNames names, ExecutorRuntimeArgs args,
               std::size_t max_waiting = 10'000, const Tracer& tracer = {});
  ~ExecutorHost();
  ExecutorHost(const ExecutorHost&) = delete;
  ExecutorHost& operator=(const ExecutorHost&) = delete;

  /// Lets the Executor fill its table. FAILED_PRECONDITION with the exception's text when it throws.
  Status setup();
  /// Waits for the worker thread, then lets the Executor close. Later calls do nothing.
  void close();

  const Endpoints& endpoints() const noexcept { return endpoints_; }
  const ExecutorNames& names() const noexcept { return names_; }
  const Tracer& tracer() const noexcept { return executor_->tracer(); }

  /// Takes the job through its endpoint and completes it, exactly once.
  void run(std::shared_ptr<RequestJob> job);
  std::size_t in_flight() const noexcept { return in_flight_; }
  /// Runs `idle` once nothing is in flight (at once when that is so).
  void when_idle(UniqueFunction<void()> idle);

 private:
  void run_plain(RequestJob& job);
  void run_coroutine(std::shared_ptr<RequestJob> job);
  void report(std::shared_ptr<RequestJob> job);
  void complete_reported();
  void complete(RequestJob& job);
  void fail(RequestJob& job, const std::exception_ptr& error);

  boost::asio::io_context& io_;
  std::unique_ptr<Executor> executor_;
  ExecutorNames names_;
  Endpoints endpoints_;
  std::size_t max_waiting_;
  std::size_t in_flight_ = 0;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;  // while something is in flight
  UniqueFunction<void()> idle_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<RequestJob>> reported_;  // done by the worker, not yet completed; guarded by mutex_
  std::unique_ptr<WorkerThread> worker_;               // last: its tasks use the others
};

}  // namespace jina

// ExecutorHost: the user's Executor with its endpoint table and the threads that its plain functions run on.
//
// Thread: run(), stream() and every completion belong to the I/O thread; plain endpoints run one at a time on the worker thread,
// those that are concurrent on as many threads as there are cores, coroutines, generators and quick functions on the I/O thread.
// Lifetime: close() when nothing is in flight; jobs and contexts outlive their completion only. Cancellation: a job that waits is
// completed with CANCELLED instead of being run; a coroutine's await is ended; a plain function that runs is left to finish.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_function.hpp"
#include "executor/batching/batcher.hpp"
#include "executor/executor_metrics.hpp"
#include "executor/request_job.hpp"
#include "executor/streamed_call.hpp"
#include "executor/worker_threads.hpp"
#include "jina/executor.hpp"
#include "jina/status.hpp"

namespace jina {

/// What YAML and command line say about endpoints.
struct EndpointOverrides {
  boost::json::object requests{};          ///< path -> function
  boost::json::object dynamic_batching{};  ///< path or function -> {preferred_batch_size, timeout}
  bool concurrent = false;                 ///< --allow-concurrent
};

class ExecutorHost {
 public:
  /// `max_waiting`: requests for plain functions that may wait for their turn; more are refused with RESOURCE_EXHAUSTED.
  ExecutorHost(boost::asio::io_context& io, std::unique_ptr<Executor> executor, ExecutorNames names, ExecutorRuntimeArgs args,
               std::size_t max_waiting = 10'000, const Tracer& tracer = {});
  ~ExecutorHost();
  ExecutorHost(const ExecutorHost&) = delete;
  ExecutorHost& operator=(const ExecutorHost&) = delete;

  /// Counts from now on, in `registry`; null: not. Before setup().
  void measure(std::shared_ptr<metrics::Registry> registry);
  /// Lets the Executor fill its table, then lays `how` over it. FAILED_PRECONDITION with the exception's text when setup() throws,
  /// INVALID_ARGUMENT for names in `how` that the table does not have.
  Status setup(const EndpointOverrides& how = {});
  /// Runs the Executor's warm_up() to its end. FAILED_PRECONDITION as above. REQUIRES: nobody runs the io_context.
  Status warm_up();
  /// Waits for the worker thread, then lets the Executor close. Later calls do nothing.
  void close();

  /// What the Executor says of itself; an exception is UNKNOWN.
  Status health();
  /// `ended` is called, once, after an endpoint threw one of `names`: "ValueError", "std::out_of_range" or "out_of_range".
  void end_on(std::vector<std::string> names, UniqueFunction<void(std::string)> ended);

  /// The callers are in this process: replies hold the Documents as they are, not encoded. Before the first job.
  void keep_documents() noexcept { keep_documents_ = true; }

  const Endpoints& endpoints() const noexcept { return endpoints_; }
  const ExecutorNames& names() const noexcept { return names_; }
  const Tracer& tracer() const noexcept { return executor_->tracer(); }
  /// Null: nothing is counted.
  ExecutorMetrics* metrics() const noexcept { return metrics_.get(); }
  boost::asio::io_context& io() noexcept { return io_; }

  /// Takes the job through its endpoint and completes it, exactly once.
  void run(std::shared_ptr<RequestJob> job);
  /// Opens the answer of a generator endpoint, which counts as in flight until it is destroyed. `span_name`: see RequestJob;
  /// `ended` is called then too; without it the request is counted here.
  std::unique_ptr<StreamedCall> stream(RequestContext& context, const Endpoint& endpoint, Document doc, Parameters parameters,
                                       std::string_view span_name, UniqueFunction<void(bool failed)> ended = {});
  /// Logs what an endpoint threw, and looks whether it ends the process.
  EndpointFailure failure_of(const std::exception_ptr& error, bool wanted);
  std::size_t in_flight() const noexcept { return in_flight_; }
  /// Requests that wait for others to share a batch with are run now, and none waits any more: the first step of an end.
  void stop_waiting();
  /// Runs `idle` once nothing is in flight (at once when that is so). Nothing waits for others any more.
  void when_idle(UniqueFunction<void()> idle);

 private:
  bool push(const std::shared_ptr<RequestJob>& job);
  void run_plain(RequestJob& job);
  void run_coroutine(std::shared_ptr<RequestJob> job);
  // Dynamic batching (executor_host_batches.cpp).
  void make_batcher();
  void run_batch(std::shared_ptr<Batch> batch);
  void run_plain_batch(Batch& batch);
  Task<void> run_coroutine_batch(std::shared_ptr<Batch> batch);
  void end_batch(const Batch& batch);
  void complete_answered(Batch& batch);

  void report(std::shared_ptr<RequestJob> job);
  void complete_reported();
  void complete(RequestJob& job);
  void fail(RequestJob& job, const std::exception_ptr& error);
  void enter();
  void leave();
  /// Where the time of an endpoint's function is observed.
  metrics::Summary* seconds_of(const Endpoint& endpoint) const { return metrics_ ? &metrics_->process_seconds(endpoint) : nullptr; }

  boost::asio::io_context& io_;
  std::unique_ptr<Executor> executor_;
  ExecutorNames names_;
  Endpoints endpoints_;
  std::shared_ptr<metrics::Registry> registry_;  // null: nothing is counted
  std::unique_ptr<ExecutorMetrics> metrics_;
  std::size_t max_waiting_;
  bool keep_documents_ = false;
  bool will_wake_ = false;  // the worker, for the requests of this turn of the io_context
  std::size_t in_flight_ = 0;
  std::size_t with_worker_ = 0;  // of those, on their way through worker_
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;  // while something is in flight
  UniqueFunction<void()> idle_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<RequestJob>> reported_;  // done by the worker, not yet completed; guarded by mutex_
  std::vector<std::string> end_on_;
  UniqueFunction<void(std::string)> ended_;
  std::unique_ptr<Batcher> batcher_;  // when an endpoint has dynamic batching
  // Last: their tasks use the others.
  std::unique_ptr<WorkerThreads> worker_;   // one
  std::unique_ptr<WorkerThreads> workers_;  // several, when an endpoint is concurrent
};

}  // namespace jina

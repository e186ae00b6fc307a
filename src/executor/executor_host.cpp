#include "executor/executor_host.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace jina {
namespace {

Status cancelled_status(CancelReason reason) {
  if (reason == CancelReason::kDeadline) return {StatusCode::kDeadlineExceeded, "Deadline Exceeded"};
  return {StatusCode::kCancelled, "cancelled (" + std::string(to_string(reason)) + ") before the Executor had time for it"};
}

}  // namespace

ExecutorHost::ExecutorHost(boost::asio::io_context& io, std::unique_ptr<Executor> executor, ExecutorNames names,
                           ExecutorRuntimeArgs args, std::size_t max_waiting, const Tracer& tracer)
    : io_(io),
      executor_(std::move(executor)),
      names_(std::move(names)),
      max_waiting_(max_waiting),
      worker_(std::make_unique<WorkerThread>(max_waiting)) {
  executor_->runtime_args_ = std::move(args);
  executor_->tracer_ = tracer;
}

ExecutorHost::~ExecutorHost() { close(); }

Status ExecutorHost::setup() {
  const std::string what = "Executor '" + names_.class_name + "': setup() failed: ";
  try {
    executor_->setup(endpoints_);
  } catch (const std::exception& error) {
    return {StatusCode::kFailedPrecondition, what + error.what()};
  } catch (...) {
    return {StatusCode::kFailedPrecondition, what + "something was thrown that is no std::exception"};
  }
  return {};
}

void ExecutorHost::close() {
  if (worker_ == nullptr) return;
  worker_.reset();
  try {
    executor_->close();
  } catch (const std::exception& error) {
    spdlog::error("Executor '{}': close() failed: {}", names_.class_name, error.what());
  }
}

void ExecutorHost::run(std::shared_ptr<RequestJob> job) {
  if (in_flight_++ == 0) work_.emplace(io_.get_executor());
  if (job->endpoint().coroutine) return run_coroutine(std::move(job));
  const bool taken = worker_->push([this, job]() mutable {
    run_plain(*job);
    report(std::move(job));
  });
  if (taken) return;
  job->fail(Status{StatusCode::kResourceExhausted, "Executor '" + names_.deployment +
                                                       "' is behind: " + std::to_string(max_waiting_) +
                                                       " requests wait already. Send fewer at a time, or add replicas"});
  complete(*job);
}

void ExecutorHost::run_plain(RequestJob& job) {
  try {
    if (job.cancelled()) return job.fail(cancelled_status(job.call().context.cancel_reason()));
    job.begin();
    if (!job.decode()) return;
    try {
      job.endpoint().plain(*executor_, job.call());
    } catch (...) {
      return fail(job, std::current_exception());
    }
    job.encode();
  } catch (const std::exception& error) {
    job.fail(Status{StatusCode::kInternal, std::string("the reply could not be made: ") + error.what()});
  }
}

void ExecutorHost::run_coroutine(std::shared_ptr<RequestJob> job) {
  RequestJob& running = *job;
  try {
    running.begin();
    if (!running.decode()) return complete(running);
    auto finished = [this, job = std::move(job)](std::exception_ptr error) {
      if (error) {
        fail(*job, error);
      } else {
        job->encode();
      }
      complete(*job);
    };
    boost::asio::co_spawn(io_, running.endpoint().coroutine(*executor_, running.call()),
                          boost::asio::bind_cancellation_slot(running.watch_cancellation(), std::move(finished)));
  } catch (...) {
    fail(running, std::current_exception());
    complete(running);
  }
}

void ExecutorHost::fail(RequestJob& job, const std::exception_ptr& error) {
  const EndpointFailure failure = EndpointFailure::of(error);
  if (!job.cancelled()) spdlog::error("{}: an endpoint of {} failed: {}", names_.pod, names_.class_name, failure.description);
  job.fail(failure);
}

void ExecutorHost::report(std::shared_ptr<RequestJob> job) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = reported_.empty();
    reported_.push_back(std::move(job));
  }
  // One wake-up of the I/O thread for all that were finished before it looked.
  if (first) boost::asio::post(io_, [this] { complete_reported(); });
}

void ExecutorHost::complete_reported() {
  std::vector<std::shared_ptr<RequestJob>> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(reported_);
  }
  for (const std::shared_ptr<RequestJob>& job : jobs) complete(*job);
}

void ExecutorHost::complete(RequestJob& job) {
  job.complete();
  if (--in_flight_ > 0) return;
  work_.reset();
  if (idle_) std::exchange(idle_, nullptr)();
}

void ExecutorHost::when_idle(UniqueFunction<void()> idle) {
  if (in_flight_ == 0) return idle();
  idle_ = std::move(idle);
}

}  // namespace jina

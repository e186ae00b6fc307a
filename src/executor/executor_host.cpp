#include "executor/executor_host.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "document/document_codec.hpp"
#include "executor/refusals.hpp"

namespace jina {
namespace {

std::string text_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "something was thrown that is no std::exception";
  }
}

// "out_of_range" stands for std::out_of_range too.
bool names_type(std::string_view name, std::string_view type) {
  return name == type ||
         (type.size() > name.size() + 2 && type.ends_with(name) && type.substr(0, type.size() - name.size()).ends_with("::"));
}

class LoggedTimes final : public MonitorSink {
 public:
  explicit LoggedTimes(std::string pod) : pod_(std::move(pod)) {}
  void observe(std::string_view name, std::chrono::duration<double> seconds) override {
    spdlog::debug("{}: {} took {:.6f} s", pod_, name, seconds.count());
  }

 private:
  std::string pod_;
};

}  // namespace

ExecutorHost::ExecutorHost(boost::asio::io_context& io, std::unique_ptr<Executor> executor, ExecutorNames names,
                           ExecutorRuntimeArgs args, std::size_t max_waiting, const Tracer& tracer)
    : io_(io),
      executor_(std::move(executor)),
      names_(std::move(names)),
      max_waiting_(max_waiting),
      worker_(std::make_unique<WorkerThreads>(1, max_waiting)) {
  executor_->runtime_args_ = std::move(args);
  executor_->tracer_ = tracer;
  executor_->monitors_ = std::make_shared<LoggedTimes>(names_.pod);
}

ExecutorHost::~ExecutorHost() { close(); }

void ExecutorHost::measure(std::shared_ptr<metrics::Registry> registry) {
  registry_ = std::move(registry);
  if (registry_) executor_->monitors_ = ExecutorMetrics::monitors(registry_, names_.pod);
}

Status ExecutorHost::setup(const EndpointOverrides& how) {
  try {
    executor_->setup(endpoints_);
  } catch (...) {
    return {StatusCode::kFailedPrecondition,
            "Executor '" + names_.class_name + "': setup() failed: " + text_of(std::current_exception())};
  }
  Status status = endpoints_.bind(how.requests);
  if (status.ok()) status = endpoints_.batch(how.dynamic_batching);
  if (!status.ok()) {
    status.message = "Executor '" + names_.class_name + "': " + status.message;
    return status;
  }
  if (how.concurrent) endpoints_.make_concurrent();
  const auto concurrent = [this](const std::string& path) { return endpoints_.find_exact(path)->options.concurrent; };
  if (std::any_of(endpoints_.paths().begin(), endpoints_.paths().end(), concurrent))
    workers_ = std::make_unique<WorkerThreads>(std::max(2U, std::thread::hardware_concurrency()), max_waiting_);
  make_batcher();
  if (registry_) metrics_ = std::make_unique<ExecutorMetrics>(registry_, names_, endpoints_);
  return {};
}

Status ExecutorHost::warm_up() {
  std::optional<std::exception_ptr> end;
  boost::asio::co_spawn(io_, executor_->warm_up(), [&end](std::exception_ptr error) { end = std::move(error); });
  io_.restart();
  while (!end && io_.run_one() > 0) continue;
  if (!end || !*end) return {};
  return {StatusCode::kFailedPrecondition, "Executor '" + names_.class_name + "': warm_up() failed: " + text_of(*end)};
}

Status ExecutorHost::health() {
  try {
    return executor_->health();
  } catch (...) {
    return {StatusCode::kUnknown, "health() threw: " + text_of(std::current_exception())};
  }
}

void ExecutorHost::end_on(std::vector<std::string> names, UniqueFunction<void(std::string)> ended) {
  end_on_ = std::move(names);
  ended_ = std::move(ended);
}

void ExecutorHost::close() {
  if (worker_ == nullptr) return;
  worker_.reset();
  workers_.reset();
  try {
    executor_->close();
  } catch (const std::exception& error) {
    spdlog::error("Executor '{}': close() failed: {}", names_.class_name, error.what());
  }
}

void ExecutorHost::enter() {
  if (in_flight_++ == 0) work_.emplace(io_.get_executor());
}

void ExecutorHost::leave() {
  if (--in_flight_ > 0) return;
  work_.reset();
  if (idle_) std::exchange(idle_, nullptr)();
}

void ExecutorHost::run(std::shared_ptr<RequestJob> job) {
  enter();
  if (keep_documents_) job->keep_documents();
  const Endpoint& endpoint = job->endpoint();
  if (endpoint.options.batching && endpoint.wants_docs && !endpoint.generator) return batcher_->push(std::move(job));
  if (endpoint.coroutine) return run_coroutine(std::move(job));
  if (endpoint.generator) {
    static const EndpointFailure failure =
        EndpointFailure::of("TypeError", {"the endpoint streams its answer: call it by stream_doc over gRPC, or by GET over HTTP"});
    job->fail(failure);
    return complete(*job);
  }
  // Where it is, when its turn is now: functions that are not concurrent never run side by side.
  if (endpoint.options.quick && (endpoint.options.concurrent || with_worker_ == 0)) {
    run_plain(*job);
    return complete(*job);
  }
  if (push(job)) return;
  job->fail(executor_is_behind(names_.deployment, max_waiting_));
  complete(*job);
}

bool ExecutorHost::push(const std::shared_ptr<RequestJob>& job) {
  // One of its own, not const: the job must not end on the thread that ran it.
  auto task = [this, job = job]() mutable {
    run_plain(*job);
    report(std::move(job));
  };
  if (job->endpoint().options.concurrent) return workers_->push(std::move(task));
  if (!worker_->push_quietly(std::move(task))) return false;
  ++with_worker_;
  // The worker is woken once for all requests that came in one piece.
  if (!std::exchange(will_wake_, true))
    boost::asio::post(io_, [this] {
      will_wake_ = false;
      worker_->wake();
    });
  return true;
}

std::unique_ptr<StreamedCall> ExecutorHost::stream(RequestContext& context, const Endpoint& endpoint, Document doc,
                                                   Parameters parameters, std::string_view span_name,
                                                   UniqueFunction<void(bool failed)> ended) {
  enter();
  if (metrics_ && !ended) ended = metrics_->watch_stream(span_name, encode_document(doc).size());
  auto left = [this, watch = metrics::Stopwatch(seconds_of(endpoint)), ended = std::move(ended)](bool failed) mutable {
    watch.stop();
    if (ended) ended(failed);
    leave();
  };
  return std::make_unique<StreamedCall>(context, endpoint, *executor_, std::move(doc), std::move(parameters), tracer(), span_name,
                                        std::move(left));
}

void ExecutorHost::run_plain(RequestJob& job) {
  try {
    if (job.cancelled()) return job.fail(cancelled_before_its_turn(job.call().context.cancel_reason()));
    job.begin();
    if (!job.decode()) return;
    try {
      const metrics::Timer timer(seconds_of(job.endpoint()));
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
    // A copy: when the endpoint throws before it is a coroutine, this one goes with it, and the job is still needed.
    auto finished = [this, job, watch = metrics::Stopwatch(seconds_of(running.endpoint()))](std::exception_ptr error) {
      watch.stop();
      if (error) {
        fail(*job, error);
      } else {
        encode_or_fail(*job);
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

void ExecutorHost::fail(RequestJob& job, const std::exception_ptr& error) { job.fail(failure_of(error, !job.cancelled())); }

EndpointFailure ExecutorHost::failure_of(const std::exception_ptr& error, bool wanted) {
  EndpointFailure failure = EndpointFailure::of(error);
  if (wanted) spdlog::error("{}: an endpoint of {} failed: {}", names_.pod, names_.class_name, failure.description);
  const bool ends =
      std::any_of(end_on_.begin(), end_on_.end(), [&](const std::string& name) { return names_type(name, failure.name); });
  // On the I/O thread, behind the reply.
  if (ends)
    boost::asio::post(io_, [this, why = failure.description] {
      if (ended_) std::exchange(ended_, nullptr)(why);
    });
  return failure;
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
  for (const std::shared_ptr<RequestJob>& job : jobs)
    if (!job->endpoint().options.concurrent) --with_worker_;
  for (const std::shared_ptr<RequestJob>& job : jobs) complete(*job);
}

void ExecutorHost::complete(RequestJob& job) {
  job.complete();
  leave();
}

void ExecutorHost::when_idle(UniqueFunction<void()> idle) {
  stop_waiting();
  if (in_flight_ == 0) return idle();
  idle_ = std::move(idle);
}

}  // namespace jina

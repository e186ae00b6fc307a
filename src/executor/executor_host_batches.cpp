// ExecutorHost: endpoints with dynamic batching.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "executor/executor_host.hpp"
#include "executor/refusals.hpp"

namespace jina {

void ExecutorHost::make_batcher() {
  const auto batches = [this](const std::string& path) { return endpoints_.find_exact(path)->options.batching.has_value(); };
  if (std::none_of(endpoints_.paths().begin(), endpoints_.paths().end(), batches)) return;
  batcher_ = std::make_unique<Batcher>(BatchTime::real(io_), names_.deployment, max_waiting_,
                                       Batcher::Calls{[this](std::shared_ptr<Batch> batch) { run_batch(std::move(batch)); },
                                                      [this](std::shared_ptr<RequestJob> job) { complete(*job); }});
}

void ExecutorHost::stop_waiting() {
  if (batcher_) batcher_->stop_waiting();
}

void ExecutorHost::run_batch(std::shared_ptr<Batch> batch) {
  enter();  // for the batch itself, which ends behind its last request
  if (batch->endpoint().coroutine) {
    boost::asio::co_spawn(io_, run_coroutine_batch(batch), [this, batch](const std::exception_ptr&) { end_batch(*batch); });
    return;
  }
  const bool concurrent = batch->endpoint().options.concurrent;
  const bool taken = (concurrent ? *workers_ : *worker_).push([this, batch] {
    run_plain_batch(*batch);
    boost::asio::post(io_, [this, batch] {
      complete_reported();
      end_batch(*batch);
    });
  });
  if (taken) {
    if (!concurrent) with_worker_ += batch->requests();
    return;
  }
  batch->refuse(executor_is_behind(names_.deployment, max_waiting_));
  boost::asio::post(io_, [this, batch] {
    complete_answered(*batch);
    end_batch(*batch);
  });
}

void ExecutorHost::run_plain_batch(Batch& batch) {
  const auto report_answered = [&] {
    for (std::shared_ptr<RequestJob>& job : batch.take_answered()) report(std::move(job));
  };
  batch.begin();
  while (EndpointCall* const call = batch.next()) {
    try {
      {
        const metrics::Timer timer(seconds_of(batch.endpoint()));
        batch.endpoint().plain(*executor_, *call);
      }
      batch.done();
    } catch (...) {
      batch.failed(failure_of(std::current_exception(), true));
    }
    report_answered();
  }
  report_answered();
}

Task<void> ExecutorHost::run_coroutine_batch(std::shared_ptr<Batch> batch) {
  batch->begin();
  while (EndpointCall* const call = batch->next()) {
    std::exception_ptr thrown;
    try {
      const metrics::Timer timer(seconds_of(batch->endpoint()));
      Task<void> task = batch->endpoint().coroutine(*executor_, *call);
      co_await std::move(task);
      batch->done();
    } catch (...) {
      thrown = std::current_exception();
    }
    if (thrown) batch->failed(failure_of(thrown, true));
    complete_answered(*batch);
  }
  complete_answered(*batch);
}

void ExecutorHost::complete_answered(Batch& batch) {
  for (const std::shared_ptr<RequestJob>& job : batch.take_answered()) complete(*job);
}

void ExecutorHost::end_batch(const Batch& batch) {
  batcher_->finished(batch);
  leave();
}

}  // namespace jina

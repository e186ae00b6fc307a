#include "executor/batching/batch_queue.hpp"

#include <algorithm>

namespace jina {

BatchQueue::BatchQueue(const DynamicBatching& options, BatchTime& time, Calls calls)
    : size_(static_cast<std::size_t>(std::max(options.preferred_batch_size, 1))),
      timeout_(options.timeout),
      time_(time),
      calls_(std::move(calls)),
      timer_(time.make_timer([this] {
        armed_ = SteadyTime::max();
        look();
      })) {}

void BatchQueue::push(std::shared_ptr<RequestJob> job, std::size_t documents) {
  RequestContext& context = job->call().context;
  const auto entry = waiting_.insert(waiting_.end(), Entry{std::move(job), documents, time_.now() + timeout_});
  entry->cancelled = context.on_cancel([this, entry](CancelReason) { on_cancelled(entry); });
  documents_ += documents;
  look();
}

void BatchQueue::stop_waiting() {
  no_waiting_ = true;
  look();
}

void BatchQueue::finished() {
  running_ = false;
  look();
}

// Begins a batch whose time has come, or sees to it that somebody looks again in time.
void BatchQueue::look() {
  if (running_ || waiting_.empty()) return;
  const SteadyTime due = waiting_.front().due;
  if (no_waiting_ || documents_ >= size_ || time_.now() >= due) return begin();
  if (due >= armed_) return;
  armed_ = due;
  timer_->start(due);
}

void BatchQueue::begin() {
  running_ = true;
  Jobs jobs;
  jobs.reserve(waiting_.size());
  for (Entry& entry : waiting_) {
    entry.cancelled.reset();
    jobs.push_back(std::move(entry.job));
  }
  waiting_.clear();
  documents_ = 0;
  calls_.run(*this, std::move(jobs));
}

void BatchQueue::on_cancelled(Entries::iterator entry) {
  entry->cancelled.reset();
  std::shared_ptr<RequestJob> job = std::move(entry->job);
  documents_ -= entry->documents;
  waiting_.erase(entry);
  calls_.drop(*this, std::move(job));
}

}  // namespace jina

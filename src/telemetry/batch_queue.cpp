#include "telemetry/batch_queue.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace jina::telemetry {

BatchQueue::BatchQueue(Sampler sampler, BatchLimits limits)
    : sampler_(sampler), limits_{limits.queue, std::clamp<std::size_t>(limits.batch, 1, std::max<std::size_t>(limits.queue, 1))} {}

void BatchQueue::on_end(SpanRecordPtr record) noexcept {
  bool first_drop = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || waiting_.size() >= limits_.queue) {
      first_drop = counts_.dropped++ == 0 && !closed_;
    } else {
      waiting_.push_back(std::move(record));
      ++taken_in_;
      if (waiting_.size() == limits_.batch && wake_) wake_();
    }
  }
  if (first_drop)
    spdlog::warn(
        "tracing: the queue of spans is full ({}); what does not fit is dropped and counted. OTEL_BSP_MAX_QUEUE_SIZE makes it "
        "longer, OTEL_TRACES_SAMPLER makes spans fewer",
        limits_.queue);
}

void BatchQueue::on_pressure(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

bool BatchQueue::pressed() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size() >= limits_.batch || (flushing_ > 0 && !waiting_.empty());
}

SpanBatch BatchQueue::take() {
  const std::lock_guard lock(mutex_);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), limits_.batch));
  SpanBatch batch(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void BatchQueue::settle(std::size_t count, bool exported) {
  {
    const std::lock_guard lock(mutex_);
    settled_count_ += count;
    (exported ? counts_.exported : counts_.failed) += count;
  }
  settled_.notify_all();
}

bool BatchQueue::flush(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  // Spans leave in the order they came: all of these are settled when so many are.
  const std::uint64_t target = taken_in_;
  ++flushing_;
  if (wake_) wake_();
  const bool in_time = settled_.wait_for(lock, limit, [&] { return settled_count_ >= target; });
  --flushing_;
  const std::uint64_t lost = counts_.dropped + counts_.failed;
  const bool complete = std::exchange(lost_seen_, lost) == lost;
  return in_time && complete;
}

void BatchQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wake_ = nullptr;
}

SpanCounts BatchQueue::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace jina::telemetry

// BatchQueue: spans that ended, on their way to the exporter. Bounded: what finds it full is dropped and counted, never waited for.
//
// Thread: on_end(), sample() and flush() from any; take() and settle() from the exporter's thread. Lifetime: shared by spans and
// exporter. Cancellation: close(): what ends afterwards is dropped.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "telemetry/sampler.hpp"
#include "telemetry/span_record.hpp"

namespace jina::telemetry {

using SpanBatch = std::vector<SpanRecordPtr>;

struct BatchLimits {
  std::size_t queue = 8'192;  ///< spans that may wait
  std::size_t batch = 512;    ///< spans of one export; as many waiting wake the exporter
};

struct SpanCounts {
  std::uint64_t exported = 0;
  std::uint64_t dropped = 0;  ///< the queue was full, or closed
  std::uint64_t failed = 0;   ///< the collector did not take them
};

class BatchQueue final : public SpanSink {
 public:
  explicit BatchQueue(Sampler sampler = {}, BatchLimits limits = {});

  bool sample(const TraceContext& parent, const TraceId& trace_id) const noexcept override {
    return sampler_.sample(parent, trace_id);
  }
  void on_end(SpanRecordPtr record) noexcept override;
  bool flush(std::chrono::milliseconds limit) override;

  /// `wake` runs on any thread when a batch is full or somebody waits in flush(); it must not call back. Never after close().
  void on_pressure(std::function<void()> wake);
  /// Whether there is a reason not to wait for more.
  bool pressed() const;
  /// The oldest spans, at most a batch of them; settle() says what became of them.
  SpanBatch take();
  void settle(std::size_t count, bool exported);
  void close();
  SpanCounts counts() const;

 private:
  const Sampler sampler_;
  const BatchLimits limits_;
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::condition_variable settled_;
  std::deque<SpanRecordPtr> waiting_;
  SpanCounts counts_;
  std::uint64_t taken_in_ = 0;       // spans that ever got a place
  std::uint64_t settled_count_ = 0;  // of these, those that settle() was told of
  std::uint64_t lost_seen_ = 0;      // by the last flush()
  int flushing_ = 0;
  bool closed_ = false;
};

}  // namespace jina::telemetry

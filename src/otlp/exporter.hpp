// Exporter: sends the spans of a BatchQueue to a collector, from a thread of its own. Who ends a span never waits for it: a
// collector that is slow or gone costs spans, which are counted, and one warning.
//
// Thread: made and shut down on one thread. Lifetime: spans that end after it find a closed queue. Cancellation: shutdown().
#pragma once
#include <chrono>
#include <memory>

#include "otlp/export_options.hpp"
#include "telemetry/batch_queue.hpp"

namespace jina::otlp {

class Exporter {
 public:
  explicit Exporter(ExportOptions options);
  /// shutdown() without patience.
  ~Exporter();
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  /// Where the spans go in.
  const std::shared_ptr<telemetry::BatchQueue>& queue() const noexcept;
  /// Sends what is there, one try for each batch, and ends the thread; after `limit` the rest counts as failed. Later calls do
  /// nothing.
  void shutdown(std::chrono::milliseconds limit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::otlp

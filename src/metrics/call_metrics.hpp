// CallMetrics: what a gateway or a head counts of its calls to Executors; CallWatch: one call, over all its tries. Names and
// meaning are Jina's: every try counts.
//
// Thread: CallMetrics any, a watch the call's. Lifetime: the registry outlives the metrics, these outlive the calls. Cancellation:
// none.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "metrics/registry.hpp"

namespace jina::metrics {

class CallMetrics {
 public:
  CallMetrics(Registry& registry, const std::string& runtime_name);

 private:
  friend class CallWatch;
  Summary& sending_seconds_;
  Summary& received_bytes_;
  Summary& sent_bytes_;
};

class CallWatch {
 public:
  /// `sizes`: of each request in the call; a stream has none, see sent().
  CallWatch(CallMetrics& metrics, std::vector<std::size_t> sizes) : metrics_(metrics), sizes_(std::move(sizes)) {}

  /// A try is sent.
  void began();
  /// A message of a stream is sent.
  void sent(std::size_t bytes) { metrics_.sent_bytes_.observe(static_cast<double>(bytes)); }
  /// An answer arrived: the only one, or one of a stream.
  void received(std::size_t bytes) { metrics_.received_bytes_.observe(static_cast<double>(bytes)); }
  /// The try ended, one way or the other.
  void ended() { metrics_.sending_seconds_.observe_since(start_); }

 private:
  CallMetrics& metrics_;
  std::vector<std::size_t> sizes_;
  std::chrono::steady_clock::time_point start_{};
};

}  // namespace jina::metrics

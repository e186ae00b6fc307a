// RequestMetrics: what a gateway or a head counts of the requests that it answers. Names and meaning are Jina's.
//
// Thread: any. Lifetime: the registry outlives it; it outlives the requests. Cancellation: none; a request that was cancelled
// counts as failed.
#pragma once
#include <chrono>
#include <string>

#include "metrics/registry.hpp"
#include "wire/reply_observer.hpp"

namespace jina::metrics {

class RequestMetrics final : public wire::ReplyObserver {
 public:
  /// `may_encode`: Documents that nobody encoded are encoded to see how many bytes they are; false where they never are.
  RequestMetrics(Registry& registry, const std::string& runtime_name, bool may_encode = true);

  wire::ReplyCallback watch(std::span<const wire::DataRequest> requests, wire::ReplyCallback done) override;

  /// A stream of Documents with one request: begins now, ended when the result is called.
  UniqueFunction<void(const Status& status)> watch_stream(std::size_t request_bytes);

 private:
  using Time = std::chrono::steady_clock::time_point;
  void succeeded(Time start);
  void failed();

  const bool may_encode_;
  Summary& receiving_seconds_;
  Gauge& pending_;
  Counter& failed_;
  Counter& successful_;
  Summary& received_bytes_;
  Summary& sent_bytes_;
};

/// Whether the one who asked gets an error: of the network, or of an Executor that raised.
bool is_failure(const wire::Reply& reply);

}  // namespace jina::metrics

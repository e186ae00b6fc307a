// MetricsServer: the port that Prometheus reads the metrics of a process from. Every path answers, as in Jina; whoever comes to /
// with a browser gets a page that says what there is.
//
// It has a thread of its own, so that metrics are there while the others are busy: then they are wanted most.
//
// Thread: start and end on one thread. Lifetime: shares the registry; end it whenever. Cancellation: its end cuts connections.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "jina/status.hpp"
#include "metrics/registry.hpp"

namespace jina::exposition {

struct MetricsServerOptions {
  std::string title;  ///< of the page: whose metrics these are
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;  ///< 0: the kernel chooses
};

class MetricsServer {
 public:
  /// Listens and serves. The error names the port and says what to do.
  static Result<std::unique_ptr<MetricsServer>> start(std::shared_ptr<const metrics::Registry> registry,
                                                      MetricsServerOptions options);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  std::uint16_t port() const noexcept;

 private:
  struct Impl;
  explicit MetricsServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::exposition

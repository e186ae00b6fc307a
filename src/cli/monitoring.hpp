// Monitoring of a process: --monitoring and --port-monitoring made into metrics and the port that serves them.
//
// Thread: main thread. Lifetime: the runtime shares the registry; outlives it so that its last numbers can be read. Cancellation:
// none.
#pragma once
#include <memory>
#include <string>

#include "config/option.hpp"
#include "exposition/metrics_server.hpp"
#include "jina/status.hpp"
#include "metrics/registry.hpp"

namespace jina::cli {

class Monitoring {
 public:
  /// Nothing is counted when --monitoring is not given. The error names the port.
  static Result<Monitoring> start(const config::OptionBag& options, const std::string& pod_name);

  /// Null: monitoring is off.
  const std::shared_ptr<metrics::Registry>& registry() const noexcept { return registry_; }

 private:
  Monitoring() = default;
  std::shared_ptr<metrics::Registry> registry_;
  std::unique_ptr<exposition::MetricsServer> server_;
};

}  // namespace jina::cli

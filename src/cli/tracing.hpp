// Tracing of a process: --tracing, --traces-exporter-host, --traces-exporter-port and OpenTelemetry's environment variables made
// into a provider and an exporter.
//
// Thread: main thread. Lifetime: outlives the runtime that uses the provider; its end sends what is left, within a limit.
// Cancellation: none.
#pragma once
#include <memory>
#include <string>

#include "config/option.hpp"
#include "jina/status.hpp"
#include "jina/tracing.hpp"
#include "otlp/exporter.hpp"

namespace jina::cli {

class Tracing {
 public:
  /// Nothing is exported when --tracing is not given. The error names the argument or variable that is wrong.
  static Result<Tracing> start(const config::OptionBag& options, const std::string& pod_name);
  Tracing(Tracing&&) = default;
  ~Tracing();

  TracerProvider provider() const { return exporter_ ? TracerProvider(exporter_->queue()) : TracerProvider(); }

 private:
  Tracing() = default;
  std::unique_ptr<otlp::Exporter> exporter_;
};

}  // namespace jina::cli

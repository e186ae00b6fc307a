#include "cli/tracing.hpp"

#include <spdlog/spdlog.h>

namespace jina::cli {
namespace {

constexpr auto kLastMoment = std::chrono::seconds(5);  // for a collector that does not answer, when the process ends

}  // namespace

Result<Tracing> Tracing::start(const config::OptionBag& options, const std::string& pod_name) {
  Tracing tracing;
  if (!options.flag("tracing")) return tracing;
  otlp::TracingArguments arguments;
  arguments.pod_name = pod_name;
  arguments.host = options.text("traces-exporter-host");
  if (const auto& port = options.get("traces-exporter-port"); !port.is_null())
    arguments.port = options.integer("traces-exporter-port");
  Result<otlp::ExportConfiguration> configuration = otlp::read_export_options(arguments, otlp::process_variables());
  if (!configuration) return configuration.error();
  for (const std::string& warning : configuration->warnings) spdlog::warn("tracing: {}", warning);
  if (configuration->disabled) {
    spdlog::info("tracing is off: OTEL_SDK_DISABLED is true");
    return tracing;
  }
  spdlog::info("tracing: spans are sent to {}", configuration->options.endpoint.url());
  tracing.exporter_ = std::make_unique<otlp::Exporter>(std::move(configuration->options));
  return tracing;
}

Tracing::~Tracing() {
  if (exporter_) exporter_->shutdown(kLastMoment);
}

}  // namespace jina::cli

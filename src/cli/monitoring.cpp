#include "cli/monitoring.hpp"

#include <spdlog/spdlog.h>

namespace jina::cli {

Result<Monitoring> Monitoring::start(const config::OptionBag& options, const std::string& pod_name) {
  Monitoring monitoring;
  if (!options.flag("monitoring")) return monitoring;
  monitoring.registry_ = std::make_shared<metrics::Registry>();
  exposition::MetricsServerOptions with;
  with.title = pod_name;
  if (const auto ports = options.ports("port-monitoring"); !ports.empty()) with.port = ports.front();
  const std::string host = with.host;
  auto server = exposition::MetricsServer::start(monitoring.registry_, std::move(with));
  if (!server) return Status{server.error().code, "--port-monitoring: " + server.error().message};
  monitoring.server_ = std::move(*server);
  spdlog::info("metrics are on http://{}:{}/metrics", host, monitoring.server_->port());
  return monitoring;
}

}  // namespace jina::cli

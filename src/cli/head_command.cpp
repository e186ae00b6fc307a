#include "cli/head_command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cli/gateway_arguments.hpp"
#include "cli/logging.hpp"
#include "cli/modules.hpp"
#include "cli/monitoring.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/tracing.hpp"
#include "head/head_runtime.hpp"

namespace jina::cli {
namespace {

Result<head::HeadOptions> head_options_from(const config::OptionBag& options) {
  head::HeadOptions out;
  out.name = options.text("name");
  if (const auto hosts = options.texts("host"); !hosts.empty()) out.host = hosts.front();
  if (const auto ports = options.ports("port"); !ports.empty()) out.port = ports.front();
  const auto& shards = options.get("connection-list");
  if (!shards.is_null() && !shards.is_object())
    return Status{StatusCode::kInvalidArgument,
                  "--connection-list: expected a JSON object like {\"0\": [\"host:port\"], \"1\": [\"host:port\"]}"};
  if (shards.is_object()) out.shards = shards.get_object();
  out.polling = options.text("polling");
  out.uses_before = options.text("uses-before-address");
  out.uses_after = options.text("uses-after-address");
  out.reduce = !options.flag("no-reduce");
  // As for a gateway: -1 means none.
  if (const auto limit = options.integer("timeout-send", -1); limit >= 0) out.timeout_send = std::chrono::milliseconds(limit);
  out.retries = static_cast<int>(options.integer("retries", -1));
  auto compression = gateway::parse_compression(options.text("compression"));
  if (!compression) return std::move(compression).error();
  out.compression = *compression;
  return out;
}

}  // namespace

bool is_head(const config::OptionBag& options) {
  return options.text("runtime-cls") == "HeadRuntime" || options.text("pod-role") == "HEAD";
}

int run_head(Console& console, Invocation& call) {
  const auto fail = [&](const std::string& message, int code) {
    console.fail("executor", message);
    return code;
  };
  set_environment(call.options.object("env"));
  auto options = head_options_from(call.options);
  if (!options) return fail(options.error().message, kUsage);
  set_up_logging(options->name, call.options);
  auto tracing = Tracing::start(call.options, options->name);
  if (!tracing) return fail(tracing.error().message, kUsage);
  options->tracing = tracing->provider();
  auto monitoring = Monitoring::start(call.options, options->name);
  if (!monitoring) return fail(monitoring.error().message, kFailure);
  options->metrics = monitoring->registry();
  const std::string host = options->host;
  auto runtime = head::HeadRuntime::start(std::move(*options));
  if (!runtime) return fail(runtime.error().message, runtime.error().code == StatusCode::kInvalidArgument ? kUsage : kFailure);
  spdlog::info("Head of {} shards listens on grpc://{}:{}", (*runtime)->shards(), host, (*runtime)->port());
  StopOnSignal stop([&] { (*runtime)->stop(); });
  (*runtime)->run();
  return kSuccess;
}

}  // namespace jina::cli

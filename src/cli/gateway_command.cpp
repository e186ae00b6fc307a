// `jina gateway`: the front door of a Flow.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <ostream>

#include "cli/command.hpp"
#include "cli/gateway_arguments.hpp"
#include "cli/logging.hpp"
#include "cli/modules.hpp"
#include "cli/stop_on_signal.hpp"
#include "config/option_sets.hpp"
#include "gateway/gateway_runtime.hpp"

namespace jina::cli {
namespace {

bool is_built_in(const std::string& name) {
  return name.empty() || name == "GRPCGateway" || name == "HTTPGateway" || name == "WebSocketGateway" ||
         name == "CompositeGateway" || name == "BaseGateway" || name == "Gateway";
}

int run(Console& console, Invocation& call) {
  auto& bag = call.options;
  const auto fail = [&](const std::string& message, int code = kFailure) {
    console.fail("gateway", message);
    return code;
  };
  set_environment(bag.object("env"));
  auto uses = config::load_uses(bag.text("uses"), bag.texts("py-modules"), "gateway");
  if (!uses) return fail(uses.error().message);
  for (const auto& warning : uses->warnings) console.warn("gateway", warning);
  auto warnings = apply_gateway_yaml(bag, *uses);
  if (!warnings) return fail(warnings.error().message, kUsage);
  for (const auto& warning : *warnings) console.warn("gateway", warning);
  auto options = gateway_options_from(bag);
  if (!options) return fail(options.error().message, kUsage);
  if (!is_built_in(uses->class_name) || !uses->modules.empty())
    return fail("custom gateway classes ('" + uses->class_name +
                "') are not available yet; leave --uses out for the built-in gateway");
  set_up_logging(options->name, bag);
  const std::string host = options->host;
  const auto protocols = bag.texts("protocol");
  auto runtime = gateway::GatewayRuntime::start(std::move(*options));
  if (!runtime) return fail(runtime.error().message);
  spdlog::info("gateway listens on {}: {} ({})", host, fmt::join((*runtime)->ports(), ", "), fmt::join(protocols, ", "));
  StopOnSignal stop([&] { (*runtime)->stop(); });
  (*runtime)->run();
  return kSuccess;
}

}  // namespace

Command gateway_command() {
  return {.name = "gateway",
          .summary = "start a gateway in front of Executors",
          .about =
              "Serves a Flow over gRPC, HTTP and WebSocket. Takes the arguments of Jina's 'jina gateway', so it can stand in for "
              "it; several protocols "
              "share one port when one is given, or pair up with as many ports.",
          .positionals = {},
          .examples = {{"jina gateway --port 54321 --protocol grpc http websocket \\\n      --graph-description "
                        "'{\"start-gateway\": [\"a\"], \"a\": [\"end-gateway\"]}' \\\n"
                        "      --deployments-addresses '{\"a\": [\"grpc://127.0.0.1:54322\"]}'",
                        "one Executor, three protocols on one port"},
                       {"jina gateway --uses config.yml", "settings from a Gateway YAML; arguments win over it"}},
          .options = config::gateway_options,
          .run = run};
}

}  // namespace jina::cli

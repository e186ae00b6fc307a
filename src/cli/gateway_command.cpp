// `jina gateway`: the front door of a Flow.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <ostream>

#include "cli/command.hpp"
#include "cli/custom_gateway.hpp"
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

int run_built_in(const Console& console, gateway::GatewayOptions options) {
  const std::string host = options.host;
  std::vector<std::string_view> protocols;
  for (const auto protocol : options.protocols) protocols.push_back(to_string(protocol));
  auto runtime = gateway::GatewayRuntime::start(std::move(options));
  if (!runtime) {
    console.fail("gateway", runtime.error().message);
    return kFailure;
  }
  spdlog::info("gateway listens on {}: {} ({})", host, fmt::join((*runtime)->ports(), ", "), fmt::join(protocols, ", "));
  StopOnSignal stop([&] { (*runtime)->stop(); });
  (*runtime)->run();
  return kSuccess;
}

int run(Console& console, Invocation& call) {
  auto& bag = call.options;
  const auto fail = [&](const std::string& message, int code = kFailure) {
    console.fail("gateway", message);
    return code;
  };
  set_environment(bag.object("env"));
  auto uses = config::load_uses(bag.text("uses"), bag.texts("py-modules"), "gateway", bag.texts("extra-search-paths"));
  if (!uses) return fail(uses.error().message);
  for (const auto& warning : uses->warnings) console.warn("gateway", warning);
  auto warnings = apply_gateway_yaml(bag, *uses);
  if (!warnings) return fail(warnings.error().message, kUsage);
  for (const auto& warning : *warnings) console.warn("gateway", warning);
  auto options = gateway_options_from(bag);
  if (!options) return fail(options.error().message, kUsage);
  set_up_logging(options->name, bag);

  Registry registry;
  if (call.add_classes) call.add_classes(registry);
  auto added = load_modules(uses->modules, registry, "Gateway", module_options(console, "gateway", *uses, bag));
  if (!added) return fail(added.error().message);
  if (uses->class_name.empty() && !uses->modules.empty()) {
    auto only = only_class(*added, "Gateway");
    if (!only) return fail(only.error().message);
    uses->class_name = *only;
  }
  if (is_built_in(uses->class_name) && !registry.contains("Gateway", uses->class_name))
    return run_built_in(console, std::move(*options));
  return run_custom_gateway(console, bag, *uses, std::move(*options), registry);
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
                       {"jina gateway --uses config.yml", "settings from a Gateway YAML; arguments win over it"},
                       {"jina gateway --uses MyGateway --modules my_gateway.cpp --uses-with arg1=hello", "a gateway of your own"}},
          .options = config::gateway_options,
          .run = run};
}

}  // namespace jina::cli

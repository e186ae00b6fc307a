// `jina gateway`: the front door of a Flow.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <ostream>

#include "cli/colocated_executors.hpp"
#include "cli/command.hpp"
#include "cli/custom_gateway.hpp"
#include "cli/gateway_arguments.hpp"
#include "cli/logging.hpp"
#include "cli/modules.hpp"
#include "cli/monitoring.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/tracing.hpp"
#include "config/gateway_yaml.hpp"
#include "config/option_sets.hpp"
#include "gateway/gateway_runtime.hpp"
#include "jina/builtin_gateways.hpp"

namespace jina::cli {
namespace {

void add_builtin_classes(Registry& registry) {
  registry.add<builtin::GRPCGateway>("GRPCGateway");
  registry.add<builtin::HTTPGateway>("HTTPGateway");
  registry.add<builtin::WebSocketGateway>("WebSocketGateway");
  registry.add<builtin::CompositeGateway>("CompositeGateway");
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
  spdlog::info("gateway listens on {} ({})", addresses_text(host, (*runtime)->ports()), fmt::join(protocols, ", "));
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
  auto warnings = config::apply_gateway_yaml(bag, *uses);
  if (!warnings) return fail(warnings.error().message, kUsage);
  for (const auto& warning : *warnings) console.warn("gateway", warning);
  // Now too: nobody wants to wait for a module's compiler to hear of a wrong argument.
  if (auto options = gateway_options_from(bag); !options) return fail(options.error().message, kUsage);
  set_up_logging(bag.text("name"), bag);

  Registry registry;
  add_builtin_classes(registry);
  if (call.add_classes) call.add_classes(registry);
  auto added = load_modules(uses->modules, registry, "Gateway", module_options(console, "gateway", *uses, bag));
  if (!added) return fail(added.error().message);
  if (uses->class_name.empty() && !uses->modules.empty()) {
    auto only = only_class(*added, "Gateway");
    if (!only) return fail(only.error().message);
    uses->class_name = *only;
  }
  for (const auto& [key, value] : bag.object("uses-with")) uses->with[key] = value;
  const bool builtin = config::is_builtin_gateway(uses->class_name);
  if (builtin) {
    for (const auto& warning : config::apply_builtin_protocol(bag, uses->class_name)) console.warn("gateway", warning);
    auto idle = config::apply_builtin_with(bag, uses->class_name, uses->with);
    if (!idle) return fail(idle.error().message, kUsage);
    for (const auto& warning : *idle) console.warn("gateway", warning);
  }
  auto options = gateway_options_from(bag);
  if (!options) return fail(options.error().message, kUsage);
  auto tracing = Tracing::start(bag, options->name);
  if (!tracing) return fail(tracing.error().message, kUsage);
  options->tracing = tracing->provider();
  auto monitoring = Monitoring::start(bag, options->name);
  if (!monitoring) return fail(monitoring.error().message);
  options->metrics = monitoring->registry();
  auto colocated = load_colocated(console, bag.object("colocate"), registry);
  if (!colocated)
    return fail(colocated.error().message, colocated.error().code == StatusCode::kInvalidArgument ? kUsage : kFailure);
  for (const auto& executor : *colocated)
    spdlog::info("Executor {} ({}) is in this process", executor.deployment(), executor.options.uses);
  options->colocated = std::move(*colocated);
  if (builtin) return run_built_in(console, std::move(*options));
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
          .run = run,
          .serves = true};
}

}  // namespace jina::cli

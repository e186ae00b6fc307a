#include "cli/custom_gateway.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>

#include "cli/gateway_arguments.hpp"
#include "cli/modules.hpp"
#include "cli/stop_on_signal.hpp"
#include "gateway/gateway_host.hpp"

namespace jina::cli {
namespace {

/// The module that has the class; "" for the program itself.
std::string source_of(const Registry& registry, const config::UsesConfig& uses, std::string_view kind) {
  for (const auto& module : uses.modules) {
    const auto names = registry.names(kind, module.string());
    if (std::find(names.begin(), names.end(), uses.class_name) != names.end()) return module.string();
  }
  return {};
}

Status check_kind(const Registry& registry, const config::UsesConfig& uses) {
  if (registry.contains("Gateway", uses.class_name) || !registry.contains("Executor", uses.class_name)) return {};
  const std::string source = source_of(registry, uses, "Executor");
  return {StatusCode::kInvalidArgument,
          fmt::format("'{}'{} is an Executor, not a Gateway; start it with: jina executor --uses {}{}", uses.class_name,
                      source.empty() ? "" : " (" + source + ")", uses.class_name, source.empty() ? "" : " --py-modules " + source)};
}

boost::json::object all_arguments(const config::OptionBag& bag) {
  boost::json::object all;
  for (const auto& spec : bag.set().specs()) {
    std::string name = spec.name();
    std::replace(name.begin(), name.end(), '-', '_');
    all[name] = bag.get(spec.name());
  }
  return all;
}

std::vector<std::string_view> names_of(const std::vector<gateway::Protocol>& protocols) {
  std::vector<std::string_view> names;
  for (const auto protocol : protocols) names.push_back(to_string(protocol));
  return names;
}

}  // namespace

int run_custom_gateway(const Console& console, const config::OptionBag& bag, const config::UsesConfig& uses,
                       gateway::GatewayOptions options, const Registry& registry) {
  const auto fail = [&](const Status& status) {
    console.fail("gateway", status.message);
    return status.code == StatusCode::kInvalidArgument ? kUsage : kFailure;
  };
  if (Status status = check_kind(registry, uses); !status.ok()) return fail(status);
  if (Status status = check_argument_names(uses, registry, "Gateway"); !status.ok()) return fail(status);
  gateway::HostOptions host;
  host.uses = uses.class_name;
  host.uses_with = uses.with;
  host.source = source_of(registry, uses, "Gateway");
  host.all_arguments = all_arguments(bag);
  host.timeout_ready = std::chrono::milliseconds(bag.integer("timeout-ready", 600'000));
  host.on_ready = [&host_name = options.host, &protocols = options.protocols, who = uses.class_name](const auto& ports) {
    spdlog::info("gateway {} serves {} ({})", who, addresses_text(host_name, ports), fmt::join(names_of(protocols), ", "));
  };
  host.on_stuck = [&console](const Status& status) {
    console.fail("gateway", status.message);
    ::_exit(kFailure);
  };
  host.gateway = options;
  auto gateway = gateway::GatewayHost::start(std::move(host), registry);
  if (!gateway) return fail(gateway.error());
  Status ended;
  {
    StopOnSignal stop([&] { (*gateway)->stop(); });
    ended = (*gateway)->run();
  }
  if (ended.ok()) return kSuccess;
  console.fail("gateway", ended.message);
  return kFailure;
}

}  // namespace jina::cli

#include "flow/flow_targets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "flow/executor_pods.hpp"
#include "flow/launch_plan.hpp"
#include "flow/launch_plan_draft.hpp"
#include "flow/shard_plan.hpp"

namespace jina::flow {

namespace {

Status add_gateway(const FlowSpec& flow, FlowTargets& out) {
  auto settings = gateway_settings(flow);
  if (!settings) return settings.error();
  const auto ports = settings->options.ports("port");
  const auto protocols = settings->options.texts("protocol");
  for (std::size_t i = 0; i < protocols.size(); ++i) {
    const std::uint16_t port = ports.empty() ? std::uint16_t{0} : ports[std::min(i, ports.size() - 1)];
    if (port == 0) {
      out.without_port.emplace_back("gateway");
      return {};
    }
    const auto protocol = client::parse_protocol(protocols[i]);
    if (!protocol) return protocol.error();
    out.known.push_back(
        {"gateway",
         {*protocol, !settings->options.text("ssl-certfile").empty(), reachable(settings->options.text("host")), port},
         true,
         settings->custom});
  }
  return {};
}

Status add_executor(const DeploymentSpec& spec, FlowTargets& out) {
  if (spec.flag("external")) {
    auto targets = external_targets(spec);
    if (!targets) return targets.error();
    for (const auto& target : *targets) out.known.push_back({spec.name, target});
    return {};
  }
  if (spec.colocate()) return {};
  // Of an Executor with shards the port is that of its head.
  const int count = ShardPlan::needed(spec) ? 1 : spec.replicas();
  const auto hosts = spec.options.texts("host");
  const auto ports = spec.options.ports("port");
  bool chosen = false;
  for (int replica = 0; replica < count; ++replica) {
    const auto index = static_cast<std::size_t>(replica);
    const std::uint16_t port = index < ports.size() ? ports[index] : std::uint16_t{0};
    if (port == 0) {
      chosen = true;
      continue;
    }
    const std::string host = hosts.empty()                                               ? default_host()
                             : hosts.size() == static_cast<std::size_t>(spec.replicas()) ? hosts[index]
                                                                                         : hosts.front();
    out.known.push_back({count == 1 ? spec.name : fmt::format("{}/rep-{}", spec.name, replica),
                         {client::Protocol::kGrpc, false, reachable(host), port}});
  }
  if (chosen) out.without_port.push_back(spec.name);
  return {};
}

}  // namespace

Result<FlowTargets> flow_targets(const FlowSpec& flow) {
  FlowTargets out;
  if (auto s = add_gateway(flow, out); !s.ok()) return s;
  for (const auto& spec : flow.deployments)
    if (auto s = add_executor(spec, out); !s.ok()) return s;
  return out;
}

}  // namespace jina::flow

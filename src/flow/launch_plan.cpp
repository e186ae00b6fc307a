#include "flow/launch_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "config/environment.hpp"
#include "flow/colocation_plan.hpp"
#include "flow/executor_pods.hpp"
#include "flow/launch_plan_draft.hpp"
#include "flow/shard_plan.hpp"

namespace jina::flow {

std::string default_host() {
  const auto host = config::environment_value("JINA_DEFAULT_HOST");
  return host.empty() ? "0.0.0.0" : host;
}

namespace {

/// From $JINA_RANDOM_PORT_MIN on, where a firewall lets only those through.
Result<PortReservation> any_port() {
  const auto number = [](std::string_view name, int otherwise) {
    const auto value = std::atoi(config::environment_value(name).c_str());
    return value > 0 && value <= 65535 ? value : otherwise;
  };
  const int first = number("JINA_RANDOM_PORT_MIN", 0);
  if (first == 0) return PortReservation::make(0);
  const int last = number("JINA_RANDOM_PORT_MAX", 65535);
  for (int port = first; port <= last; ++port)
    if (auto got = PortReservation::make(static_cast<std::uint16_t>(port))) return got;
  return Status{StatusCode::kResourceExhausted,
                fmt::format("no port from {} to {} is free (JINA_RANDOM_PORT_MIN, JINA_RANDOM_PORT_MAX)", first, last)};
}

}  // namespace

Result<std::uint16_t> PlanDraft::reserve(std::uint16_t wanted) {
  auto port = wanted == 0 ? any_port() : PortReservation::make(wanted);
  if (!port) return port.error();
  plan.reserved.push_back(std::move(*port));
  return plan.reserved.back().port();
}

Result<std::uint16_t> PlanDraft::reserve_metrics(const config::OptionBag& options, std::size_t index, const std::string& name,
                                                 const std::string& host) {
  if (!options.flag("monitoring")) return std::uint16_t{0};
  const auto ports = options.ports("port-monitoring");
  auto port = reserve(index < ports.size() ? ports[index] : std::uint16_t{0});
  if (!port) return Status{port.error().code, "port_monitoring: " + port.error().message};
  metrics.push_back({name, "metrics", fmt::format("http://{}:{}/metrics", reachable(host), *port)});
  return *port;
}

namespace {

class Planner {
 public:
  Planner(const FlowSpec& flow, const PlanOptions& options) : draft_{flow, options}, pythons_(options.python) {}

  Result<LaunchPlan> run() {
    for (const auto& spec : draft_.flow.deployments)
      if (auto s = spec.flag("external") && !spec.colocate() ? external(spec) : local(spec); !s.ok()) return s;
    draft_.plan.topology = topology_args(draft_.flow, draft_.addresses);
    if (auto s = plan_gateway(draft_); !s.ok()) return s;
    for (EndpointRow& row : draft_.metrics) draft_.plan.endpoints.push_back(std::move(row));
    return std::move(draft_.plan);
  }

 private:
  static Status fail(const DeploymentSpec& spec, const std::string& message) {
    return config::error_at(spec.source, spec.position, spec.name + ": " + message);
  }

  Status external(const DeploymentSpec& spec) {
    auto targets = external_targets(spec);
    if (!targets) return fail(spec, targets.error().message);
    for (const auto& target : *targets) {
      draft_.addresses[spec.name].push_back(target.url());
      draft_.plan.endpoints.push_back({spec.name, std::string(to_string(target.protocol)), target.url(), "", true});
    }
    return {};
  }

  Status local(const DeploymentSpec& spec) {
    if (spec.colocate()) {
      const Status status = plan_colocated(draft_, spec);
      return status.ok() ? status : fail(spec, status.message);
    }
    if (ShardPlan::needed(spec)) {
      const Status status = plan_shards(draft_, spec, pythons_);
      return status.ok() ? status : fail(spec, status.message);
    }
    auto pods = ExecutorPods::make(draft_.flow, spec, draft_.options.executable, pythons_);
    if (!pods) return fail(spec, pods.error().message);
    const auto hosts = spec.options.texts("host");
    const auto ports = spec.options.ports("port");
    for (int replica = 0; replica < spec.replicas(); ++replica) {
      const auto index = static_cast<std::size_t>(replica);
      // As in Jina: as many hosts as replicas are one for each, else the first is for all.
      const std::string host = !spec.options.is_set("host") || hosts.empty()               ? default_host()
                               : hosts.size() == static_cast<std::size_t>(spec.replicas()) ? hosts[index]
                                                                                           : hosts.front();
      auto port = draft_.reserve(index < ports.size() ? ports[index] : std::uint16_t{0});
      if (!port) return fail(spec, port.error().message);
      const std::string name = fmt::format("{}/rep-{}", spec.name, replica);
      auto metrics_port = draft_.reserve_metrics(spec.options, index, name, host);
      if (!metrics_port) return fail(spec, metrics_port.error().message);
      auto pod = pods->pod({.name = name, .host = host, .port = *port, .metrics_port = *metrics_port, .replica = replica});
      if (!pod) return fail(spec, pod.error().message);
      draft_.addresses[spec.name].push_back(fmt::format("grpc://{}:{}", host, *port));
      draft_.plan.endpoints.push_back({pod->name, "grpc", pod->health.url()});
      draft_.plan.pods.push_back(std::move(*pod));
    }
    return {};
  }

  PlanDraft draft_;
  Pythons pythons_;
};

}  // namespace

Result<std::vector<client::Target>> external_targets(const DeploymentSpec& spec) {
  const auto hosts = spec.options.texts("host");
  const auto ports = spec.options.ports("port");
  const std::size_t count = std::max({hosts.size(), ports.size(), std::size_t{1}});
  if ((hosts.size() > 1 && hosts.size() != count) || (ports.size() > 1 && ports.size() != count))
    return Status{StatusCode::kInvalidArgument,
                  fmt::format("{} hosts and {} ports; give one of them, or as many of each", hosts.size(), ports.size())};
  std::vector<client::Target> out;
  for (std::size_t i = 0; i < count; ++i) {
    client::TargetDefaults defaults;
    defaults.tls = spec.flag("tls");
    defaults.port = ports.empty() ? std::uint16_t{0} : ports[std::min(i, ports.size() - 1)];
    auto target = client::parse_target(hosts.empty() ? default_host() : hosts[std::min(i, hosts.size() - 1)], defaults);
    if (!target) return Status{target.error().code, "host: " + target.error().message};
    out.push_back(std::move(*target));
  }
  return out;
}

Result<LaunchPlan> make_launch_plan(const FlowSpec& flow, const PlanOptions& options) { return Planner(flow, options).run(); }

}  // namespace jina::flow

// The gateway's part of the plan of a Flow: its process with the topology as arguments, and the rows that say where it is.
#include <boost/json/value_from.hpp>

#include "config/gateway_yaml.hpp"
#include "config/option_sets.hpp"
#include "config/uses_config.hpp"
#include "flow/executor_pods.hpp"
#include "flow/file_search.hpp"
#include "flow/launch_plan_draft.hpp"

namespace jina::flow {

namespace json = boost::json;

namespace {

void describe_gateway(LaunchPlan& plan, PodPlan& pod, const config::OptionBag& bag, const std::vector<std::uint16_t>& ports,
                      bool custom) {
  const std::string host = reachable(bag.text("host"));
  const bool tls = !bag.text("ssl-certfile").empty();
  const auto protocols = bag.texts("protocol");
  std::vector<EndpointRow> rows;
  for (std::size_t i = 0; i < protocols.size(); ++i) {
    auto protocol = client::parse_protocol(protocols[i]);
    const client::Target target{protocol ? *protocol : client::Protocol::kGrpc, tls, host, ports[std::min(i, ports.size() - 1)]};
    EndpointRow row{"gateway", std::string(to_string(target.protocol)), target.url()};
    if (target.protocol == client::Protocol::kHttp) row.docs = target.url() + "/docs";
    row.docs_perhaps = custom;
    // gRPC's health check says most; any of the others will do. A gateway of the user's answers on its first port, as in Jina.
    if (rows.empty() || (target.protocol == client::Protocol::kGrpc && !custom)) pod.health = target;
    rows.push_back(std::move(row));
  }
  if (tls) {
    pod.health.protocol = client::Protocol::kHttp;
    pod.health.verify = false;  // its certificate may be for another name
  }
  plan.endpoints.insert(plan.endpoints.begin(), rows.begin(), rows.end());
}

}  // namespace

Result<GatewaySettings> gateway_settings(const FlowSpec& flow) {
  GatewaySettings out{.options = flow.gateway};
  config::OptionBag& bag = out.options;
  const auto source_error = [&](const std::string& message) {
    return config::error_at(flow.source, flow.gateway_position, "gateway: " + message);
  };
  auto files = find_used_files(bag, flow.directory);
  if (!files) return source_error(files.error().message);
  out.files = std::move(*files);
  if (out.files.python)
    return out.files.python_place.empty()
               ? source_error(config::python_advice(out.files.python_file, "gateway"))
               : Status{StatusCode::kUnimplemented,
                        out.files.python_place + ": " + config::python_advice(out.files.python_file, "gateway")};
  // Ports, protocols and host of its own YAML are those that it is asked on.
  auto uses = config::load_uses(out.files.uses, out.files.modules, "gateway", bag.texts("extra-search-paths"));
  if (!uses) return source_error(uses.error().message);
  if (auto applied = config::apply_gateway_yaml(bag, *uses); !applied) return source_error(applied.error().message);
  out.custom = !config::is_builtin_gateway(uses->class_name) || (uses->class_name.empty() && !uses->modules.empty());
  config::apply_builtin_protocol(bag, uses->class_name);
  if (!bag.is_set("host")) bag.set_value("host", json::string(default_host()));
  return out;
}

Status plan_gateway(PlanDraft& draft) {
  const FlowSpec& flow = draft.flow;
  LaunchPlan& plan = draft.plan;
  const auto source_error = [&](const std::string& message) {
    return config::error_at(flow.source, flow.gateway_position, "gateway: " + message);
  };
  auto settings = gateway_settings(flow);
  if (!settings) return settings.error();
  config::OptionBag& bag = settings->options;
  const UsedFiles* files = &settings->files;
  auto ports = bag.ports("port");
  if (ports.empty()) ports.push_back(0);
  json::array chosen;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    auto& port = ports[i];
    auto reserved = Result<std::uint16_t>(Status{StatusCode::kNotFound, "none yet"});
    if (port == 0 && i < draft.options.gateway_ports.size()) reserved = draft.reserve(draft.options.gateway_ports[i]);
    if (!reserved) reserved = draft.reserve(port);
    if (!reserved) return source_error(reserved.error().message);
    port = *reserved;
    chosen.emplace_back(static_cast<std::int64_t>(port));
  }
  PodPlan pod{.name = "gateway/rep-0", .is_gateway = true};
  auto metrics_port = draft.reserve_metrics(bag, 0, pod.name, bag.text("host"));
  if (!metrics_port) return source_error(metrics_port.error().message);
  if (*metrics_port != 0) bag.set_value("port-monitoring", json::array{static_cast<std::int64_t>(*metrics_port)});
  pod.timeout_ready = ready_limit(bag);
  pod.restart = parse_restart_policy(bag.text("restart"));
  pod.process.program = draft.options.executable;
  add_environment(pod.process.environment, flow.environment);
  add_environment(pod.process.environment, bag.object("env"));
  for (const auto& spec : flow.deployments)
    if (spec.colocate()) add_environment(pod.process.environment, spec.options.object("env"));
  bag.set_value("name", json::string(pod.name));
  plan.gateway_ports = ports;
  bag.set_value("port", std::move(chosen));
  bag.set_value("graph-description", plan.topology.graph_description);
  bag.set_value("graph-conditions", plan.topology.graph_conditions);
  bag.set_value("deployments-addresses", plan.topology.deployments_addresses);
  bag.set_value("deployments-metadata", plan.topology.deployments_metadata);
  bag.set_value("deployments-no-reduce", plan.topology.deployments_no_reduce);
  if (!draft.colocate.empty()) bag.set_value("colocate", draft.colocate);
  if (!files->uses.empty()) bag.set_value("uses", json::string(files->uses));
  if (!files->modules.empty()) bag.set_value("py-modules", json::value_from(files->modules));
  config::OptionBag words(bag.set());
  for (const auto* spec : bag.set_options())
    if (spec->effective && spec->name() != "env" && spec->name() != "timeout-ready" && spec->name() != "restart")
      words.set_value(spec->name(), bag.get(spec->name()));
  pod.process.arguments = words.to_words();
  pod.process.arguments.insert(pod.process.arguments.begin(), "gateway");
  describe_gateway(plan, pod, bag, ports, settings->custom);
  plan.pods.push_back(std::move(pod));
  return {};
}

}  // namespace jina::flow

#include "flow/launch_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <set>

#include "config/gateway_yaml.hpp"
#include "config/option_sets.hpp"
#include "config/uses_config.hpp"
#include "flow/file_search.hpp"

namespace jina::flow {

namespace json = boost::json;

namespace {

// Arguments of an item that the Flow itself acts on; the process does not get them as they stand.
const std::set<std::string, std::less<>> kHandledByFlow{
    "needs",         "method",     "when",     "external", "tls",        "grpc-metadata", "floating",
    "no-reduce",     "replicas",   "shards",   "name",     "port",       "host",          "env",
    "timeout-ready", "replica-id", "shard-id", "uses",     "py-modules", "polling",       "deployment-role"};

const std::set<std::string, std::less<>> kUnknownToPython{"io-threads", "compile-flags", "packages"};

std::string reachable(const std::string& host) { return host == "0.0.0.0" || host == "::" || host.empty() ? "127.0.0.1" : host; }

std::optional<std::chrono::milliseconds> ready_limit(const config::OptionBag& options) {
  const auto limit = options.integer("timeout-ready", 600000);
  return limit <= 0 ? std::nullopt : std::optional(std::chrono::milliseconds(limit));
}

void add_environment(ProcessOptions& process, const json::object& variables) {
  for (const auto& [name, value] : variables)
    process.environment.emplace_back(name, value.is_string() ? std::string(value.get_string()) : json::serialize(value));
}

class Planner {
 public:
  Planner(const FlowSpec& flow, const PlanOptions& options) : flow_(flow), options_(options) {}

  Result<LaunchPlan> run() {
    for (const auto& spec : flow_.deployments)
      if (auto s = spec.flag("external") ? external(spec) : local(spec); !s.ok()) return s;
    plan_.topology = topology_args(flow_, addresses_);
    if (auto s = gateway(); !s.ok()) return s;
    return std::move(plan_);
  }

 private:
  Status fail(const DeploymentSpec& spec, const std::string& message) const {
    return config::error_at(flow_.source, spec.position, spec.name + ": " + message);
  }

  Result<std::uint16_t> reserve(std::uint16_t wanted) {
    auto port = PortReservation::make(wanted);
    if (!port) return port.error();
    plan_.reserved.push_back(std::move(*port));
    return plan_.reserved.back().port();
  }

  Status external(const DeploymentSpec& spec) {
    const auto hosts = spec.options.texts("host");
    const auto ports = spec.options.ports("port");
    const std::size_t count = std::max({hosts.size(), ports.size(), std::size_t{1}});
    if ((hosts.size() > 1 && hosts.size() != count) || (ports.size() > 1 && ports.size() != count))
      return fail(spec, fmt::format("{} hosts and {} ports; give one of them, or as many of each", hosts.size(), ports.size()));
    for (std::size_t i = 0; i < count; ++i) {
      client::TargetDefaults defaults;
      defaults.tls = spec.flag("tls");
      defaults.port = ports.empty() ? 0 : ports[std::min(i, ports.size() - 1)];
      auto target = client::parse_target(hosts[std::min(i, hosts.size() - 1)], defaults);
      if (!target) return fail(spec, "host: " + target.error().message);
      addresses_[spec.name].push_back(target->url());
      plan_.endpoints.push_back({spec.name, std::string(to_string(target->protocol)), target->url(), "", true});
    }
    return {};
  }

  Status local(const DeploymentSpec& spec) {
    if (spec.shards() > 1)
      return fail(
          spec,
          "shards are not available yet; use replicas, or run the sharded Executor elsewhere and add it with 'external: true'");
    auto files = executor_files(spec);
    if (!files) return files.error();
    const auto hosts = spec.options.texts("host");
    const std::string host = hosts.empty() ? "0.0.0.0" : hosts.front();
    const auto ports = spec.options.ports("port");
    for (int replica = 0; replica < spec.replicas(); ++replica) {
      const auto index = static_cast<std::size_t>(replica);
      auto port = reserve(index < ports.size() ? ports[index] : std::uint16_t{0});
      if (!port) return fail(spec, port.error().message);
      PodPlan pod;
      pod.name = fmt::format("{}/rep-{}", spec.name, replica);
      pod.health = {client::Protocol::kGrpc, false, reachable(host), *port};
      pod.timeout_ready = ready_limit(spec.options);
      start_process(pod.process, *files);
      add_environment(pod.process, flow_.environment);
      add_environment(pod.process, spec.options.object("env"));
      auto& words = pod.process.arguments;
      const auto add = [&](std::initializer_list<std::string> more) { words.insert(words.end(), more); };
      add({"executor", "--name", pod.name, "--host", host, "--port", std::to_string(*port), "--replica-id",
           std::to_string(replica)});
      if (spec.replicas() > 1) add({"--replicas", std::to_string(spec.replicas())});
      if (!files->uses.empty()) add({"--uses", files->uses});
      if (!files->modules.empty()) {
        words.push_back("--py-modules");
        words.insert(words.end(), files->modules.begin(), files->modules.end());
      }
      for (auto& word : forwarded(spec.options, files->python)) words.push_back(std::move(word));
      addresses_[spec.name].push_back(fmt::format("grpc://{}:{}", host, *port));
      plan_.endpoints.push_back({pod.name, "grpc", fmt::format("grpc://{}:{}", reachable(host), *port)});
      plan_.pods.push_back(std::move(pod));
    }
    return {};
  }

  Result<UsedFiles> executor_files(const DeploymentSpec& spec) const {
    auto files = find_used_files(spec.options, spec.directory);
    if (!files) return fail(spec, files.error().message);
    if (files->python && options_.python.empty())
      return fail(spec,
                  "is written in Python (" + (files->python_place.empty() ? "" : files->python_place + ": ") + files->python_file +
                      "); write it in C++ and name the .cpp file in py_modules, run it with Jina and add it with 'external: true', "
                      "or set JINA_PYTHON to a Python interpreter that has Jina installed");
    return files;
  }

  void start_process(ProcessOptions& process, const UsedFiles& files) const {
    process.program = files.python ? options_.python : options_.executable;
    if (files.python) process.arguments = {"-m", "jina"};
  }

  /// What the process gets as the Flow says it; arguments that have no effect in our own processes would only make them warn again.
  static std::vector<std::string> forwarded(const config::OptionBag& options, bool python) {
    config::OptionBag bag(options.set());
    for (const auto* spec : options.set_options())
      if (!kHandledByFlow.contains(spec->name()) && (python ? !kUnknownToPython.contains(spec->name()) : spec->effective))
        bag.set_value(spec->name(), options.get(spec->name()));
    return bag.to_words();
  }

  Status gateway() {
    config::OptionBag bag = flow_.gateway;
    const auto source_error = [&](const std::string& message) {
      return config::error_at(flow_.source, flow_.gateway_position, "gateway: " + message);
    };
    auto files = find_used_files(bag, flow_.directory);
    if (!files) return source_error(files.error().message);
    if (files->python)
      return files->python_place.empty()
                 ? source_error(config::python_advice(files->python_file, "gateway"))
                 : Status{StatusCode::kUnimplemented,
                          files->python_place + ": " + config::python_advice(files->python_file, "gateway")};
    // Ports, protocols and host of its own YAML are those that it is asked on.
    auto uses = config::load_uses(files->uses, files->modules, "gateway", bag.texts("extra-search-paths"));
    if (!uses) return source_error(uses.error().message);
    if (auto applied = config::apply_gateway_yaml(bag, *uses); !applied) return source_error(applied.error().message);
    const bool custom = !config::is_builtin_gateway(uses->class_name) || (uses->class_name.empty() && !uses->modules.empty());
    config::apply_builtin_protocol(bag, uses->class_name);
    auto ports = bag.ports("port");
    if (ports.empty()) ports.push_back(0);
    json::array chosen;
    for (auto& port : ports) {
      auto reserved = reserve(port);
      if (!reserved) return source_error(reserved.error().message);
      port = *reserved;
      chosen.emplace_back(static_cast<std::int64_t>(port));
    }
    PodPlan pod{.name = "gateway/rep-0", .is_gateway = true};
    pod.timeout_ready = ready_limit(bag);
    pod.process.program = options_.executable;
    add_environment(pod.process, flow_.environment);
    add_environment(pod.process, bag.object("env"));
    bag.set_value("name", json::string(pod.name));
    bag.set_value("port", std::move(chosen));
    bag.set_value("graph-description", plan_.topology.graph_description);
    bag.set_value("graph-conditions", plan_.topology.graph_conditions);
    bag.set_value("deployments-addresses", plan_.topology.deployments_addresses);
    bag.set_value("deployments-metadata", plan_.topology.deployments_metadata);
    bag.set_value("deployments-no-reduce", plan_.topology.deployments_no_reduce);
    if (!files->uses.empty()) bag.set_value("uses", json::string(files->uses));
    if (!files->modules.empty()) bag.set_value("py-modules", json::value_from(files->modules));
    config::OptionBag words(bag.set());
    for (const auto* spec : bag.set_options())
      if (spec->effective && spec->name() != "env" && spec->name() != "timeout-ready")
        words.set_value(spec->name(), bag.get(spec->name()));
    pod.process.arguments = words.to_words();
    pod.process.arguments.insert(pod.process.arguments.begin(), "gateway");
    describe_gateway(pod, bag, ports, custom);
    plan_.pods.push_back(std::move(pod));
    return {};
  }

  void describe_gateway(PodPlan& pod, const config::OptionBag& bag, const std::vector<std::uint16_t>& ports, bool custom) {
    const std::string host = reachable(bag.text("host"));
    const bool tls = !bag.text("ssl-certfile").empty();
    const auto protocols = bag.texts("protocol");
    std::vector<EndpointRow> rows;
    for (std::size_t i = 0; i < protocols.size(); ++i) {
      auto protocol = client::parse_protocol(protocols[i]);
      const client::Target target{protocol ? *protocol : client::Protocol::kGrpc, tls, host, ports[std::min(i, ports.size() - 1)]};
      EndpointRow row{"gateway", std::string(to_string(target.protocol)), target.url()};
      if (target.protocol == client::Protocol::kHttp && !custom) row.docs = target.url() + "/docs";
      // gRPC's health check says most; any of the others will do. A gateway of the user's answers on its first port, as in Jina.
      if (rows.empty() || (target.protocol == client::Protocol::kGrpc && !custom)) pod.health = target;
      rows.push_back(std::move(row));
    }
    if (tls) {
      pod.health.protocol = client::Protocol::kHttp;
      pod.health.verify = false;  // its certificate may be for another name
    }
    plan_.endpoints.insert(plan_.endpoints.begin(), rows.begin(), rows.end());
  }

  const FlowSpec& flow_;
  const PlanOptions& options_;
  LaunchPlan plan_;
  Addresses addresses_;
};

}  // namespace

Result<LaunchPlan> make_launch_plan(const FlowSpec& flow, const PlanOptions& options) { return Planner(flow, options).run(); }

}  // namespace jina::flow

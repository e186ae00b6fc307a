#include "flow/shard_plan.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace jina::flow {
namespace {

namespace json = boost::json;

// What of a deployment's arguments concerns its head too.
constexpr const char* kOfHead[] = {"retries",   "compression",          "timeout-send",         "polling",
                                   "no-reduce", "uses-before-address",  "uses-after-address",   "monitoring",
                                   "tracing",   "traces-exporter-host", "traces-exporter-port", "log-config",
                                   "quiet"};

// As in Jina the Executor before or after the shards has the arguments of the deployment, but its own class and endpoints.
DeploymentSpec with_uses(const DeploymentSpec& spec, const char* option_of_uses) {
  DeploymentSpec other = spec;
  other.options = config::OptionBag(spec.options.set());
  for (const auto* option : spec.options.set_options())
    if (option->name() != "uses-requests") other.options.set_value(option->name(), spec.options.get(option->name()));
  other.options.set_value("uses", json::string(spec.options.text(option_of_uses)));
  other.places["uses"] = spec.at(option_of_uses);
  return other;
}

bool has_executor(const DeploymentSpec& spec, const char* option) {
  const std::string uses = spec.options.text(option);
  return !uses.empty() && uses != "BaseExecutor";
}

}  // namespace

ShardPlan::ShardPlan(const DeploymentSpec& spec) : spec_(spec) {
  using Role = ShardPod::Role;
  const auto around = [&](Role role, const char* option, const char* name) {
    if (has_executor(spec, option))
      pods_.push_back({.role = role, .name = fmt::format("{}/{}-0", spec.name, name), .spec = with_uses(spec, option)});
  };
  around(Role::kBefore, "uses-before", "uses_before");
  around(Role::kAfter, "uses-after", "uses_after");
  for (int shard = 0; shard < spec.shards(); ++shard)
    for (int replica = 0; replica < spec.replicas(); ++replica)
      pods_.push_back({.name = fmt::format("{}/shard-{}/rep-{}", spec.name, shard, replica),
                       .spec = spec,
                       .shard_id = shard,
                       .replica_id = replica,
                       .metrics_index = static_cast<std::size_t>(replica + spec.replicas() * shard + 1)});
}

std::uint16_t ShardPlan::head_port() const {
  const auto ports = spec_.options.ports("port");
  return ports.empty() ? std::uint16_t{0} : ports.front();
}

std::vector<std::string> ShardPlan::head_arguments() const {
  config::OptionBag bag(spec_.options.set());
  for (const char* name : kOfHead)
    if (spec_.options.is_set(name)) bag.set_value(name, spec_.options.get(name));
  json::object shards;
  for (const ShardPod& pod : pods_) {
    switch (pod.role) {
      case ShardPod::Role::kBefore: bag.set_value("uses-before-address", json::string(pod.address)); break;
      case ShardPod::Role::kAfter: bag.set_value("uses-after-address", json::string(pod.address)); break;
      case ShardPod::Role::kShard: {
        json::value& replicas = shards[std::to_string(pod.shard_id)];
        if (!replicas.is_array()) replicas = json::array{};
        replicas.get_array().push_back(json::string(pod.address));
      }
    }
  }
  bag.set_value("connection-list", std::move(shards));
  bag.set_value("runtime-cls", json::string("HeadRuntime"));
  bag.set_value("pod-role", json::string("HEAD"));
  bag.set_value("shards", spec_.shards());
  return bag.to_words();
}

namespace {

// As in Jina: as many hosts as replicas are one for each, else the first is for all.
std::string host_of(const DeploymentSpec& spec, const ShardPod& pod) {
  const auto hosts = spec.options.texts("host");
  if (!spec.options.is_set("host") || hosts.empty()) return default_host();
  const bool each = pod.role == ShardPod::Role::kShard && hosts.size() == static_cast<std::size_t>(spec.replicas());
  return each ? hosts[static_cast<std::size_t>(pod.replica_id)] : hosts.front();
}

// Which of the deployment's classes an error is about.
std::string said_of(ShardPod::Role role) {
  switch (role) {
    case ShardPod::Role::kBefore: return "uses_before: ";
    case ShardPod::Role::kAfter: return "uses_after: ";
    case ShardPod::Role::kShard: return "";
  }
  return "";
}

void add_pod(PlanDraft& draft, PodPlan pod) {
  draft.plan.endpoints.push_back({pod.name, "grpc", pod.health.url()});
  draft.plan.pods.push_back(std::move(pod));
}

PodPlan head_pod(const PlanDraft& draft, const DeploymentSpec& spec, const ShardPlan& shards, const std::string& host,
                 std::uint16_t port) {
  PodPlan pod;
  pod.name = shards.head_name();
  pod.health = {client::Protocol::kGrpc, false, reachable(host), port};
  pod.timeout_ready = ready_limit(spec.options);
  pod.process.program = draft.options.executable;
  pod.process.arguments = {"executor", "--name", pod.name, "--host", host, "--port", std::to_string(port)};
  for (std::string& word : shards.head_arguments()) pod.process.arguments.push_back(std::move(word));
  add_environment(pod.process.environment, draft.flow.environment);
  add_environment(pod.process.environment, spec.options.object("env"));
  return pod;
}

}  // namespace

Status plan_shards(PlanDraft& draft, const DeploymentSpec& spec, Pythons& pythons) {
  ShardPlan shards(spec);
  for (ShardPod& planned : shards.pods()) {
    auto pods = ExecutorPods::make(draft.flow, planned.spec, draft.options.executable, pythons);
    if (!pods) return {pods.error().code, said_of(planned.role) + pods.error().message};
    auto port = draft.reserve(0);
    if (!port) return port.error();
    const std::string host = host_of(spec, planned);
    const bool is_shard = planned.role == ShardPod::Role::kShard;
    auto metrics_port = draft.reserve_metrics(planned.spec.options, planned.metrics_index, planned.name, host);
    if (!metrics_port) return metrics_port.error();
    auto pod = pods->pod({.name = planned.name,
                          .host = host,
                          .port = *port,
                          .metrics_port = *metrics_port,
                          .replica = planned.replica_id,
                          .shard = is_shard ? planned.shard_id : -1});
    if (!pod) return pod.error();
    planned.address = fmt::format("{}:{}", host, *port);
    add_pod(draft, std::move(*pod));
  }
  const auto hosts = spec.options.texts("host");
  const std::string host = spec.options.is_set("host") && !hosts.empty() ? hosts.front() : default_host();
  auto port = draft.reserve(shards.head_port());
  if (!port) return port.error();
  PodPlan head = head_pod(draft, spec, shards, host, *port);
  auto metrics_port = draft.reserve_metrics(spec.options, 0, head.name, host);
  if (!metrics_port) return metrics_port.error();
  if (*metrics_port != 0) {
    head.process.arguments.emplace_back("--port-monitoring");
    head.process.arguments.push_back(std::to_string(*metrics_port));
  }
  add_pod(draft, std::move(head));
  draft.addresses[spec.name].push_back(fmt::format("grpc://{}:{}", host, *port));
  return {};
}

}  // namespace jina::flow

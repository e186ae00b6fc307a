// The arguments of `jina executor` and of an item of a Flow's `executors:`.
#include "config/option_sets.hpp"

namespace jina::config {

namespace detail {

void add_executor_only(OptionSet& set) {
  namespace json = boost::json;
  constexpr auto kExecutor = "Executor";
  set.add({.names = {"uses"},
           .help = "class name, module (.cpp, .so), YAML file or raw YAML",
           .fallback = "BaseExecutor",
           .group = kExecutor});
  set.add({.names = {"uses-with"},
           .kind = OptionKind::kKeyValues,
           .help = "arguments of the class, over those of its YAML",
           .group = kExecutor});
  set.add({.names = {"uses-metas"}, .kind = OptionKind::kKeyValues, .help = "metas, over those of the YAML", .group = kExecutor});
  set.add({.names = {"uses-requests"},
           .kind = OptionKind::kKeyValues,
           .help = "endpoint=function, over those of the YAML: a function's name is its first endpoint without '/'",
           .group = kExecutor});
  set.add({.names = {"uses-dynamic-batching"},
           .kind = OptionKind::kKeyValues,
           .help = "endpoint or function={preferred_batch_size, timeout}, over those of the YAML",
           .group = kExecutor});
  add_modules(set, kExecutor);
  set.add({.names = {"port", "ports", "port-in"},
           .kind = OptionKind::kPorts,
           .help = "to listen on; a free one when not given",
           .group = kExecutor});
  set.add({.names = {"protocol", "protocols"},
           .kind = OptionKind::kChoiceList,
           .help = "what the ports speak",
           .fallback = json::array{"GRPC"},
           .choices = {"GRPC", "HTTP", "WEBSOCKET"},
           .group = kExecutor});
  set.add({.names = {"host", "host-in"},
           .kind = OptionKind::kTextList,
           .help = "address to listen on",
           .fallback = json::array{"0.0.0.0"},
           .group = kExecutor});
  set.add({.names = {"shards"}, .kind = OptionKind::kInteger, .help = "parts of the data", .fallback = 1, .group = kExecutor});
  set.add({.names = {"replicas"}, .kind = OptionKind::kInteger, .help = "equal processes", .fallback = 1, .group = kExecutor});
  set.add({.names = {"shard-id"}, .kind = OptionKind::kInteger, .help = "number of this shard", .fallback = 0, .group = kExecutor});
  set.add(
      {.names = {"replica-id"}, .kind = OptionKind::kInteger, .help = "number of this replica", .fallback = 0, .group = kExecutor});
  set.add({.names = {"polling"},
           .help = "which shards a request goes to: ANY, ALL, or JSON {endpoint: ANY}; /search asks all unless named",
           .fallback = "ANY",
           .group = kExecutor});
  const auto idle = [&](OptionSpec spec) {
    spec.group = kExecutor;
    spec.effective = false;
    set.add(std::move(spec));
  };
  idle({.names = {"native"}, .kind = OptionKind::kFlag, .help = "run in this process (always so here)", .fallback = false});
  idle({.names = {"output-array-type"}, .help = "type of the tensors in replies"});
  set.add({.names = {"exit-on-exceptions"},
           .kind = OptionKind::kTextList,
           .help = "exceptions that end the process: ValueError, std::out_of_range, out_of_range",
           .fallback = json::array{},
           .group = kExecutor});
  set.add({.names = {"allow-concurrent"},
           .kind = OptionKind::kFlag,
           .help = "run plain functions at the same time, on as many threads as there are cores",
           .fallback = false,
           .group = kExecutor});
  idle({.names = {"floating"}, .kind = OptionKind::kFlag, .help = "nobody waits for its answer", .fallback = false});
  idle({.names = {"raft-configuration"}, .kind = OptionKind::kKeyValues, .help = "of a stateful Executor"});
  idle({.names = {"install-requirements"}, .kind = OptionKind::kFlag, .help = "install Python packages", .fallback = false});
  constexpr auto kHead = "Heads";
  set.add({.names = {"no-reduce", "disable-reduce"},
           .kind = OptionKind::kFlag,
           .help = "leave the answers of several shards, and the inputs of several needs, unmerged",
           .fallback = false,
           .group = kHead});
  set.add({.names = {"connection-list"},
           .kind = OptionKind::kJson,
           .help = "shards of a head: {\"0\": [\"host:port\"]}",
           .group = kHead});
  set.add({.names = {"uses-before-address"}, .help = "Executor that a head calls before the shards", .group = kHead});
  set.add({.names = {"uses-after-address"}, .help = "Executor that a head gives the shards' answers to", .group = kHead});
  constexpr auto kContainer = "Containers and Kubernetes (accepted, without effect here)";
  const auto container = [&](OptionSpec spec) {
    spec.group = kContainer;
    spec.effective = false;
    set.add(std::move(spec));
  };
  container({.names = {"volumes"}, .kind = OptionKind::kTextList, .help = "volumes of the container"});
  container({.names = {"gpus"}, .help = "GPUs of the container"});
  container({.names = {"disable-auto-volume"}, .kind = OptionKind::kFlag, .help = "mount no volume", .fallback = false});
  container({.names = {"force-network-mode"},
             .kind = OptionKind::kChoice,
             .help = "network of the container",
             .fallback = "AUTO",
             .choices = {"AUTO", "HOST", "BRIDGE", "NONE"}});
  container({.names = {"force-update", "force"}, .kind = OptionKind::kFlag, .help = "fetch again from the Hub", .fallback = false});
  container({.names = {"prefer-platform"}, .help = "platform of the image"});
}

}  // namespace detail

namespace {

OptionSet make_executor() {
  OptionSet set;
  detail::add_executor_only(set);
  detail::add_common(set, "executor", "WorkerRuntime", "WORKER");
  detail::add_observability(set);
  set.mark_effective({"runtime-cls", "pod-role"});
  return set;
}

OptionSet make_deployment() {
  OptionSet set = make_executor();
  constexpr auto kDeployment = "Deployment";
  set.add({.names = {"needs"},
           .kind = OptionKind::kTextList,
           .help = "whose answers it gets; 'gateway' for the requests",
           .group = kDeployment});
  set.add({.names = {"method"},
           .kind = OptionKind::kChoice,
           .help = "how the item joins the Flow",
           .fallback = "add",
           .choices = {"add", "needs", "needs_all", "inspect", "gather_inspect"},
           .exact_case = true,
           .group = kDeployment});
  set.add(
      {.names = {"when"}, .kind = OptionKind::kKeyValues, .help = "condition that Documents must fulfil", .group = kDeployment});
  set.add({.names = {"external"},
           .kind = OptionKind::kFlag,
           .help = "runs elsewhere; host and port say where",
           .fallback = false,
           .group = kDeployment});
  set.add({.names = {"tls"},
           .kind = OptionKind::kFlag,
           .help = "talk TLS to an external Executor",
           .fallback = false,
           .group = kDeployment});
  set.add(
      {.names = {"grpc-metadata"}, .kind = OptionKind::kKeyValues, .help = "metadata of every call to it", .group = kDeployment});
  set.add({.names = {"python"},
           .help = "interpreter with Jina for an Executor in Python; the Flow's when not given (not in Jina)",
           .group = kDeployment,
           .placeholder = "FILE"});
  set.add({.names = {"colocate"},
           .kind = OptionKind::kFlag,
           .help = "run a C++ Executor inside the gateway's process (not in Jina)",
           .fallback = false,
           .group = kDeployment});
  set.add({.names = {"cpu-affinity", "cpus"},
           .kind = OptionKind::kTextList,
           .help = "cores that its processes may run on: 0-3, or 0,2; RR gives each replica one of its own (not in Jina)",
           .group = kDeployment,
           .placeholder = "CORES"});
  set.add({.names = {"restart"},
           .kind = OptionKind::kChoice,
           .help = "when one of its processes ends by itself: start it again, or stop the Flow; as 'jina flow --restart' when not "
                   "given (not in Jina)",
           .choices = {"never", "on-failure"},
           .group = kDeployment});
  set.add({.names = {"uses-before"}, .help = "Executor before the shards", .group = kDeployment});
  set.add({.names = {"uses-after"}, .help = "Executor after the shards", .group = kDeployment});
  set.add({.names = {"deployment-role"}, .help = "internal", .group = kDeployment, .effective = false});
  detail::add_http(set);
  detail::add_tls_server(set);
  set.mark_effective({"floating"});
  return set;
}

OptionSet make_flow() {
  OptionSet set;
  constexpr auto kFlow = "Flow";
  set.add({.names = {"inspect"},
           .kind = OptionKind::kChoice,
           .help = "what Executors with 'method: inspect' answer: joined at the end, awaited by nobody, or left out with them",
           .fallback = "COLLECT",
           .choices = {"COLLECT", "HANG", "REMOVE"},
           .group = kFlow});
  set.add({.names = {"suppress-root-logging"},
           .kind = OptionKind::kFlag,
           .help = "quiet root logger",
           .fallback = false,
           .group = kFlow,
           .effective = false});
  set.add({.names = {"asyncio"},
           .kind = OptionKind::kFlag,
           .help = "asyncio client",
           .fallback = false,
           .group = kFlow,
           .effective = false});
  set.add({.names = {"tls"},
           .kind = OptionKind::kFlag,
           .help = "the Flow's client talks TLS",
           .fallback = false,
           .group = kFlow,
           .effective = false});
  return set;
}

}  // namespace

const OptionSet& executor_options() {
  static const OptionSet set = make_executor();
  return set;
}

const OptionSet& deployment_options() {
  static const OptionSet set = make_deployment();
  return set;
}

const OptionSet& flow_options() {
  static const OptionSet set = make_flow();
  return set;
}

}  // namespace jina::config

#include "flow/effects.hpp"

#include <algorithm>
#include <set>

#include "flow/file_search.hpp"

namespace jina::flow {

namespace {

using Names = std::set<std::string_view>;

// Arguments of an item that the Flow itself acts on; the process does not get them as they stand.
const Names kHandledByFlow{"needs",
                           "method",
                           "when",
                           "external",
                           "tls",
                           "grpc-metadata",
                           "floating",
                           "no-reduce",
                           "replicas",
                           "shards",
                           "name",
                           "port",
                           "port-monitoring",
                           "host",
                           "env",
                           "timeout-ready",
                           "replica-id",
                           "shard-id",
                           "uses",
                           "py-modules",
                           "polling",
                           "deployment-role",
                           "python",
                           "colocate",
                           "cpu-affinity",
                           "uses-before",
                           "uses-after",
                           "uses-before-address",
                           "uses-after-address",
                           "connection-list",
                           "runtime-cls",
                           "pod-role",
                           "restart"};

// Of the container's run, not of the Executor in it.
const Names kOfContainer{"entrypoint", "docker-kwargs", "volumes", "gpus", "disable-auto-volume", "force-network-mode"};

// Of the head, which only an Executor with shards has.
const Names kOfShards{"uses-before", "uses-after", "uses-before-address", "uses-after-address", "polling"};

// Of a process and its port, which an Executor in the gateway's process does not have.
const Names kOfProcess{"port",         "port-monitoring", "host",          "protocol",
                       "cpu-affinity", "restart",         "timeout-ready", "exit-on-exceptions"};

// Ours alone: Jina would warn about them.
const Names kUnknownToJina{"io-threads", "compile-flags", "packages", "drain-delay", "autoscale", "resources", "jcloud"};

// Jina's `jina executor` does not know what only its gateway does.
const Names kOfGateway{"title", "description", "cors", "uvicorn-kwargs", "ssl-certfile", "ssl-keyfile"};

std::string underscored(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

bool changes_nothing(const config::OptionBag& options, const config::OptionSpec& option) {
  return options.get(option.name()) == option.fallback || options.get(option.name()) == boost::json::value(false);
}

}  // namespace

Runs runs_of(const DeploymentSpec& spec) {
  if (spec.flag("external")) return Runs::kElsewhere;
  if (config::classify_uses(spec.options.text("uses")) == config::UsesKind::kImage) return Runs::kContainer;
  const auto files = find_used_files(spec.options, spec.directory);
  return files && files->python ? Runs::kPython : Runs::kHere;
}

bool is_forwarded(const config::OptionSpec& option, Runs runs) {
  const std::string_view name = option.name();
  if (kHandledByFlow.contains(name)) return false;
  if (runs == Runs::kHere) return option.effective;
  return !kUnknownToJina.contains(name) && !kOfContainer.contains(name) && !kOfGateway.contains(name);
}

std::vector<std::string> without_effect(const DeploymentSpec& spec) {
  const auto runs = runs_of(spec);
  std::vector<std::string> out;
  for (const auto* option : spec.options.set_options()) {
    const bool without_shards = spec.shards() == 1 && kOfShards.contains(option->name());
    const bool without_process = spec.colocate() && kOfProcess.contains(option->name()) && spec.places.contains(option->name());
    const bool idle = without_shards || without_process;
    if ((option->effective && !idle) || changes_nothing(spec.options, *option)) continue;
    const bool for_jina = !idle && (runs == Runs::kPython || runs == Runs::kContainer) && is_forwarded(*option, runs);
    const bool for_container = runs == Runs::kContainer && kOfContainer.contains(option->name());
    if (!for_jina && !for_container) out.push_back(underscored(option->name()));
  }
  return out;
}

std::vector<std::string> without_effect(const config::OptionBag& options) {
  std::vector<std::string> out;
  for (const auto& name : options.ineffective()) out.push_back(underscored(name.substr(2)));
  return out;
}

}  // namespace jina::flow

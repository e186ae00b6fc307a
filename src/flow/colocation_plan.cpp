#include "flow/colocation_plan.hpp"

#include <algorithm>
#include <boost/json/value_from.hpp>

#include "flow/effects.hpp"
#include "flow/file_search.hpp"
#include "flow/shard_plan.hpp"

namespace jina::flow {
namespace {

Status refuse(const std::string& why) {
  return {StatusCode::kInvalidArgument, "colocate: " + why + "; leave out 'colocate' to give it a process of its own"};
}

}  // namespace

Result<boost::json::object> colocation_arguments(const DeploymentSpec& spec) {
  if (spec.flag("external")) return refuse("an external Executor is not started by this Flow");
  if (ShardPlan::needed(spec)) return refuse("an Executor in the gateway's process has no shards");
  if (runs_of(spec) == Runs::kContainer) return refuse("an image can not run in the gateway's process");
  auto files = find_used_files(spec.options, spec.directory);
  if (!files) return std::move(files).error();
  if (files->python)
    return refuse((files->python_place.empty() ? files->python_file : files->python_place) +
                  " is Python, and only a C++ Executor can run in the gateway's process");
  boost::json::object arguments;
  if (!files->uses.empty()) arguments["uses"] = files->uses;
  if (!files->modules.empty()) arguments["py_modules"] = boost::json::value_from(files->modules);
  if (spec.replicas() > 1) arguments["replicas"] = spec.replicas();
  for (const auto* option : spec.options.set_options()) {
    const std::string_view name = option->name();
    static constexpr std::string_view kTold[] = {"uses-with",          "uses-metas",    "uses-requests", "uses-dynamic-batching",
                                                 "extra-search-paths", "compile-flags", "packages",      "workspace",
                                                 "allow-concurrent"};
    if (std::find(std::begin(kTold), std::end(kTold), name) == std::end(kTold)) continue;
    std::string key(name);
    std::replace(key.begin(), key.end(), '-', '_');
    arguments[key] = spec.options.get(name);
  }
  return arguments;
}

Status plan_colocated(PlanDraft& draft, const DeploymentSpec& spec) {
  auto arguments = colocation_arguments(spec);
  if (!arguments) return std::move(arguments).error();
  draft.colocate[spec.name] = std::move(*arguments);
  draft.plan.endpoints.push_back({spec.name, "in process", "in the gateway"});
  return {};
}

}  // namespace jina::flow

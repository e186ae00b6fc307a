// What a jina::Flow holds.
//
// Thread: the Flow's. Lifetime: the Flow's. Cancellation: none.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/logging.hpp"
#include "config/load.hpp"
#include "flow/flow_spec.hpp"
#include "flow/launch_plan.hpp"
#include "flow_api/run_pod.hpp"
#include "flow_api/supervisor.hpp"
#include "jina/flow.hpp"

namespace jina {

namespace flow_api {
/// The entry of a map, made when it is not there or null.
config::Node& entry_of(config::Node& map, const char* key, config::Node made);
}  // namespace flow_api

struct Flow::Impl {
  FlowOptions options{};
  std::string header{};
  config::ConfigDocument document{};  ///< the Flow as its YAML
  std::map<std::string, std::function<void(Registry&)>, std::less<>> classes{};
  std::optional<flow_api::Supervisor> supervisor{};
  std::vector<flow::EndpointRow> gateway{};
  std::unique_ptr<Client> client{};

  config::Node& executors() {
    for (const char* key : {"deployments", "pods"})
      if (auto* found = document.root.find(key)) return *found;
    return flow_api::entry_of(document.root, "executors", config::Node::of_list({}));
  }

  flow_api::AddClasses add_classes() const {
    return [classes = classes](Registry& on) {
      for (const auto& [key, add] : classes) add(on);
    };
  }

  Result<flow::FlowSpec> spec() const { return flow::parse_flow(document); }

  Result<flow::LaunchPlan> plan() const {
    auto spec = this->spec();
    if (!spec) return spec.error();
    spec->environment[cli::kInFlowVariable] = "1";
    auto plan = flow::make_launch_plan(*spec, {.executable = flow::own_executable(), .python = options.python});
    if (!plan) return plan.error();
    for (auto& pod : plan->pods) flow_api::run_in_fork(pod, flow::own_executable(), add_classes(), header);
    return plan;
  }
};

}  // namespace jina

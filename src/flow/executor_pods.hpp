// ExecutorPods: the processes of one item of a Flow: what runs it (this program, Python, a container), with which arguments and
// which environment. Who they are and where they listen, the plan says.
//
// Thread: for start-up. Lifetime: refers to the Flow and the item. Cancellation: none.
#pragma once
#include <string>

#include "flow/effects.hpp"
#include "flow/file_search.hpp"
#include "flow/launch_plan.hpp"
#include "flow/python.hpp"

namespace jina::flow {

/// What tells one process of an item from the others.
struct PodSeat {
  std::string name;  ///< "upper/rep-0", "index/shard-1/rep-0"
  std::string host;
  std::uint16_t port = 0;
  std::uint16_t metrics_port = 0;  ///< 0: it is not monitored
  int replica = 0;
  int shard = -1;  ///< -1: there are no shards
};

class ExecutorPods {
 public:
  /// Finds files, interpreter and engine. Errors do not name the item.
  static Result<ExecutorPods> make(const FlowSpec& flow, const DeploymentSpec& spec, const std::string& executable,
                                   Pythons& pythons);

  Result<PodPlan> pod(const PodSeat& seat) const;
  Runs runs() const noexcept { return runs_; }
  const UsedFiles& files() const noexcept { return files_; }

 private:
  ExecutorPods(const FlowSpec& flow, const DeploymentSpec& spec) : flow_(&flow), spec_(&spec) {}
  Status find(Pythons& pythons);
  std::vector<std::string> arguments(const PodSeat& seat) const;
  std::vector<std::pair<std::string, std::string>> environment(const PodSeat& seat) const;

  const FlowSpec* flow_;
  const DeploymentSpec* spec_;
  Runs runs_ = Runs::kHere;
  UsedFiles files_{};
  std::string program_{};
  std::vector<std::string> devices_{};  // CUDA, by replica
  std::vector<int> cores_{};            // that may be used
};

/// "127.0.0.1" for an address that means all of this machine's.
std::string reachable(const std::string& host);
/// From the option timeout-ready; nothing: forever.
std::optional<std::chrono::milliseconds> ready_limit(const config::OptionBag& options);
/// Adds variables of a YAML to a process's.
void add_environment(std::vector<std::pair<std::string, std::string>>& to, const boost::json::object& variables);

}  // namespace jina::flow

// ShardPlan: the processes of a sharded Executor, as Jina lays them out: uses_before, uses_after, the replicas of each shard, and
// the head that stands in front of them, whose address alone the gateway knows.
//
// As in Jina uses_before and uses_after belong to shards: without shards there is no head, and they are left out.
//
// Thread: plain value. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "flow/executor_pods.hpp"
#include "flow/flow_spec.hpp"
#include "flow/launch_plan_draft.hpp"

namespace jina::flow {

/// One process that runs an Executor.
struct ShardPod {
  enum class Role : std::uint8_t { kBefore, kAfter, kShard };

  Role role = Role::kShard;
  std::string name;     ///< "s/shard-0/rep-1", "s/uses_before-0"
  DeploymentSpec spec;  ///< of the deployment, with the `uses` of this process
  int shard_id = 0;
  int replica_id = 0;
  std::size_t metrics_index = static_cast<std::size_t>(-1);  ///< its place in port_monitoring, where the head is first; as in Jina
  std::string address{};                                     ///< "host:port", once it is chosen
};

class ShardPlan {
 public:
  /// Whether the deployment has a head.
  static bool needed(const DeploymentSpec& spec) { return spec.shards() > 1; }

  /// REQUIRES: needed(spec).
  explicit ShardPlan(const DeploymentSpec& spec);

  /// Whoever starts them writes down their addresses.
  std::vector<ShardPod>& pods() noexcept { return pods_; }
  /// "s/head".
  std::string head_name() const { return spec_.name + "/head"; }
  /// The port that the deployment asks for is its head's, as in Jina; 0: any.
  std::uint16_t head_port() const;
  /// Arguments of `jina executor` for the head, beside name, host and port. REQUIRES: all addresses are known.
  std::vector<std::string> head_arguments() const;

 private:
  DeploymentSpec spec_;
  std::vector<ShardPod> pods_;
};

/// Adds the processes of a sharded deployment to the plan; its address is its head's. Errors do not name the item.
Status plan_shards(PlanDraft& draft, const DeploymentSpec& spec, Pythons& pythons);

}  // namespace jina::flow

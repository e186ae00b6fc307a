#include "connection_pool/replica_list.hpp"

#include <algorithm>
#include <tuple>

namespace jina {

Replica* ReplicaList::pick(const std::vector<const Replica*>& tried, bool round_robin) noexcept {
  if (replicas_.empty()) return nullptr;
  if (replicas_.size() == 1) return replicas_.front().get();
  const std::size_t start = next_++ % replicas_.size();
  Replica* best = nullptr;
  std::tuple<bool, bool, std::size_t> best_cost;
  for (std::size_t i = 0; i < replicas_.size(); ++i) {
    Replica* replica = replicas_[(start + i) % replicas_.size()].get();
    const bool was_tried = std::find(tried.begin(), tried.end(), replica) != tried.end();
    const bool failing = replica->channel->state() == grpc::ChannelState::kBackoff;
    const std::tuple<bool, bool, std::size_t> cost{was_tried, failing, round_robin ? 0 : replica->channel->outstanding()};
    if (best == nullptr || cost < best_cost) {
      best = replica;
      best_cost = cost;
    }
  }
  return best;
}

}  // namespace jina

// ReplicaList: the replicas of one deployment, and the choice among them.
//
// Thread: one I/O thread. Lifetime: replicas stay where they are until the list dies. Cancellation: none.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "protocol/grpc/channel.hpp"

namespace jina {

struct Replica {
  std::string address;   ///< "host:port", scheme removed
  std::unique_ptr<grpc::Channel> channel;
  bool only_call = false;  ///< answered UNIMPLEMENTED to process_single_data: it is asked through JinaRPC/Call
};

class ReplicaList {
 public:
  void add(Replica replica) { replicas_.push_back(std::make_unique<Replica>(std::move(replica))); }
  std::size_t size() const noexcept { return replicas_.size(); }
  const std::vector<std::unique_ptr<Replica>>& all() const noexcept { return replicas_; }

  /// One that is not in `tried`, if any is left. By default the one with the fewest calls running, those whose connection just failed
  /// last, equals in turn; with `round_robin` simply in turn. Null for an empty list.
  Replica* pick(const std::vector<const Replica*>& tried, bool round_robin) noexcept;

 private:
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::size_t next_ = 0;
};

}  // namespace jina

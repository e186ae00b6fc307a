// ReplicaList: the replicas of one deployment, and the choice among them.
//
// A replica whose connection failed, or that did not answer in time, is suspect: it is passed over while another one is left, and
// asked for its health in growing intervals, so that no request has to find out that it is back.
//
// Thread: one I/O thread. Lifetime: replicas stay where they are until the list dies. Cancellation: closing a channel ends its
// probe.
#pragma once
#include <boost/container/small_vector.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "protocol/grpc/channel.hpp"

namespace jina {

struct Replica {
  std::string address{};                  ///< "host:port", scheme removed
  bool only_call = false;                 ///< answered UNIMPLEMENTED to process_single_data: it is asked through JinaRPC/Call
  bool suspect = false;                   ///< it failed and did not answer anything since
  bool probing = false;                   ///< a health check is on its way
  std::chrono::milliseconds interval{0};  ///< until the next health check of a suspect
  SteadyTime probe_at{};
  std::uint64_t failures = 0;                ///< lost connections and timeouts, for status pages
  std::unique_ptr<grpc::Channel> channel{};  ///< last: the end of its calls still looks at the rest

  /// The peer answered, whatever it said.
  void answered() noexcept {
    suspect = false;
    interval = std::chrono::milliseconds(0);
  }
  void failed(SteadyTime now) noexcept;
};

using TriedReplicas = boost::container::small_vector<Replica*, 4>;

/// Their addresses as Python prints a set of texts; a replica that was asked again stands there once.
std::string as_python_set(const TriedReplicas& tried);

class ReplicaList {
 public:
  void add(std::string address, std::unique_ptr<grpc::Channel> channel);
  std::size_t size() const noexcept { return replicas_.size(); }
  const std::vector<std::unique_ptr<Replica>>& all() const noexcept { return replicas_; }
  /// Whether every replica is in `tried`.
  bool exhausted(const TriedReplicas& tried) const noexcept;

  /// One that is not in `tried`, if any is left. By default the one with the fewest calls running, suspects last, equals in turn;
  /// with `round_robin` in turn, suspects last too. Null for an empty list. Sends the health checks that are due.
  Replica* pick(const TriedReplicas& tried, bool round_robin, SteadyTime now);

 private:
  void probe(Replica& replica, SteadyTime now);

  std::vector<std::unique_ptr<Replica>> replicas_;
  std::size_t next_ = 0;
};

}  // namespace jina

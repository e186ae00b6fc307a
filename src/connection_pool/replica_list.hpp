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
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "protocol/grpc/channel.hpp"

namespace jina {

struct Replica {
  std::string address{};                  ///< "host:port", scheme removed
  bool only_call = false;                 ///< answered UNIMPLEMENTED to process_single_data: it is asked through JinaRPC/Call
  bool was_up = false;                    ///< it was there once; one that never was is not waited for
  bool suspect = false;                   ///< it failed and did not answer anything since
  bool probing = false;                   ///< a health check is on its way
  bool retired = false;                   ///< gone from where its name leads; only calls that run still know it
  std::chrono::milliseconds interval{0};  ///< until the next health check of a suspect
  SteadyTime probe_at{};
  SteadyTime suspect_since{};
  SteadyTime retired_at{};
  std::uint64_t failures = 0;                ///< lost connections and timeouts, for status pages
  std::unique_ptr<grpc::Channel> channel{};  ///< last: the end of its calls still looks at the rest

  /// The peer answered, whatever it said.
  void answered() noexcept {
    was_up = true;
    suspect = false;
    interval = std::chrono::milliseconds(0);
  }
  void failed(SteadyTime now) noexcept;
};

/// Where a replica is, and the name that led there: "10.0.0.7:8080" of "enc.shop.svc:8080".
struct ReplicaAddress {
  std::string address;
  std::string name;
};
using MakeChannel = std::function<std::unique_ptr<grpc::Channel>(const ReplicaAddress&)>;

using TriedReplicas = boost::container::small_vector<Replica*, 4>;

/// Their addresses as Python prints a set of texts; a replica that was asked again stands there once.
std::string as_python_set(const TriedReplicas& tried);

class ReplicaList {
 public:
  void add(std::string address, std::unique_ptr<grpc::Channel> channel);
  /// Makes these the replicas: others retire, those that are there already stay as they are. A retired one gives its place to a new
  /// one when it is long forgotten. REQUIRES: wanted is not empty.
  void replace(std::span<const ReplicaAddress> wanted, const MakeChannel& make, SteadyTime now);
  /// Retired ones do not count.
  std::size_t size() const noexcept { return active_.size(); }
  bool has_suspects() const noexcept;
  /// Retired ones too.
  const std::vector<std::unique_ptr<Replica>>& all() const noexcept { return replicas_; }
  /// Whether every replica is in `tried`.
  bool exhausted(const TriedReplicas& tried) const noexcept;

  /// Whether one of them became suspect less than `window` ago: it may be about to come back.
  bool lost_within(std::chrono::milliseconds window, SteadyTime now) const noexcept;

  /// One that is not in `tried`, if any is left. By default the one with the fewest calls running, suspects last, equals in turn;
  /// with `round_robin` in turn, suspects last too. Null for an empty list. Sends the health checks that are due.
  Replica* pick(const TriedReplicas& tried, bool round_robin, SteadyTime now);

 private:
  void probe(Replica& replica, SteadyTime now);
  Replica* place_for_new(SteadyTime now);

  std::vector<std::unique_ptr<Replica>> replicas_;
  std::vector<Replica*> active_;
  std::size_t next_ = 0;
};

}  // namespace jina

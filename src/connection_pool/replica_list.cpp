#include "connection_pool/replica_list.hpp"

#include <algorithm>
#include <tuple>

namespace jina {
namespace {

using namespace std::chrono_literals;
constexpr auto kFirstProbe = 100ms;
constexpr auto kLongestProbe = 2'000ms;
constexpr auto kProbeTimeout = 1'000ms;
// A call that has tried a replica may name its address in the error that ends it: not the one of another replica.
constexpr auto kForgotten = 60s;

bool contains(const TriedReplicas& tried, const Replica* replica) noexcept {
  return std::find(tried.begin(), tried.end(), replica) != tried.end();
}

// HealthCheckResponse{status: SERVING}; a peer without health service that answers at all is taken for healthy.
bool is_healthy(const grpc::UnaryReply& reply) {
  if (reply.status.code == StatusCode::kUnimplemented || reply.status.code == StatusCode::kNotFound) return true;
  return reply.status.ok() && reply.message.str() == std::string_view("\x08\x01", 2);
}

}  // namespace

std::string as_python_set(const TriedReplicas& tried) {
  std::string text = "{";
  for (auto at = tried.begin(); at != tried.end(); ++at)
    if (std::none_of(tried.begin(), at, [&](const Replica* before) { return before->address == (*at)->address; }))
      text += (text.size() > 1 ? ", '" : "'") + (*at)->address + "'";
  return text + "}";
}

void Replica::failed(SteadyTime now) noexcept {
  ++failures;
  interval = suspect ? std::min<std::chrono::milliseconds>(interval * 2, kLongestProbe) : kFirstProbe;
  if (!suspect) suspect_since = now;
  suspect = true;
  probe_at = now + interval;
}

void ReplicaList::add(std::string address, std::unique_ptr<grpc::Channel> channel) {
  auto replica = std::make_unique<Replica>();
  replica->address = std::move(address);
  replica->channel = std::move(channel);
  active_.push_back(replica.get());
  replicas_.push_back(std::move(replica));
}

Replica* ReplicaList::place_for_new(SteadyTime now) {
  for (const auto& replica : replicas_)
    if (replica->retired && !replica->probing && replica->channel->outstanding() == 0 && now - replica->retired_at > kForgotten) {
      replica->channel->close();
      *replica = Replica{};
      return replica.get();
    }
  return replicas_.emplace_back(std::make_unique<Replica>()).get();
}

void ReplicaList::replace(std::span<const ReplicaAddress> wanted, const MakeChannel& make, SteadyTime now) {
  for (const auto& replica : replicas_) {
    const bool stays =
        std::any_of(wanted.begin(), wanted.end(), [&](const ReplicaAddress& each) { return each.address == replica->address; });
    if (stays) {
      replica->retired = false;
      continue;
    }
    if (!replica->retired) replica->retired_at = now;
    replica->retired = true;
    // What still runs there may end; then its connection is of no use.
    if (replica->channel->outstanding() == 0 && replica->channel->state() == grpc::ChannelState::kReady) replica->channel->reset();
  }
  for (const auto& each : wanted) {
    if (std::any_of(replicas_.begin(), replicas_.end(), [&](const auto& replica) { return replica->address == each.address; }))
      continue;
    Replica* replica = place_for_new(now);
    replica->address = each.address;
    replica->channel = make(each);
  }
  active_.clear();
  for (const auto& replica : replicas_)
    if (!replica->retired) active_.push_back(replica.get());
}

bool ReplicaList::has_suspects() const noexcept {
  return std::any_of(active_.begin(), active_.end(), [](const Replica* replica) { return replica->suspect; });
}

bool ReplicaList::exhausted(const TriedReplicas& tried) const noexcept {
  return std::all_of(active_.begin(), active_.end(), [&](const Replica* replica) { return contains(tried, replica); });
}

bool ReplicaList::lost_within(std::chrono::milliseconds window, SteadyTime now) const noexcept {
  return std::any_of(replicas_.begin(), replicas_.end(), [&](const auto& replica) {
    return replica->was_up && replica->suspect && now - replica->suspect_since < window;
  });
}

Replica* ReplicaList::pick(const TriedReplicas& tried, bool round_robin, SteadyTime now) {
  if (active_.empty()) return nullptr;
  if (active_.size() == 1) return active_.front();
  const std::size_t start = next_++ % active_.size();
  Replica* best = nullptr;
  std::tuple<bool, bool, std::size_t> best_cost;
  for (std::size_t i = 0; i < active_.size(); ++i) {
    Replica* replica = active_[(start + i) % active_.size()];
    const std::tuple<bool, bool, std::size_t> cost{contains(tried, replica), replica->suspect,
                                                   round_robin ? 0 : replica->channel->outstanding()};
    if (best == nullptr || cost < best_cost) {
      best = replica;
      best_cost = cost;
    }
  }
  for (Replica* replica : active_)
    if (replica != best && replica->suspect && !replica->probing && now >= replica->probe_at) probe(*replica, now);
  return best;
}

void ReplicaList::probe(Replica& replica, SteadyTime now) {
  replica.probing = true;
  // A check that waits for the back-off of the channel would only repeat its last error.
  if (replica.channel->state() == grpc::ChannelState::kBackoff) replica.channel->reset();
  grpc::CallOptions options;
  options.deadline = now + kProbeTimeout;
  replica.channel->unary("/grpc.health.v1.Health/Check", Buffer{}, std::move(options), [&replica](grpc::UnaryReply reply) {
    replica.probing = false;
    if (!replica.suspect) return;  // an ordinary call was faster
    if (is_healthy(reply)) {
      replica.answered();
    } else {
      replica.failed(std::chrono::steady_clock::now());
      --replica.failures;  // counted when it happened
    }
  });
}

}  // namespace jina

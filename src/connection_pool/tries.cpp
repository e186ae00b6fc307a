#include "connection_pool/tries.hpp"

#include <algorithm>
#include <utility>

namespace jina {
namespace {

// The codes after which Jina asks again (wire facts, section 3).
bool may_try_again(StatusCode code) {
  switch (code) {
    case StatusCode::kUnavailable:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kNotFound:
    case StatusCode::kCancelled:
    case StatusCode::kUnknown:
    case StatusCode::kInternal: return true;
    default: return false;
  }
}

// What a call ends with whose connection went while it ran; the replica may have died of it.
bool was_lost(const Status& status, bool safe) {
  return !safe && status.code == StatusCode::kUnavailable && status.message == "Socket closed";
}

// So long after a replica was lost its deployment is asked again and again: about what a process needs to be started again. Jina
// does not wait; four tries within a millisecond help nobody.
constexpr std::chrono::milliseconds kComesBackWithin{1000};

std::chrono::milliseconds pause_before(int number) { return std::chrono::milliseconds(25 << std::min(number, 3)); }

// A call that lost so many replicas may be what they die of.
constexpr int kSuspicious = 2;

}  // namespace

Tries::Tries(ConnectionPool& pool, ConnectionPool::Deployment& deployment, RequestContext& context)
    : pool_(pool), deployment_(deployment), context_(context), left_(pool.tries(deployment)) {}

Replica& Tries::choose(SteadyTime now) {
  --left_;
  replica_ = deployment_.replicas.pick(tried_, pool_.options_.round_robin, now);
  tried_.push_back(replica_);
  // A replica that is chosen although it just failed is asked for real, not answered from its back-off.
  if (replica_->channel->state() == grpc::ChannelState::kBackoff) replica_->channel->reset();
  return *replica_;
}

bool Tries::try_again(const Status& status, bool safe, SteadyTime now) {
  const bool lost = was_lost(status, safe);
  if (lost) replica_->was_up = true;
  if (status.code == StatusCode::kUnavailable || status.code == StatusCode::kDeadlineExceeded) {
    replica_->failed(now);
  } else {
    replica_->answered();
  }
  if (lost) ++lost_;
  const bool all_tried = deployment_.replicas.exhausted(tried_);
  const bool comes_back = pool_.options_.retries != 0 && (lost || safe) && all_tried && !pool_.closed_ &&
                          deployment_.replicas.lost_within(kComesBackWithin, now);
  // A call that never reached its replica costs no try while another replica is left, or this one may come back.
  if (safe && (!all_tried || comes_back)) ++left_;
  const bool late = context_.deadline && now >= *context_.deadline;
  if (!may_try_again(status.code) || left_ <= 0 || late) return false;
  if (lost_ >= kSuspicious && !may_be_alone()) return true;
  if (comes_back) {
    pause(pause_before(pauses_++));
  } else {
    next_try(now);
  }
  return true;
}

bool Tries::may_be_alone() {
  if (deployment_.alone == this) return true;
  if (deployment_.alone != nullptr) {
    deployment_.want_alone.push_back(shared_from_this());
    return false;
  }
  deployment_.alone = this;
  return true;
}

void Tries::leave() {
  if (deployment_.alone != this) return;
  deployment_.alone = nullptr;
  if (deployment_.want_alone.empty()) return;
  const std::shared_ptr<Tries> next = std::move(deployment_.want_alone.front());
  deployment_.want_alone.pop_front();
  deployment_.alone = next.get();
  next->pause(std::chrono::milliseconds(0));
}

void Tries::pause(std::chrono::milliseconds time) {
  pause_ = std::make_unique<boost::asio::steady_timer>(pool_.io_, time);
  pool_.pausing_.insert(this);
  pause_->async_wait([self = shared_from_this()](const boost::system::error_code&) {
    self->pool_.pausing_.erase(self.get());
    self->pause_.reset();
    if (self->context_.cancelled()) return self->give_up();
    self->next_try(self->pool_.now());
  });
}

void Tries::wake() {
  if (pause_) pause_->cancel();
  // Cancelled while it waits for its turn: then this is its turn.
  auto& waiting = deployment_.want_alone;
  const auto found = std::find_if(waiting.begin(), waiting.end(), [this](const auto& tries) { return tries.get() == this; });
  if (found == waiting.end()) return;
  const std::shared_ptr<Tries> self = std::move(*found);
  waiting.erase(found);
  pause(std::chrono::milliseconds(0));
}

Status Tries::cancelled_status() const {
  if (context_.cancel_reason() == CancelReason::kDeadline) return {StatusCode::kDeadlineExceeded, "Deadline Exceeded"};
  return {StatusCode::kCancelled, "the caller is gone"};
}

}  // namespace jina

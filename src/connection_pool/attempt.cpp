#include "connection_pool/attempt.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "telemetry/rpc_span.hpp"

namespace jina {
namespace {

constexpr std::string_view kProcessSingleData = "/jina.JinaSingleDataRequestRPC/process_single_data";
constexpr std::string_view kCall = "/jina.JinaRPC/Call";

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

Status cancelled_status(CancelReason reason) {
  if (reason == CancelReason::kDeadline) return {StatusCode::kDeadlineExceeded, "Deadline Exceeded"};
  return {StatusCode::kCancelled, "the caller is gone"};
}

// What a call ends with whose connection went while it ran; the replica may have died of it.
bool was_lost(const grpc::UnaryReply& reply) {
  return !reply.safe_to_retry && reply.status.code == StatusCode::kUnavailable && reply.status.message == "Socket closed";
}

// So long after a replica was lost its deployment is asked again and again: about what a process needs to be started again. Jina
// does not wait; four tries within a millisecond help nobody.
constexpr std::chrono::milliseconds kComesBackWithin{1000};

std::chrono::milliseconds pause_before(int number) { return std::chrono::milliseconds(25 << std::min(number, 3)); }

// A call that lost so many replicas may be what they die of.
constexpr int kSuspicious = 2;

}  // namespace

Attempt::Attempt(ConnectionPool& pool, ConnectionPool::Deployment& deployment, RequestContext& context, std::string_view endpoint,
                 std::string_view path, Buffer message, AttemptDone done)
    : pool_(pool),
      deployment_(deployment),
      context_(context),
      endpoint_(endpoint),
      path_(path),
      message_(std::move(message)),
      done_(std::move(done)),
      left_(pool.tries(deployment)) {}

void Attempt::start() {
  if (context_.cancelled()) {
    // The completion never runs inside the call that starts it.
    boost::asio::post(pool_.io_, [self = shared_from_this()] { self->give_up(); });
    return;
  }
  cancel_ = context_.on_cancel([this](CancelReason) {
    // The end of the call may be the end of this object.
    const auto keep = shared_from_this();
    running_.cancel();
    if (const auto stream = stream_) stream->cancel();
    wake();
  });
  next_try(pool_.now());
}

void Attempt::next_try(SteadyTime now) {
  --left_;
  replica_ = deployment_.replicas.pick(tried_, pool_.options_.round_robin, now);
  tried_.push_back(replica_);
  // A replica that is chosen although it just failed is asked for real, not answered from its back-off.
  if (replica_->channel->state() == grpc::ChannelState::kBackoff) replica_->channel->reset();
  if (replica_->only_call && path_ == kProcessSingleData) return through_call(now);
  running_ = replica_->channel->unary(path_, message_, begin(path_, now),
                                      [self = shared_from_this()](grpc::UnaryReply reply) { self->on_reply(std::move(reply)); });
}

grpc::CallOptions Attempt::begin(std::string_view path, SteadyTime now) {
  if (!pool_.options_.tracer.enabled()) return pool_.call_options(context_, context_.trace, deployment_, endpoint_, now);
  span_ = pool_.start_span(context_, deployment_, endpoint_, path, tried_);
  return pool_.call_options(context_, span_.context(), deployment_, endpoint_, now);
}

void Attempt::through_call(SteadyTime now) {
  stream_ = replica_->channel->open(kCall, begin(kCall, now));
  stream_->write(message_);
  stream_->writes_done();
  stream_->read([self = shared_from_this()](std::optional<Buffer> first) {
    const std::shared_ptr<grpc::ClientStream> stream = std::move(self->stream_);
    grpc::UnaryReply reply;
    if (first) {
      reply.message = std::move(*first);
      // The status and its metadata follow the message.
      stream->read([self, stream, reply = std::move(reply)](std::optional<Buffer>) mutable {
        reply.status = stream->status();
        reply.trailing = stream->trailing();
        self->on_reply(std::move(reply));
      });
      return;
    }
    reply.status = stream->status().ok() ? Status{StatusCode::kInternal, "the stream ended without an answer"} : stream->status();
    self->on_reply(std::move(reply));
  });
}

void Attempt::on_reply(grpc::UnaryReply reply) {
  if (span_) {
    // An Executor that raised answers OK: the call did not fail, what it was for did.
    if (find_value(reply.trailing, "is-error") != nullptr) span_.set_attribute("jina.executor_error", true);
    telemetry::end_rpc_span(span_, SpanKind::kClient, reply.status);
  }
  if (reply.status.ok()) {
    replica_->answered();
    return finish(std::move(reply));
  }
  const SteadyTime now = pool_.now();
  if (reply.status.code == StatusCode::kUnimplemented && path_ == kProcessSingleData && !replica_->only_call) {
    replica_->only_call = true;
    return through_call(now);
  }
  if (!context_.cancelled()) {
    const bool lost = was_lost(reply);
    if (lost) replica_->was_up = true;
    if (reply.status.code == StatusCode::kUnavailable || reply.status.code == StatusCode::kDeadlineExceeded) {
      replica_->failed(now);
    } else {
      replica_->answered();
    }
    if (lost) ++lost_;
    const bool all_tried = deployment_.replicas.exhausted(tried_);
    const bool comes_back = pool_.options_.retries != 0 && (lost || reply.safe_to_retry) && all_tried && !pool_.closed_ &&
                            deployment_.replicas.lost_within(kComesBackWithin, now);
    // A call that never reached its replica costs no try while another replica is left, or this one may come back.
    if (reply.safe_to_retry && (!all_tried || comes_back)) ++left_;
    const bool late = context_.deadline && now >= *context_.deadline;
    if (may_try_again(reply.status.code) && left_ > 0 && !late) {
      if (lost_ >= kSuspicious && !may_be_alone()) return;
      return comes_back ? pause(pause_before(pauses_++)) : next_try(now);
    }
    reply.status = pool_.explain(reply.status, deployment_.name, tried_);
  }
  finish(std::move(reply));
}

bool Attempt::may_be_alone() {
  if (deployment_.alone == this) return true;
  if (deployment_.alone != nullptr) {
    deployment_.want_alone.push_back(shared_from_this());
    return false;
  }
  deployment_.alone = this;
  return true;
}

void Attempt::leave() {
  if (deployment_.alone != this) return;
  deployment_.alone = nullptr;
  if (deployment_.want_alone.empty()) return;
  const std::shared_ptr<Attempt> next = std::move(deployment_.want_alone.front());
  deployment_.want_alone.pop_front();
  deployment_.alone = next.get();
  next->pause(std::chrono::milliseconds(0));
}

void Attempt::pause(std::chrono::milliseconds time) {
  pause_ = std::make_unique<boost::asio::steady_timer>(pool_.io_, time);
  pool_.pausing_.insert(this);
  pause_->async_wait([self = shared_from_this()](const boost::system::error_code&) {
    self->pool_.pausing_.erase(self.get());
    self->pause_.reset();
    if (self->context_.cancelled()) return self->give_up();
    self->next_try(self->pool_.now());
  });
}

void Attempt::wake() {
  if (pause_) pause_->cancel();
  // Cancelled while it waits for its turn: then this is its turn.
  auto& waiting = deployment_.want_alone;
  const auto found = std::find_if(waiting.begin(), waiting.end(), [this](const auto& attempt) { return attempt.get() == this; });
  if (found == waiting.end()) return;
  const std::shared_ptr<Attempt> self = std::move(*found);
  waiting.erase(found);
  pause(std::chrono::milliseconds(0));
}

void Attempt::give_up() {
  grpc::UnaryReply reply;
  reply.status = cancelled_status(context_.cancel_reason());
  finish(std::move(reply));
}

void Attempt::finish(grpc::UnaryReply reply) {
  cancel_.reset();
  leave();
  AttemptDone done = std::move(done_);
  if (auto* as_it_came = std::get_if<0>(&done)) return (*as_it_came)(std::move(reply));
  wire::Reply parsed;
  parsed.status = std::move(reply.status);
  parsed.trailing = std::move(reply.trailing);
  if (parsed.status.ok()) {
    Result<wire::DataRequest> response = wire::DataRequest::parse(reply.message);
    if (response) {
      parsed.response = std::move(*response);
    } else {
      parsed.status = {StatusCode::kInternal, "deployment " + deployment_.name + " at " + replica_->address +
                                                  " answered with bytes that are no DataRequestProto: " + response.error().message};
    }
  }
  std::get<1>(done)(std::move(parsed));
}

}  // namespace jina

#include "connection_pool/attempt.hpp"

#include <algorithm>

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

}  // namespace

Attempt::Attempt(ConnectionPool& pool, ConnectionPool::Deployment& deployment, RequestContext& context, std::string_view endpoint,
                 std::string path, Buffer message, Done done)
    : pool_(pool),
      deployment_(deployment),
      context_(context),
      endpoint_(endpoint),
      path_(std::move(path)),
      message_(std::move(message)),
      done_(std::move(done)),
      left_(pool.tries(deployment)) {}

void Attempt::start() {
  cancel_ = context_.on_cancel([weak = weak_from_this()](CancelReason) {
    const auto self = weak.lock();
    if (!self) return;
    self->running_.cancel();
    if (self->stream_) self->stream_->cancel();
  });
  next_try();
}

void Attempt::next_try() {
  --left_;
  replica_ = deployment_.replicas.pick(tried_, pool_.options_.round_robin);
  tried_.push_back(replica_);
  if (std::find(addresses_.begin(), addresses_.end(), replica_->address) == addresses_.end()) addresses_.push_back(replica_->address);
  // A replica that is chosen although it just failed is asked for real, not answered from its back-off.
  if (replica_->channel->state() == grpc::ChannelState::kBackoff) replica_->channel->reset();
  if (replica_->only_call && path_ == kProcessSingleData) return through_call();
  running_ = replica_->channel->unary(path_, message_, pool_.call_options(context_, deployment_, endpoint_),
                                      [self = shared_from_this()](grpc::UnaryReply reply) { self->on_reply(std::move(reply)); });
}

void Attempt::through_call() {
  stream_ = replica_->channel->open(kCall, pool_.call_options(context_, deployment_, endpoint_));
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
  if (reply.status.ok()) return finish(std::move(reply));
  if (reply.status.code == StatusCode::kUnimplemented && path_ == kProcessSingleData && !replica_->only_call) {
    replica_->only_call = true;
    return through_call();
  }
  const bool late = context_.deadline && std::chrono::steady_clock::now() >= *context_.deadline;
  if (may_try_again(reply.status.code) && left_ > 0 && !context_.cancelled() && !late) return next_try();
  if (!context_.cancelled()) reply.status = ConnectionPool::explain(reply.status, deployment_.name, addresses_);
  finish(std::move(reply));
}

void Attempt::finish(grpc::UnaryReply reply) {
  cancel_.reset();
  std::exchange(done_, nullptr)(std::move(reply));
}

}  // namespace jina

#include "colocation/local_call.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <string>
#include <utility>

namespace jina::colocation {
namespace {

// Executors that answer at once call each other's successors: a long Flow is cut into pieces of the stack.
constexpr int kDeepest = 16;

}  // namespace

Status status_of(CancelReason reason) {
  if (reason == CancelReason::kDeadline) return {StatusCode::kDeadlineExceeded, "Deadline Exceeded"};
  return {StatusCode::kCancelled, "the caller is gone (" + std::string(to_string(reason)) + ")"};
}

void LocalCall::start(RequestContext& caller, std::string_view endpoint, std::vector<wire::DataRequest>&& requests) {
  if (caller.cancelled()) return complete({.status = status_of(caller.cancel_reason())});
  context_.deadline = caller.deadline;
  context_.trace = caller.trace;
  context_.metadata = owner_.metadata_of(deployment_.name);
  if (!endpoint.empty()) context_.metadata.emplace_back("endpoint", endpoint);
  if (const auto timeout = owner_.options_.timeout_send; timeout && timeout->count() >= 0) {
    const SteadyTime limit = std::chrono::steady_clock::now() + *timeout;
    context_.deadline = std::min(context_.deadline.value_or(limit), limit);
  }
  ++owner_.jobs_;
  if (!owner_.same_thread()) {
    run_there(std::move(requests));
  } else if (owner_.depth_ < kDeepest) {
    run_here(std::move(requests));
  } else {
    boost::asio::post(
        owner_.io_, [self = shared_from_this(), requests = std::move(requests)]() mutable { self->run_here(std::move(requests)); });
  }
  if (done_) wait(caller);
}

void LocalCall::run_here(std::vector<wire::DataRequest>&& requests) {
  ++owner_.depth_;
  deployment_.pick().handler->process_data(context_, std::move(requests),
                                           [self = shared_from_this()](wire::Reply&& reply) { self->replied(std::move(reply)); });
  --owner_.depth_;
}

void LocalCall::run_there(std::vector<wire::DataRequest>&& requests) {
  work_.emplace(owner_.io_.get_executor());
  boost::asio::post(owner_.hosts_.io(), [self = shared_from_this(), requests = std::move(requests)]() mutable {
    self->deployment_.pick().handler->process_data(self->context_, std::move(requests), [self](wire::Reply&& reply) {
      boost::asio::post(self->owner_.io_, [self, reply = std::move(reply)]() mutable {
        self->work_.reset();
        self->replied(std::move(reply));
      });
    });
  });
}

// It takes its time: now it matters whether anybody still wants the answer.
void LocalCall::wait(RequestContext& caller) {
  owner_.waiting_.insert(this);
  if (caller.cancelled()) return fail(status_of(caller.cancel_reason()), caller.cancel_reason());
  caller_cancelled_ = caller.on_cancel([this](CancelReason reason) { fail(status_of(reason), reason); });
  if (!context_.deadline) return;
  limit_.emplace(owner_.io_, *context_.deadline);
  limit_->async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self) self->late();
  });
}

void LocalCall::late() { fail(explain({StatusCode::kDeadlineExceeded, "Deadline Exceeded"}), CancelReason::kDeadline); }

void LocalCall::fail(Status status, CancelReason reason) {
  const auto keep = shared_from_this();
  complete({.status = std::move(status)});
  if (owner_.same_thread()) return context_.cancel(reason);
  boost::asio::post(owner_.hosts_.io(), [keep, reason] { keep->context_.cancel(reason); });
}

void LocalCall::replied(wire::Reply&& reply) {
  if (!reply.status.ok()) reply.status = explain(std::move(reply.status));
  complete(std::move(reply));
  owner_.job_ended();
}

void LocalCall::complete(wire::Reply&& reply) {
  if (!done_) return;  // given up before
  caller_cancelled_.reset();
  limit_.reset();
  owner_.waiting_.erase(this);
  wire::ReplyCallback done = std::move(done_);
  done(std::move(reply));
}

// In the words that clients of Jina know, as ConnectionPool::explain, but for addresses, of which there are none.
Status LocalCall::explain(Status status) const {
  const std::string who = "deployment " + deployment_.name + ", which is in the gateway's process,";
  switch (status.code) {
    case StatusCode::kCancelled: return status;
    case StatusCode::kDeadlineExceeded:
      return {status.code, status.message + "|Gateway: " + who +
                               " did not answer in time. You can increase the allowed time by setting `timeout_send` in your Flow "
                               "YAML `with` block or Flow `__init__()` method."};
    default: return {StatusCode::kUnknown, who + " answered " + status.to_string()};
  }
}

}  // namespace jina::colocation

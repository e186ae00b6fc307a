#include "client/post_run.hpp"

#include <algorithm>
#include <cmath>

#include "base/ids.hpp"

namespace jina::client {
namespace {

std::size_t most_at_a_time(const PostOptions& options, const ClientOptions& client, std::size_t limit) {
  constexpr std::size_t kNoLimit = 10'000;  // more than that in work makes nothing faster
  const int wanted = options.prefetch > 0 ? options.prefetch : client.prefetch;
  return std::min(wanted > 0 ? static_cast<std::size_t>(wanted) : kNoLimit, limit);
}

/// As Jina's client waits: exactly the first time, a random part of the growing limit later.
std::chrono::milliseconds backoff(const PostOptions& options, int attempt) {
  if (attempt <= 1) return options.initial_backoff;
  const double grown = static_cast<double>(options.initial_backoff.count()) * std::pow(options.backoff_multiplier, attempt - 1);
  const double limit = std::min(grown, static_cast<double>(options.max_backoff.count()));
  const double part = static_cast<double>(random_bits() >> 11) * 0x1p-53;
  return std::chrono::milliseconds(static_cast<std::int64_t>(limit * part));
}

}  // namespace

/// One request until it is answered.
struct PostRun::Work {
  RequestSource::Request request;
  std::uint64_t number = 0;
  int attempts = 0;
  std::optional<boost::asio::steady_timer> pause{};
};

PostRun::PostRun(std::shared_ptr<Connections> connections, std::string endpoint, Inputs inputs, PostOptions options)
    : connections_(std::move(connections)), options_(std::move(options)), replies_(options_.results_in_order) {
  TransportOptions how;
  how.endpoint = endpoint;
  how.metadata = connections_->metadata_with(options_.metadata);
  how.stream = options_.stream;
  how.results_in_order = options_.results_in_order;
  how.prefetch = options_.prefetch;
  if (options_.timeout) {
    how.deadline = std::chrono::steady_clock::now() + *options_.timeout;
    deadline_.emplace(connections_->io(), *how.deadline);
  }
  requests_ = std::make_shared<RequestSource>(connections_->io().get_executor(), std::move(endpoint), std::move(inputs), options_);
  transport_ = make_transport(connections_, std::move(how));
  most_at_a_time_ = std::max<std::size_t>(most_at_a_time(options_, connections_->options(), transport_->limit()), 1);
}

void PostRun::next(UniqueFunction<void(Answer)> done) {
  next_reply([done = std::move(done)](std::optional<Reply> reply) mutable {
    if (!reply) return done(Answer(std::optional<wire::DataRequest>{}));
    if (!reply->status.ok()) return done(Answer(std::move(reply->status)));
    Result<wire::DataRequest> message = message_of(std::move(*reply));
    if (!message) return done(Answer(std::move(message).error()));
    done(Answer(std::optional<wire::DataRequest>(std::move(*message))));
  });
}

void PostRun::next_reply(UniqueFunction<void(std::optional<Reply>)> done) {
  waiting_ = std::move(done);
  if (replies_.begun() == 0 && deadline_)
    deadline_->async_wait([weak = weak_from_this(), limit = *options_.timeout](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (error || !self || self->closed_) return;
      self->end_with({StatusCode::kDeadlineExceeded, "no answer within " + std::to_string(limit.count()) + " ms"});
    });
  fill();
  hand_out();
}

void PostRun::abandon() {
  const auto keep = shared_from_this();
  // Whoever still waits is destroyed, and may come back here on its way.
  const auto dropped = std::exchange(waiting_, nullptr);
  closed_ = true;
  inputs_ended_ = true;
  if (deadline_) deadline_->cancel();
  transport_->close();
}

void PostRun::fill() {
  // Inputs that are there, and answers that come at once, come back here; the loop below goes on.
  if (std::exchange(filling_, true)) return;
  while (!closed_ && !inputs_ended_ && !asking_ && replies_.pending() < most_at_a_time_) {
    if (waits_for_room()) break;
    asking_ = true;
    requests_->next([weak = weak_from_this()](Result<std::optional<RequestSource::Request>> request) {
      if (const auto self = weak.lock()) self->took(std::move(request));
    });
  }
  filling_ = false;
}

bool PostRun::waits_for_room() {
  if (no_room_ || transport_->has_room()) return no_room_;
  no_room_ = true;
  transport_->when_room([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->no_room_ = false;
    if (self->closed_) return;
    self->fill();
    self->hand_out();
  });
  return no_room_;  // it may have called back
}

void PostRun::took(Result<std::optional<RequestSource::Request>> request) {
  asking_ = false;
  if (closed_) return;
  if (!request) {
    // What was sent before is answered first.
    inputs_ended_ = true;
    inputs_failure_ = std::move(request).error();
    end_if_all_sent();
  } else if (*request) {
    auto work = std::make_shared<Work>();
    work->request = std::move(**request);
    work->number = replies_.expect();
    send(std::move(work));
  } else {
    inputs_ended_ = true;
    end_if_all_sent();
  }
  if (filling_) return;
  fill();
  hand_out();
}

void PostRun::send(std::shared_ptr<Work> work) {
  ++work->attempts;
  auto& request = work->request;
  transport_->send(request.id, request.message, [self = shared_from_this(), work](Reply reply) {
    if (self->closed_) return;
    const bool again = !reply.status.ok() && reply.retry && work->attempts < self->options_.max_attempts;
    if (again) return self->send_again(work);
    if (reply.status.code == StatusCode::kUnavailable && work->attempts > 1)
      reply.status.message += " (after " + std::to_string(work->attempts) + " attempts)";
    self->replies_.put(work->number, std::move(reply));
    self->hand_out();
  });
}

void PostRun::send_again(std::shared_ptr<Work> work) {
  ++to_retry_;
  work->pause.emplace(connections_->io(), backoff(options_, work->attempts));
  work->pause->async_wait([self = shared_from_this(), work](const boost::system::error_code& error) {
    --self->to_retry_;
    if (error || self->closed_) return;
    self->send(work);
    self->end_if_all_sent();
  });
}

void PostRun::end_if_all_sent() {
  if (inputs_ended_ && to_retry_ == 0 && !closed_) transport_->no_more();
}

/// What is in work is given up; what has been answered can still be read.
void PostRun::end_with(Status status) {
  const auto keep = shared_from_this();
  closed_ = true;
  inputs_ended_ = true;
  transport_->close();
  replies_.forget_missing({.status = std::move(status)});
  hand_out();
}

void PostRun::hand_out() {
  if (!waiting_ || filling_) return;
  std::optional<Reply> reply = replies_.take();
  if (!reply && (replies_.pending() > 0 || !inputs_ended_)) return;
  if (!reply && inputs_failure_) {
    reply.emplace(Reply{.status = std::move(*inputs_failure_)});
    inputs_failure_.reset();
  }
  const auto keep = shared_from_this();
  auto waiting = std::exchange(waiting_, nullptr);
  if (!reply && deadline_) deadline_->cancel();
  if (reply) fill();
  waiting(std::move(reply));
}

}  // namespace jina::client

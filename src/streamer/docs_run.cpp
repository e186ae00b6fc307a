#include "streamer/docs_run.hpp"

#include <utility>

namespace jina::streamer {
namespace {
constexpr std::size_t kMostInFlight = 10'000;
}

DocsRun::DocsRun(Send send, DocumentArray docs, const StreamOptions& options, int prefetch)
    : send_(std::move(send)),
      batcher_(std::move(docs), options),
      most_in_flight_(prefetch > 0 ? static_cast<std::size_t>(prefetch) : kMostInFlight),
      in_order_(options.results_in_order),
      context_(options.context, options.timeout, options.trace) {}

void DocsRun::next(UniqueFunction<void(Answer)> done) {
  waiting_ = std::move(done);
  fill();
  hand_out();
}

void DocsRun::abandon() {
  const auto keep = shared_from_this();
  // Whoever still waits is destroyed, and may come back here on its way.
  const auto dropped = std::exchange(waiting_, nullptr);
  context_.abandon();
}

void DocsRun::fill() {
  // A request that is answered at once comes back here through completed(); the loop below goes on.
  if (std::exchange(filling_, true)) return;
  while (unread_ < most_in_flight_ && !context_.cancelled()) {
    std::optional<wire::DataRequest> request = batcher_.next();
    if (!request) break;
    ++unread_;
    if (in_order_) slots_.emplace_back();
    send_(context_.get(), std::move(*request),
          [self = shared_from_this(), number = next_number_++](wire::Reply reply) { self->completed(number, std::move(reply)); });
  }
  filling_ = false;
}

void DocsRun::completed(std::uint64_t number, wire::Reply reply) {
  if (in_order_) {
    Slot& slot = slots_[static_cast<std::size_t>(number - first_number_)];
    slot.done = true;
    slot.reply = std::move(reply);
  } else {
    ready_.push_back(std::move(reply));
  }
  if (!filling_) hand_out();
}

std::optional<wire::Reply> DocsRun::take_ready() {
  std::optional<wire::Reply> reply;
  if (in_order_) {
    if (slots_.empty() || !slots_.front().done) return reply;
    reply = std::move(slots_.front().reply);
    slots_.pop_front();
    ++first_number_;
  } else {
    if (ready_.empty()) return reply;
    reply = std::move(ready_.front());
    ready_.pop_front();
  }
  --unread_;
  return reply;
}

void DocsRun::hand_out() {
  if (!waiting_) return;
  std::optional<wire::Reply> reply = take_ready();
  if (!reply) {
    if (unread_ > 0) return;
    // Cancelled before everything was sent, or all is answered.
    const bool cut = context_.cancelled() && !batcher_.empty();
    auto waiting = std::exchange(waiting_, nullptr);
    if (cut) return waiting(Answer(Status{StatusCode::kCancelled, "the request that this is done for was cancelled"}));
    return waiting(Answer(std::optional<wire::DataRequest>{}));
  }
  const auto keep = shared_from_this();
  auto waiting = std::exchange(waiting_, nullptr);
  fill();
  if (!reply->status.ok()) return waiting(Answer(std::move(reply->status)));
  waiting(Answer(std::optional<wire::DataRequest>(std::move(reply->response))));
}

}  // namespace jina::streamer

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
      context_(options.context, options.timeout, options.trace),
      replies_(options.results_in_order) {}

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
  // A request that is answered at once comes back here through hand_out(); the loop below goes on.
  if (std::exchange(filling_, true)) return;
  while (replies_.pending() < most_in_flight_ && !context_.cancelled()) {
    std::optional<wire::DataRequest> request = batcher_.next();
    if (!request) break;
    send_(context_.get(), std::move(*request), [self = shared_from_this(), number = replies_.expect()](wire::Reply reply) {
      self->replies_.put(number, std::move(reply));
      if (!self->filling_) self->hand_out();
    });
  }
  filling_ = false;
}

void DocsRun::hand_out() {
  if (!waiting_) return;
  std::optional<wire::Reply> reply = replies_.take();
  if (!reply) {
    if (replies_.pending() > 0) return;
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

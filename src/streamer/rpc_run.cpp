#include "streamer/rpc_run.hpp"

#include <limits>
#include <utility>

namespace jina::streamer {
namespace {
constexpr std::size_t kMostUnread = 10'000;
constexpr std::size_t kMostBytes = 4 << 20;
}  // namespace

RpcRun::RpcRun(RequestContext* caller, int prefetch)
    : context_(caller, std::nullopt), most_unread_(prefetch > 0 ? static_cast<std::size_t>(prefetch) : kMostUnread) {}

void RpcRun::send(Buffer request, UniqueFunction<void(bool)> taken) {
  if (finished_ || writes_done_ || context_.cancelled()) return taken(false);
  const auto keep = shared_from_this();
  if (auto reader = std::exchange(reader_, nullptr)) {
    reader(std::move(request));
    return taken(true);
  }
  request_ = std::move(request);
  taken_ = std::move(taken);
}

void RpcRun::writes_done() {
  writes_done_ = true;
  const auto keep = shared_from_this();
  if (auto reader = std::exchange(reader_, nullptr)) reader(std::nullopt);
}

void RpcRun::next(UniqueFunction<void(Answer)> done) {
  waiting_ = std::move(done);
  hand_out();
}

void RpcRun::abandon() {
  const auto keep = shared_from_this();
  const auto no_answer = std::exchange(waiting_, nullptr);
  const auto not_taken = std::exchange(taken_, nullptr);
  request_.reset();
  context_.abandon();
  answers_.clear();
  bytes_ = 0;
  writes_done();
  if (auto writable = std::exchange(writable_, nullptr)) writable();
}

void RpcRun::read(UniqueFunction<void(std::optional<Buffer>)> on_next) {
  if (request_) {
    Buffer request = std::move(*request_);
    request_.reset();
    auto taken = std::exchange(taken_, nullptr);
    const auto keep = shared_from_this();
    on_next(std::move(request));
    if (taken) taken(true);
    return;
  }
  if (writes_done_) return on_next(std::nullopt);
  reader_ = std::move(on_next);
}

bool RpcRun::write(Buffer message) {
  if (context_.cancelled()) return false;
  bytes_ += message.size();
  answers_.push_back(std::move(message));
  hand_out();
  return true;
}

bool RpcRun::has_room() const noexcept { return answers_.size() < most_unread_ && bytes_ < kMostBytes; }

std::size_t RpcRun::queued_bytes() const { return has_room() ? bytes_ : std::numeric_limits<std::size_t>::max(); }

void RpcRun::when_writable(UniqueFunction<void()> on_writable) {
  if (has_room()) return on_writable();
  writable_ = std::move(on_writable);
}

void RpcRun::finish(Status status, Metadata) {
  finished_ = true;
  status_ = std::move(status);
  const auto keep = shared_from_this();
  const auto reader = std::exchange(reader_, nullptr);  // it holds the streamer, which holds this
  request_.reset();
  if (auto taken = std::exchange(taken_, nullptr)) taken(false);
  hand_out();
}

void RpcRun::hand_out() {
  if (!waiting_ || (answers_.empty() && !finished_)) return;
  const auto keep = shared_from_this();
  auto waiting = std::exchange(waiting_, nullptr);
  if (answers_.empty()) {
    // The failure is told once; then the stream is just over.
    if (Status status = std::exchange(status_, Status{}); !status.ok()) return waiting(Answer(std::move(status)));
    return waiting(Answer(std::optional<Bytes>{}));
  }
  Buffer answer = std::move(answers_.front());
  answers_.pop_front();
  bytes_ -= answer.size();
  if (has_room())
    if (auto writable = std::exchange(writable_, nullptr)) writable();
  waiting(Answer(std::optional<Bytes>(answer.flatten())));
}

}  // namespace jina::streamer

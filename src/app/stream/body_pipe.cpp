#include "app/stream/body_pipe.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "protocol/http/handler.hpp"

namespace jina::app {
namespace {

constexpr auto kWait = boost::asio::as_tuple(boost::asio::use_awaitable);

struct Counted {
  int& count;
  explicit Counted(int& of) : count(of) { ++count; }
  ~Counted() { --count; }
};

}  // namespace

BodyPipe::BodyPipe(const boost::asio::any_io_executor& executor, PipeOptions options)
    : options_(std::move(options)), reader_(executor), writer_(executor, SteadyTime::max()) {}

Task<bool> BodyPipe::write(std::string piece) {
  if (dropped_) co_return false;
  if (queued_.empty()) {
    queued_ = std::move(piece);
  } else {
    queued_ += piece;
  }
  reader_.cancel();
  while (queued_.size() > options_.high_water && !dropped_) {
    const Counted waiting(writers_waiting_);
    co_await writer_.async_wait(kWait);
  }
  co_return !dropped_;
}

void BodyPipe::end(std::exception_ptr error) {
  ended_ = true;
  error_ = std::move(error);
  reader_.cancel();
}

void BodyPipe::drop() {
  dropped_ = true;
  queued_ = {};
  reader_.cancel();
  writer_.cancel();
}

Task<bool> BodyPipe::wait_for_writer(std::chrono::milliseconds silence) {
  if (options_.filler.empty()) {
    reader_.expires_at(SteadyTime::max());
  } else {
    reader_.expires_after(silence);
  }
  const auto [error] = co_await reader_.async_wait(kWait);
  co_return !error && queued_.empty() && !ended_ && !dropped_;
}

Task<void> BodyPipe::first() {
  while (queued_.empty() && !ended_ && !dropped_) {
    Task<bool> waiting = wait_for_writer(options_.first_silence);
    if (co_await std::move(waiting)) queued_ = options_.filler;
  }
}

Task<std::optional<Bytes>> BodyPipe::next() {
  for (;;) {
    if (dropped_) throw http::BodyCut();
    if (!queued_.empty()) co_return Bytes::take(take());
    if (error_) std::rethrow_exception(error_);
    if (ended_) co_return std::nullopt;
    Task<bool> waiting = wait_for_writer(options_.silence);
    if (co_await std::move(waiting)) co_return Bytes::copy_of(options_.filler);
  }
}

std::string BodyPipe::take() {
  writer_.cancel();
  return std::exchange(queued_, {});
}

}  // namespace jina::app

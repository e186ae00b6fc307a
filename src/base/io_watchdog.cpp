#include "base/io_watchdog.hpp"

#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace jina {

using std::chrono::steady_clock;

namespace {
// Of the I/O thread: where its watchdog looks.
thread_local std::shared_ptr<std::atomic<IoActivity*>> this_threads_slot;
}  // namespace

IoActivityScope::IoActivityScope(IoActivity& activity) noexcept : slot_(this_threads_slot.get()) {
  if (slot_ != nullptr) outer_ = slot_->exchange(&activity, std::memory_order_acq_rel);
}

IoActivityScope::~IoActivityScope() {
  if (slot_ != nullptr) slot_->store(outer_, std::memory_order_release);
}

struct IoWatchdog::State {
  State(boost::asio::io_context& context, std::chrono::milliseconds after, OnBlocked tell)
      : io(context), limit(after), on_blocked(std::move(tell)) {}

  void probe(const std::shared_ptr<State>& self) {
    probed_at = steady_clock::now();
    waiting = true;
    boost::asio::post(io, [self] {
      this_threads_slot = self->slot;
      const std::lock_guard lock(self->mutex);
      self->waiting = false;
    });
  }

  // With the lock held; gives back what to report, if anything.
  bool blocked(std::string& what, std::string& how) {
    if (!waiting || steady_clock::now() - probed_at < limit) return false;
    if (IoActivity* doing = slot->load(std::memory_order_acquire); doing != nullptr) {
      if (doing->reported.exchange(true)) return false;
      what = doing->what;
      how = doing->advice;
      return true;
    }
    if (std::exchange(reported, true)) return false;
    what = phase;
    how = advice;
    return true;
  }

  void watch(const std::shared_ptr<State>& self) {
    std::unique_lock lock(mutex);
    while (!stopped) {
      auto wake = steady_clock::now() + limit / 4;
      if (late && late_at < wake) wake = late_at;
      changed.wait_until(lock, wake);
      if (stopped) return;
      if (late && steady_clock::now() >= late_at) {
        const auto run = std::exchange(late, nullptr);
        lock.unlock();
        run();
        lock.lock();
      }
      if (!watching) continue;
      std::string what, how;
      if (blocked(what, how)) {
        lock.unlock();
        on_blocked(what, how);
        lock.lock();
      }
      if (!waiting && watching) probe(self);
    }
  }

  boost::asio::io_context& io;
  const std::chrono::milliseconds limit;
  const OnBlocked on_blocked;
  const std::shared_ptr<std::atomic<IoActivity*>> slot = std::make_shared<std::atomic<IoActivity*>>(nullptr);
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
  bool watching = false;
  bool waiting = false;
  steady_clock::time_point probed_at{};
  std::string phase, advice;
  bool reported = true;  // until there is a phase
  std::function<void()> late;
  steady_clock::time_point late_at{};
};

IoWatchdog::IoWatchdog(boost::asio::io_context& io, std::chrono::milliseconds limit, OnBlocked on_blocked)
    : state_(std::make_shared<State>(io, limit, std::move(on_blocked))), thread_([state = state_] { state->watch(state); }) {}

IoWatchdog::~IoWatchdog() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
  }
  state_->changed.notify_all();
  thread_.join();
}

void IoWatchdog::start() {
  const std::lock_guard lock(state_->mutex);
  state_->watching = true;
}

void IoWatchdog::stop_probing() {
  const std::lock_guard lock(state_->mutex);
  state_->watching = false;
}

void IoWatchdog::set_phase(std::string what, std::string advice) {
  const std::lock_guard lock(state_->mutex);
  state_->phase = std::move(what);
  state_->advice = std::move(advice);
  state_->reported = state_->phase.empty();
}

void IoWatchdog::expect_by(SteadyTime at, std::function<void()> late) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->late = std::move(late);
    state_->late_at = at;
  }
  state_->changed.notify_all();
}

void IoWatchdog::disarm() {
  const std::lock_guard lock(state_->mutex);
  state_->late = nullptr;
}

}  // namespace jina

// IoWatchdog: notices when an I/O thread does not get to its events, because something on it blocks.
//
// It posts a probe to the io_context now and then. A probe that waits longer than the limit is reported once for what the thread is
// doing: the innermost IoActivity, or what set_phase() said last. The probe costs one event per quarter of the limit.
//
// Thread: one of its own; on_blocked and the function of expect_by() run there. set_phase() from any thread. Lifetime: destroy
// before the io_context; an IoActivity outlives the scopes that name it. Cancellation: destruction.
#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "jina/request_context.hpp"

namespace jina {

/// Something that is done again and again on an I/O thread and might block it: the handler of a route. Reported once.
struct IoActivity {
  std::string what{};                  ///< "the handler of GET /items (TextGateway)"
  std::string advice{};                ///< what to do about it: "say .blocking() at the route"
  std::atomic<bool> reported = false;  ///< the watchdog's
};

/// Says, on an I/O thread with a watchdog, what is done while it lives; elsewhere it does nothing.
class IoActivityScope {
 public:
  explicit IoActivityScope(IoActivity& activity) noexcept;
  ~IoActivityScope();
  IoActivityScope(const IoActivityScope&) = delete;
  IoActivityScope& operator=(const IoActivityScope&) = delete;

  bool watched() const noexcept { return slot_ != nullptr; }

 private:
  std::atomic<IoActivity*>* slot_;
  IoActivity* outer_ = nullptr;
};

class IoWatchdog {
 public:
  /// `what` and `advice` as above.
  using OnBlocked = std::function<void(const std::string& what, const std::string& advice)>;

  /// Watches from start() on.
  IoWatchdog(boost::asio::io_context& io, std::chrono::milliseconds limit, OnBlocked on_blocked);
  ~IoWatchdog();
  IoWatchdog(const IoWatchdog&) = delete;
  IoWatchdog& operator=(const IoWatchdog&) = delete;

  /// Called when the io_context is about to run.
  void start();
  /// Posts nothing more: for who takes the io_context's handlers away. expect_by() goes on.
  void stop_probing();
  /// What the thread does from now on when no IoActivity says more; reported once per call.
  void set_phase(std::string what, std::string advice);
  /// Runs `late` at that time, whether the I/O thread is blocked or not, unless expect_by() is called again or disarm().
  void expect_by(SteadyTime at, std::function<void()> late);
  void disarm();

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace jina

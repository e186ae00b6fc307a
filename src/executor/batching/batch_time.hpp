// BatchTime: where queues of requests take time from, so that tests can set it.
//
// Thread: the I/O thread. Lifetime: outlives its timers. Cancellation: a timer that was destroyed does not fire.
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>

#include "base/unique_function.hpp"
#include "jina/request_context.hpp"

namespace jina {

/// Calls what it was made with, on the I/O thread and never inside start().
class BatchTimer {
 public:
  virtual ~BatchTimer() = default;
  /// Fires once, at `at`; replaces the time that was set before.
  virtual void start(SteadyTime at) = 0;
};

class BatchTime {
 public:
  virtual ~BatchTime() = default;
  virtual SteadyTime now() const = 0;
  virtual std::unique_ptr<BatchTimer> make_timer(UniqueFunction<void()> fire) = 0;

  /// The machine's clock and timers of `io`.
  static std::unique_ptr<BatchTime> real(boost::asio::io_context& io);
};

}  // namespace jina

// BodyPipe: between the coroutine that makes a body (write) and the server that sends it (next). The writer waits while the client
// is slow; what small writes put in meanwhile goes out as one piece.
//
// Thread: one I/O thread. Lifetime: outlives who waits in it; both sides share it. Cancellation: drop() ends the writer's waits;
// waits end with operation_aborted when the coroutine that waits is cancelled.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <string>

#include "jina/bytes.hpp"
#include "jina/task.hpp"

namespace jina::app {

struct PipeOptions {
  std::size_t high_water = 64 * 1024;  ///< a writer waits above this many bytes
  std::string filler{};                ///< sent after `silence` without a piece, so that proxies keep the connection; "": never
  std::chrono::milliseconds silence{15'000};
  std::chrono::milliseconds first_silence{1'000};  ///< the first filler comes earlier: the client gets to see the response's head
};

class BodyPipe {
 public:
  explicit BodyPipe(const boost::asio::any_io_executor& executor, PipeOptions options = {});

  /// Hands over a piece. False when nobody reads any more.
  Task<bool> write(std::string piece);
  /// The writer is done: with an error when it threw.
  void end(std::exception_ptr error);
  /// Nobody reads any more.
  void drop();

  /// Waits until there is something to send, or the writer is done, or it is time for the first filler.
  Task<void> first();
  /// The next piece, nullopt after the last one; throws the writer's error once what came before it was taken, and http::BodyCut
  /// after drop(). One at a time.
  Task<std::optional<Bytes>> next();
  /// All that is there now, without waiting.
  std::string take();

  bool ended() const noexcept { return ended_; }
  bool dropped() const noexcept { return dropped_; }
  bool writer_waits() const noexcept { return writers_waiting_ != 0; }
  /// What the writer threw.
  const std::exception_ptr& error() const noexcept { return error_; }

 private:
  // True when the time was over before something happened.
  Task<bool> wait_for_writer(std::chrono::milliseconds silence);

  PipeOptions options_;
  boost::asio::steady_timer reader_;  // timers, since what waits in one belongs to the io_context: no cycle, and cancellation works
  boost::asio::steady_timer writer_;
  std::string queued_;
  std::exception_ptr error_;
  int writers_waiting_ = 0;
  bool ended_ = false;
  bool dropped_ = false;
};

}  // namespace jina::app

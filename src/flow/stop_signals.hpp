// StopSignals: SIGINT, SIGTERM and SIGHUP as events of an io_context, without signal handlers, which forked functions would
// inherit.
//
// Thread: one; the others of the process have to block these signals too (those that start later do). Lifetime: the mask of before
// comes back with the destructor. Cancellation: close().
#pragma once
#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>

namespace jina::flow {

class StopSignals {
 public:
  StopSignals(boost::asio::io_context& io, std::function<void(int number)> on_signal);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  void close();
  /// Forgets signals that came and were not told yet; the mask of before would let them end the process.
  void discard();

 private:
  void wait();
  std::function<void(int)> on_signal_;
  sigset_t ours_{};
  sigset_t before_{};
  boost::asio::posix::stream_descriptor descriptor_;
};

}  // namespace jina::flow

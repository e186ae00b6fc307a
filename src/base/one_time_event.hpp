// OneTimeEvent: something that happens once, and coroutines that wait for it.
//
// Thread: that of the executor. Lifetime: outlives its waits. Cancellation: Asio's; a wait that is cancelled throws
// operation_aborted.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "jina/task.hpp"

namespace jina {

class OneTimeEvent {
 public:
  explicit OneTimeEvent(const boost::asio::any_io_executor& executor)
      : waits_(executor, boost::asio::steady_timer::time_point::max()) {}

  /// Later calls do nothing.
  void set() {
    happened_ = true;
    waits_.cancel();
  }
  /// Returns at once when it has happened.
  Task<void> wait() {
    if (happened_) co_return;
    boost::system::error_code error;
    co_await waits_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    // The timer never ends by itself: it was cancelled, by set() or by somebody who wants this coroutine to end.
    if (!happened_) throw boost::system::system_error(boost::asio::error::operation_aborted);
  }

 private:
  boost::asio::steady_timer waits_;
  bool happened_ = false;
};

}  // namespace jina

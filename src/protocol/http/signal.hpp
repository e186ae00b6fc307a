// Signal: lets coroutines wait until somebody calls notify().
//
// Thread: one I/O thread. Lifetime: outlives its waiters; those that are left when it dies are destroyed without being resumed.
// Cancellation: none of its own: whoever ends what is waited for calls notify().
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "base/unique_function.hpp"
#include "jina/task.hpp"

namespace jina::http {

class Signal {
 public:
  explicit Signal(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  /// Resumes after the next notify(); check the condition again.
  Task<void> wait() {
    const auto initiate = [this](auto handler) {
      waiters_.emplace_back([handler = std::move(handler)]() mutable { std::move(handler)(); });
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(initiate, boost::asio::use_awaitable);
  }

  /// Resumes all who wait now, from the event loop and not inside the call.
  void notify() {
    for (auto& waiter : std::exchange(waiters_, {})) boost::asio::post(executor_, std::move(waiter));
  }

 private:
  boost::asio::any_io_executor executor_;
  std::vector<UniqueFunction<void()>> waiters_;
};

}  // namespace jina::http

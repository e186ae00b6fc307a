// await_callback: waits in a coroutine for something that answers by callback, without changing the thread and without a trip
// through the event loop: the callback resumes the coroutine where it stands.
//
// Thread: callback and coroutine on one I/O thread. Lifetime: the callback runs at most once (possibly before `start` returned);
// destroying it uncalled destroys the waiting coroutine. Cancellation: none of its own; what was started ends the wait.
#pragma once
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "base/unique_function.hpp"
#include "jina/task.hpp"

namespace jina {

namespace detail {

template <class T>
struct AwaitedValue {
  std::optional<T> value{};
  UniqueFunction<void()> resume{};  ///< owns the coroutine that waits
};

template <class T>
class AwaitedCallback {
 public:
  explicit AwaitedCallback(std::shared_ptr<AwaitedValue<T>> state) : state_(std::move(state)) {}
  AwaitedCallback(AwaitedCallback&&) noexcept = default;
  AwaitedCallback& operator=(AwaitedCallback&&) = delete;
  ~AwaitedCallback() {
    // Without this, coroutine and state would keep each other alive for ever.
    if (state_) auto dropped = std::exchange(state_->resume, UniqueFunction<void()>());
  }
  void operator()(T&& value) {
    const auto state = std::move(state_);
    state->value.emplace(std::move(value));
    if (auto resume = std::exchange(state->resume, UniqueFunction<void()>())) resume();
  }

 private:
  std::shared_ptr<AwaitedValue<T>> state_;
};

}  // namespace detail

/// `start` is called with what is to be called, once, with a T: a UniqueFunction<void(T)> or <void(T&&)> can hold it.
template <class T, class Start>
Task<T> await_callback(Start start) {
  const auto state = std::make_shared<detail::AwaitedValue<T>>();
  start(detail::AwaitedCallback<T>(state));
  if (!state->value) {
    auto wait = [&state](auto handler) { state->resume = [handler = std::move(handler)]() mutable { std::move(handler)(); }; };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(wait, boost::asio::use_awaitable);
  }
  co_return std::move(*state->value);
}

}  // namespace jina

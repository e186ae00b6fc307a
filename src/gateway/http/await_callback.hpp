// await_callback: waits in a coroutine for something that answers by callback, without changing the thread and without a trip
// through the event loop: the callback resumes the coroutine where it stands.
//
// Thread: callback and coroutine on one I/O thread. Lifetime: the callback runs exactly once (possibly before `start` returned)
// while the coroutine exists. Cancellation: none of its own; what was started ends the wait.
#pragma once
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

#include "base/unique_function.hpp"
#include "jina/task.hpp"

namespace jina::gateway {

/// `start` is called with a UniqueFunction<void(T)>.
template <class T, class Start>
Task<T> await_callback(Start start) {
  struct State {
    std::optional<T> value;
    UniqueFunction<void()> resume;
  } state;
  start(UniqueFunction<void(T)>([&state](T value) {
    state.value.emplace(std::move(value));
    // The coroutine may end, and `state` with it, inside this call.
    if (auto resume = std::exchange(state.resume, UniqueFunction<void()>())) resume();
  }));
  if (!state.value) {
    auto wait = [&state](auto handler) { state.resume = [handler = std::move(handler)]() mutable { std::move(handler)(); }; };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(wait, boost::asio::use_awaitable);
  }
  co_return std::move(*state.value);
}

}  // namespace jina::gateway

// Between coroutines and threads that block: for server frameworks with threads of their own.
//
//   // on a thread of the framework: waits here for what runs on the gateway's I/O thread
//   auto docs = jina::wait_for(gateway.io(), [&]() -> jina::Task<jina::DocumentArray> { ... });
//   // in a coroutine: runs a function that blocks on a thread of its own
//   co_await jina::run_blocking([&] { server.listen_after_bind(); });
//   std::string text = co_await jina::run_blocking([&] { return read_file(path); });
//
// Thread: wait_for on any thread but the io_context's own; run_blocking in a coroutine. Lifetime: what the functions refer to
// outlives the call. Cancellation: run_blocking cannot be cut short: make the function return.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>

#include "jina/task.hpp"

namespace jina {

/// Runs `make_task()` on `io` and waits for its result; what it throws is thrown here. Waiting ends with broken_promise
/// (std::future_error) when the io_context goes first. Throws std::logic_error on the thread of `io`, which would wait for itself.
template <class MakeTask>
auto wait_for(boost::asio::io_context& io, MakeTask make_task) {
  if (io.get_executor().running_in_this_thread())
    throw std::logic_error("jina::wait_for() was called on the I/O thread, which would wait for itself: co_await the Task there");
  return boost::asio::co_spawn(io, std::move(make_task), boost::asio::use_future).get();
}

namespace detail {

// A thread that is at its end: a coroutine that is destroyed instead of resumed waits for it too.
struct EndingThread {
  std::thread thread{};
  ~EndingThread() {
    if (!thread.joinable()) return;
    if (thread.get_id() == std::this_thread::get_id())
      thread.detach();
    else
      thread.join();
  }
};

inline Task<void> run_on_thread(std::function<void()> function) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  std::exception_ptr thrown;
  detail::EndingThread ending;
  auto start = [&](auto handler) {
    const auto resume = std::make_shared<decltype(handler)>(std::move(handler));
    try {
      ending.thread = std::thread([&function, &thrown, executor, resume] {
        try {
          function();
        } catch (...) {
          thrown = std::current_exception();
        }
        boost::asio::post(executor, std::move(*resume));
      });
    } catch (...) {  // there is no thread to be had
      thrown = std::current_exception();
      boost::asio::post(executor, std::move(*resume));
    }
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(start, boost::asio::use_awaitable);
  if (ending.thread.joinable()) ending.thread.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace detail

/// Runs `function()` on a thread of its own; the coroutine goes on where it was, with what it returned. What it throws is thrown
/// here.
template <class Function>
Task<std::invoke_result_t<Function>> run_blocking(Function function) {
  using Result = std::invoke_result_t<Function>;
  if constexpr (std::is_void_v<Result>) {
    std::function<void()> run(std::ref(function));
    co_await detail::run_on_thread(std::move(run));
  } else {
    std::optional<Result> result;
    auto keep = [&result, &function] { result.emplace(function()); };
    std::function<void()> run(std::ref(keep));
    co_await detail::run_on_thread(std::move(run));
    co_return std::move(*result);
  }
}

}  // namespace jina

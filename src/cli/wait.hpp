// wait_for(): runs one coroutine to its end on an io_context, for commands that do one thing after the other.
//
// Thread: the caller's. Lifetime: everything that `task` uses outlives the call. Cancellation: none.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "jina/task.hpp"

namespace jina::cli {

namespace detail {
template <class T>
Task<void> store(Task<T> task, std::optional<T>* result) {
  T value = co_await std::move(task);
  result->emplace(std::move(value));
}
}  // namespace detail

template <class T>
T wait_for(boost::asio::io_context& io, Task<T> task) {
  std::optional<T> result;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, detail::store<T>(std::move(task), &result), [&](std::exception_ptr error) {
    failure = error;
    io.stop();  // what the result does not need (a connection's keep-alive timer) is not waited for
  });
  io.restart();
  io.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

}  // namespace jina::cli

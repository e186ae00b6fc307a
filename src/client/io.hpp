// Small helpers around Asio that the HTTP and WebSocket clients share.
//
// Thread: the io_context's. Lifetime: none. Cancellation: until() and within() cancel what they wait for when the time is over.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "client/target.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina::client {

/// A connected stream: plain TCP, or TLS on top of it.
struct Connection {
  std::unique_ptr<boost::asio::ssl::context> tls_context{};
  std::unique_ptr<boost::beast::tcp_stream> plain{};
  std::unique_ptr<boost::beast::ssl_stream<boost::beast::tcp_stream>> secure{};
};
/// Resolves, connects and, for a TLS target, verifies the peer against the system's roots. UNAVAILABLE names the address.
Task<Result<Connection>> connect(Target target);

/// The error of an operation as UNAVAILABLE, or CANCELLED when it was aborted.
Status network_error(const std::string& what, const boost::system::error_code& error);

/// `task`, or `late` when it is not done by then; no deadline when empty. `T` is a Status or a Result.
template <class T>
Task<T> until(std::optional<SteadyTime> deadline, Task<T> task, Status late) {
  if (!deadline) co_return co_await std::move(task);
  using namespace boost::asio::experimental::awaitable_operators;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, *deadline);
  auto first = co_await (std::move(task) || timer.async_wait(boost::asio::use_awaitable));
  if (first.index() == 0) co_return std::move(std::get<0>(first));
  co_return late;
}

/// `task`, or DEADLINE_EXCEEDED when it takes longer than `limit`; no limit when empty.
template <class T>
Task<Result<T>> within(std::optional<std::chrono::milliseconds> limit, Task<Result<T>> task) {
  if (!limit) return task;
  Status late{StatusCode::kDeadlineExceeded, "no answer within " + std::to_string(limit->count()) + " ms"};
  return until<Result<T>>(std::chrono::steady_clock::now() + *limit, std::move(task), std::move(late));
}

}  // namespace jina::client

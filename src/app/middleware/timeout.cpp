#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <stdexcept>

#include "app/middleware/support.hpp"
#include "jina/middleware.hpp"

namespace jina::middleware {
namespace {

namespace asio = boost::asio;

// What the two coroutines of a request share: the one that waits, and the rest of the chain.
struct Race {
  explicit Race(const asio::any_io_executor& executor) : timer(executor) {}
  asio::steady_timer timer;
  asio::cancellation_signal cancel;
  HttpResponse response{};
  std::exception_ptr thrown{};
  bool done = false;
};

Task<HttpResponse> run(std::chrono::milliseconds limit, HttpRequest& request, RequestContext& context, const Next& next) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto race = std::make_shared<Race>(executor);
  race->timer.expires_after(limit);
  asio::co_spawn(executor, next(request),
                 asio::bind_cancellation_slot(race->cancel.slot(), [race](std::exception_ptr thrown, HttpResponse response) {
                   race->done = true;
                   race->thrown = std::move(thrown);
                   race->response = std::move(response);
                   race->timer.cancel();
                 }));
  bool timed_out = false, cancelled = false;
  // The rest refers to request and context: whatever ended the wait, it is waited for.
  while (!race->done) {
    const auto [error] = co_await race->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (race->done) break;
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    if (!error) {
      timed_out = true;
      context.cancel(CancelReason::kDeadline);
    } else if (state.cancelled() != asio::cancellation_type::none) {
      cancelled = true;
      co_await asio::this_coro::reset_cancellation_state();
    }
    race->timer.expires_at(SteadyTime::max());
    race->cancel.emit(asio::cancellation_type::terminal);
  }
  if (cancelled) throw boost::system::system_error(asio::error::operation_aborted);
  if (timed_out) co_return HttpResponse::json({{"detail", "Gateway Timeout"}}, 504);
  if (race->thrown) std::rethrow_exception(race->thrown);
  co_return std::move(race->response);
}

}  // namespace

Middleware timeout(std::chrono::milliseconds limit) {
  if (limit.count() <= 0) throw std::invalid_argument("timeout: the limit must be more than 0");
  return [limit](HttpRequest& request, RequestContext& context, const Next& next) {
    // The answer to a handshake is due at once; the connection lives as long as it likes.
    if (app::is_websocket_handshake(request)) return next(request);
    return run(limit, request, context, next);
  };
}

}  // namespace jina::middleware

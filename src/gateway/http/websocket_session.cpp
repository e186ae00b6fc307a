#include "gateway/http/websocket_session.hpp"

#include <spdlog/spdlog.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <optional>

#include "base/await_callback.hpp"
#include "base/child_context.hpp"
#include "gateway/http/data_route.hpp"
#include "protocol/http/signal.hpp"

namespace jina::gateway {
namespace {

namespace asio = boost::asio;

// One connection. Two coroutines: read_all() reads, because it has to sit in read() (which also answers pings and close frames)
// whatever else happens; run() waits for the reason to close and closes. Answers come by callback.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(const asio::any_io_executor& executor, protocol::RequestHandler& gateway, const WebSocketCodec& codec,
          WebSocketLimits limits, RequestContext& context, std::shared_ptr<http::WebSocket> socket)
      : gateway_(gateway),
        codec_(codec),
        limits_(limits),
        context_(context),
        socket_(std::move(socket)),
        changed_(executor),
        drain_timer_(executor) {}

  Task<void> run();

 private:
  Task<void> read_all();
  void accept(WebSocketInput input);
  void start(wire::DataRequest request);
  void start_traced(wire::DataRequest request);
  void on_reply(wire::Reply reply);
  void end(WebSocketClose close);
  void limit_drain();
  bool must_pause() const {
    return (limits_.prefetch > 0 && in_flight_ >= limits_.prefetch) || socket_->queued_bytes() > limits_.max_queued_bytes;
  }

  protocol::RequestHandler& gateway_;
  const WebSocketCodec& codec_;
  const WebSocketLimits limits_;
  RequestContext& context_;
  std::shared_ptr<http::WebSocket> socket_;
  http::Signal changed_;
  asio::steady_timer drain_timer_;
  std::optional<WebSocketClose> close_;  // set once there is a reason to close; no request is taken after that
  int in_flight_ = 0;
  bool reader_done_ = false;  // the client is gone, our close frame is out, or the server stops
  bool drain_over_ = false;
  std::exception_ptr bug_;
};

Task<void> Session::run() {
  const auto executor = co_await asio::this_coro::executor;
  asio::co_spawn(executor, read_all(), [self = shared_from_this()](std::exception_ptr bug) {
    self->bug_ = bug;
    self->reader_done_ = true;
    self->changed_.notify();
  });
  while (!reader_done_ && !close_) co_await changed_.wait();
  // Reading ended, but not because the client is gone: the server stops. That is an end of stream to us.
  if (!close_ && !context_.cancelled())
    close_ = bug_ ? WebSocketClose{CloseCode::kInternalError, "internal error"} : WebSocketClose{};

  // The answers that are still to come are delivered before the close frame. When the client goes away now, its requests are
  // cancelled by the context and come back at once.
  while (in_flight_ > 0 && !drain_over_) co_await changed_.wait();
  drain_timer_.cancel();
  if (in_flight_ > 0) context_.cancel(CancelReason::kSiblingFailed);

  if (close_) {
    std::string reason = close_->reason;
    try {
      co_await socket_->close(static_cast<std::uint16_t>(close_->code), std::move(reason));
    } catch (...) {
      bug_ = std::current_exception();
      socket_->abort();
    }
  }
  // Calls refer to the context and the reader to this object: neither may be left behind.
  while (!reader_done_ || in_flight_ > 0) co_await changed_.wait();
  if (bug_) std::rethrow_exception(bug_);
}

Task<void> Session::read_all() {
  for (;;) {
    while (!close_ && must_pause()) {
      if (socket_->queued_bytes() > limits_.max_queued_bytes)
        co_await socket_->drained();
      else
        co_await changed_.wait();
    }
    std::optional<http::WebSocketMessage> message = co_await socket_->read();
    if (!message) co_return;
    if (!close_ && !context_.cancelled()) accept(codec_.decode(*message));
  }
}

void Session::accept(WebSocketInput input) {
  if (auto* request = std::get_if<wire::DataRequest>(&input))
    start(std::move(*request));
  else if (std::holds_alternative<EndOfStream>(input))
    end({});
  else if (auto* close = std::get_if<WebSocketClose>(&input))
    end(std::move(*close));
}

void Session::start(wire::DataRequest request) {
  ++in_flight_;
  if (limits_.tracer.enabled()) return start_traced(std::move(request));
  auto done = [self = shared_from_this()](wire::Reply reply) { self->on_reply(std::move(reply)); };
  gateway_.process_single_data(context_, std::move(request), std::move(done));
}

// Connections may stay open for days: each message has a span of its own, from its arrival to its answer.
void Session::start_traced(wire::DataRequest request) {
  struct Traced {
    explicit Traced(RequestContext& connection) : context(connection) {}
    ChildContext context;
    Span span;
  };
  const auto message = std::make_shared<Traced>(context_);
  TraceContext& trace = message->context.get().trace;
  message->span = limits_.tracer.start_span("/ websocket message", {.parent = trace});
  trace = message->span.context();
  gateway_.process_single_data(message->context.get(), std::move(request), [self = shared_from_this(), message](wire::Reply reply) {
    if (!reply.status.ok()) message->span.set_error(reply.status.to_string());
    message->span.end();
    message->context.leave_parent();
    self->on_reply(std::move(reply));
  });
}

void Session::on_reply(wire::Reply reply) {
  --in_flight_;
  if (context_.cancelled()) {
    // Nobody is there to be told.
  } else if (!reply.status.ok()) {
    end(close_for(reply.status));
  } else if (auto message = codec_.encode(reply.response)) {
    socket_->send(std::move(*message));
  } else {
    end(close_for(message.error()));
  }
  changed_.notify();
}

void Session::end(WebSocketClose close) {
  // A failure outranks the end that the client asked for, since its answer is what the client would wait for in vain.
  if (close_ && (close_->code != CloseCode::kNormal || close.code == CloseCode::kNormal)) return;
  if (close.code != CloseCode::kNormal)
    spdlog::warn("WebSocket {}: closed with {}: {}", context_.peer, static_cast<int>(close.code), close.reason);
  close.reason = fit_close_reason(std::move(close.reason));
  close_ = std::move(close);
  if (close_->code != CloseCode::kNormal) limit_drain();
  changed_.notify();
}

void Session::limit_drain() {
  drain_timer_.expires_after(limits_.drain);
  drain_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error) return;
    self->drain_over_ = true;
    self->changed_.notify();
  });
}

}  // namespace

Task<void> serve_websocket(protocol::RequestHandler& gateway, const WebSocketCodec& codec, WebSocketLimits limits,
                           RequestContext& context, std::shared_ptr<http::WebSocket> socket) {
  // A cancelled connection must still wait for its calls: they refer to its context.
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto executor = co_await asio::this_coro::executor;
  const auto session = std::make_shared<Session>(executor, gateway, codec, limits, context, std::move(socket));
  co_await session->run();
}

Task<void> serve_websocket_dry_run(protocol::RequestHandler& gateway, const WebSocketCodec& codec, RequestContext& context,
                                   std::shared_ptr<http::WebSocket> socket) {
  co_await asio::this_coro::throw_if_cancelled(false);
  wire::DataRequest request = make_dry_run_request();
  auto start = [&gateway, &context, &request](wire::ReplyCallback done) {
    gateway.process_single_data(context, std::move(request), std::move(done));
  };
  const wire::Reply reply = co_await await_callback<wire::Reply>(start);
  WebSocketClose close;
  if (reply.status.ok())
    socket->send(codec.dry_run_success());
  else
    close = close_for(reply.status);
  co_await socket->close(static_cast<std::uint16_t>(close.code), std::move(close.reason));
}

}  // namespace jina::gateway

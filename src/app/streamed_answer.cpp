#include "app/streamed_answer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "app/answer.hpp"
#include "app/stream/stream_group.hpp"
#include "app/stream/writers.hpp"
#include "protocol/http/handler.hpp"

namespace jina::app {
namespace {

// What a handler gets to clean up after a write() that answered false, before what it awaits is aborted.
constexpr std::chrono::seconds kGrace{5};

PipeOptions options_of(const Call& call) {
  PipeOptions options;
  if (call.route.operation.output.body == BodyKind::kEvents) options.filler = PipeEventWriter::kComment;
  return options;
}

// The handler's side: all that its coroutine refers to. Owned by the coroutine and by the body.
class Streamed final : public StreamGroup::Member, public std::enable_shared_from_this<Streamed> {
 public:
  Streamed(Call& from, const boost::asio::any_io_executor& executor)
      : request_(from.request),
        call_(from.route, request_, context_, std::move(from.path_values), from.environment),
        pipe_(executor, options_of(from)),
        grace_(executor),
        executor_(executor) {
    context_.deadline = from.context.deadline;
    context_.metadata = from.context.metadata;
    context_.peer = from.context.peer;
    context_.trace = from.context.trace;
    if (call_.route.operation.output.body == BodyKind::kEvents) {
      call_.events = &events_.emplace(call_.response, pipe_, request_);
    } else {
      call_.chunks = &chunks_.emplace(call_.response, pipe_);
    }
  }

  Call& call() noexcept { return call_; }
  BodyPipe& pipe() noexcept { return pipe_; }

  void start() {
    call_.environment.streams->add(*this);
    running_ = true;
    boost::asio::co_spawn(
        executor_, run(shared_from_this()),
        boost::asio::bind_cancellation_slot(
            abort_.slot(), [self = shared_from_this()](const std::exception_ptr& error) { self->on_ended(error); }));
  }

  // Nobody reads the body any more.
  void drop(CancelReason reason) {
    if (!running_ || pipe_.dropped()) return;
    const auto self = shared_from_this();
    const bool told = pipe_.writer_waits();  // its write() answers false; anything else it waits for would keep it for ever
    pipe_.drop();
    context_.cancel(reason);
    if (!told) return stop();
    grace_.expires_after(kGrace);
    grace_.async_wait([self](boost::system::error_code error) {
      if (!error) self->stop();
    });
  }

  void stop() override {
    const auto self = shared_from_this();
    pipe_.drop();
    context_.cancel(CancelReason::kShutdown);
    if (running_) abort_.emit(boost::asio::cancellation_type::terminal);
  }

 private:
  static Task<void> run(std::shared_ptr<Streamed> self) {
    const Operation& operation = self->call_.route.operation;
    Task<void> handler = operation.start(operation.target.get(), self->call_);
    co_await std::move(handler);
  }

  void on_ended(const std::exception_ptr& error) {
    running_ = false;
    grace_.cancel();
    // After a drop what it threw is nearly always that its waits were aborted, and nobody is there to be told.
    pipe_.end(pipe_.dropped() ? nullptr : error);
    call_.environment.streams->remove(*this);
  }

  RequestContext context_;
  HttpRequest request_;
  Call call_;
  BodyPipe pipe_;
  std::optional<PipeChunkWriter> chunks_;
  std::optional<PipeEventWriter> events_;
  boost::asio::cancellation_signal abort_;
  boost::asio::steady_timer grace_;
  boost::asio::any_io_executor executor_;
  bool running_ = false;
};

// The server's side.
class StreamedBody final : public BodyStream {
 public:
  StreamedBody(std::shared_ptr<Streamed> streamed, RequestContext& context)
      : streamed_(std::move(streamed)),
        on_cancel_(context.on_cancel([streamed = streamed_.get()](CancelReason reason) { streamed->drop(reason); })) {}
  ~StreamedBody() override {
    on_cancel_.reset();
    streamed_->drop(CancelReason::kClient);
  }

  Task<std::optional<Bytes>> next() override {
    std::exception_ptr thrown;
    try {
      Task<std::optional<Bytes>> piece = streamed_->pipe().next();
      co_return co_await std::move(piece);
    } catch (...) {
      thrown = std::current_exception();
    }
    if (!streamed_->pipe().error()) std::rethrow_exception(thrown);  // the reader was cut short, not the writer
    const Call& call = streamed_->call();
    log_exception(call.environment, call.route.label(), thrown);
    throw http::BodyCut();
  }

 private:
  std::shared_ptr<Streamed> streamed_;
  RequestContext::Registration on_cancel_;
};

}  // namespace

Task<HttpResponse> answer_streamed(Call& from) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  const auto streamed = std::make_shared<Streamed>(from, executor);
  Call& call = streamed->call();
  std::exception_ptr refused;
  try {
    if (!call.route.operation.bind(call)) co_return refuse_input(call);
  } catch (...) {
    refused = std::current_exception();
  }
  if (refused) co_return error_answer(call, refused);

  streamed->start();
  const auto body = std::make_shared<StreamedBody>(streamed, from.context);
  BodyPipe& pipe = streamed->pipe();
  Task<void> first = pipe.first();
  co_await std::move(first);
  // One more turn: a handler that wrote all of it without waiting is done by then, and its answer a whole one.
  co_await boost::asio::post(executor, boost::asio::use_awaitable);
  // Nothing is out yet: what went wrong can still be said with a status.
  if (pipe.ended() && pipe.error()) co_return error_answer(call, pipe.error());
  HttpResponse response = call.response;
  if (pipe.ended()) {
    response.body = Bytes::take(pipe.take());
  } else {
    response.stream = body;
  }
  co_return response;
}

}  // namespace jina::app

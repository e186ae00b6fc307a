// From a request to its response: running the handler, writing what it returns.
#include <spdlog/spdlog.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/http/response_head.hpp"
#include "protocol/http/server_span.hpp"
#include "protocol/server/http1_session.hpp"
#include "protocol/websocket/websocket.hpp"
#include "telemetry/propagation.hpp"

namespace jina::protocol {
namespace {

// Clears the pointer to a context when the coroutine that owns it ends, by exception too.
struct ContextGuard {
  RequestContext*& pointer;
  ~ContextGuard() { pointer = nullptr; }
};

// As uvicorn answers when an app raised.
http::Response internal_error() {
  http::Response response;
  response.status = 500;
  response.headers.emplace_back("content-type", "text/plain; charset=utf-8");
  response.body = Buffer::copy_of("Internal Server Error");
  return response;
}

http::Response not_found() { return http::error_response(404, "Not Found"); }

bool may_have_body(int status) noexcept { return status >= 200 && status != 204 && status != 304; }

}  // namespace

void Http1Session::begin_serving() {
  phase_ = Phase::kServing;
  serving_ = true;
  responded_ = false;
  no_deadline();
  head_request_ = reader_.request().method == "HEAD";
  boost::asio::co_spawn(
      transport_->executor(), serve(shared_from_this()),
      boost::asio::bind_cancellation_slot(
          cancel_.slot(), [self = shared_from_this()](const std::exception_ptr& error) { self->on_served(error); }));
}

Task<void> Http1Session::serve(std::shared_ptr<Http1Session> self) {
  RequestContext context;
  context.peer = self->peer_;
  http::Request& request = self->reader_.request();
  request.secure = self->transport_->secure();
  context.metadata = request.headers;
  self->context_ = &context;
  const ContextGuard guard{self->context_};
  if (self->phase_ == Phase::kClosed) co_return;  // aborted between the spawning and the start
  http::ServerSpan span(self->environment_.options.tracer, context, request,
                        self->reader_.framing().minor_version == 0 ? "1.0" : "1.1");
  http::Response response;
  if (self->environment_.http == nullptr) {
    response = not_found();
  } else {
    Task<http::Response> answer = self->environment_.http->handle(context, std::move(request));
    response = co_await std::move(answer);
  }
  span.answered(response.status);
  const std::shared_ptr<http::BodySource> source = response.stream;
  self->respond(response);
  if (!source || self->phase_ == Phase::kClosed || self->head_request_ || !may_have_body(response.status)) co_return;
  Task<void> body = self->stream_body(source, response.stream_size, self->reader_.framing().minor_version != 0);
  co_await std::move(body);
}

void Http1Session::respond(http::Response& response) {
  if (phase_ == Phase::kClosed) return;
  if (response.drop_connection) return close();
  responded_ = true;
  const http::Framing& framing = reader_.framing();
  keep_alive_ = framing.keep_alive && !draining_ && !input_ended_;
  http::BodyFraming body = http::BodyFraming::kLength;
  if (!may_have_body(response.status)) {
    body = http::BodyFraming::kNone;
  } else if (response.stream && response.stream_size) {
    body = http::BodyFraming::kLength;
  } else if (response.stream && framing.minor_version != 0) {
    body = http::BodyFraming::kChunked;
  } else if (response.stream) {
    body = http::BodyFraming::kUntilClose;
    keep_alive_ = false;
  }
  if (const std::string* connection = find_value(response.headers, "connection"); connection != nullptr && *connection == "close")
    keep_alive_ = false;
  static thread_local std::string head;
  head.clear();
  http::append_head(head, response, body, framing.minor_version, keep_alive_);
  const bool whole = !response.stream && !head_request_ && body == http::BodyFraming::kLength;
  send(head, whole ? response.body : Buffer());
}

Task<void> Http1Session::stream_body(std::shared_ptr<http::BodySource> source, std::optional<std::uint64_t> size, bool chunked) {
  chunked = chunked && !size;
  std::uint64_t left = size.value_or(0);
  while (phase_ != Phase::kClosed) {
    Task<std::optional<Buffer>> task = source->next();
    std::optional<Buffer> piece = co_await std::move(task);
    if (phase_ == Phase::kClosed) co_return;
    if (!piece) break;
    if (piece->empty()) continue;  // an empty chunk would end the body
    if (size && piece->size() > left) throw std::length_error("a streamed body is longer than it said");
    left -= size ? piece->size() : 0;
    if (chunked) {
      char size[24];
      const int length = std::snprintf(size, sizeof size, "%zx\r\n", piece->size());
      piece->append(Bytes::of_static("\r\n"));
      send({size, static_cast<std::size_t>(length)}, *piece);
    } else {
      send({}, *piece);
    }
    if (output_.size() <= kStreamHighWater) continue;
    Task<void> writable = writable_.wait();
    co_await std::move(writable);
  }
  if (phase_ == Phase::kClosed) co_return;
  if (left != 0) throw std::length_error("a streamed body is shorter than it said");
  if (chunked) send("0\r\n\r\n", {});
}

void Http1Session::on_served(const std::exception_ptr& error) {
  serving_ = false;
  if (error && phase_ != Phase::kClosed) {
    log_handler_error(error);
    if (responded_) {
      close(true);  // in the middle of a body: a cut connection is the only way left to say that it is not complete
    } else {
      http::Response response = internal_error();
      respond(response);
    }
  }
  if (phase_ == Phase::kClosed) return leave_if_done();
  phase_ = Phase::kFlushing;
  if (output_.empty()) finish_exchange();
}

void Http1Session::finish_exchange() {
  if (!keep_alive_ || draining_) return input_ended_ || pending_.empty() ? close() : linger();
  reader_.next();
  phase_ = Phase::kReading;
  set_deadline(environment_.options.http_limits.idle_timeout);
  if (!pending_.empty()) {
    Bytes data = std::exchange(pending_, Bytes());
    process(std::move(data));
  }
  if (input_ended_ && phase_ == Phase::kReading) return close();
  wait_readable();
}

void Http1Session::refuse(int status, std::string_view detail) {
  http::Response response = http::error_response(status, detail);
  keep_alive_ = false;
  head_request_ = false;
  static thread_local std::string head;
  head.clear();
  http::append_head(head, response, http::BodyFraming::kLength, 1, false);
  phase_ = Phase::kFlushing;
  responded_ = true;
  pending_ = Bytes::of_static(" ");  // the peer may still be sending: linger
  send(head, response.body);
  if (phase_ == Phase::kFlushing && output_.empty()) finish_exchange();
}

// A response that needs no coroutine.
void Http1Session::answer_at_once(http::Response& response, Bytes rest) {
  head_request_ = false;
  respond(response);
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kFlushing;
  pending_ = std::move(rest);
  if (output_.empty()) finish_exchange();
}

void Http1Session::upgrade(Bytes rest) {
  http::Request& request = reader_.request();
  request.secure = transport_->secure();
  if (std::optional<http::Response> wrong = websocket::check_handshake(request)) return answer_at_once(*wrong, std::move(rest));
  phase_ = Phase::kServing;
  serving_ = deciding_ = true;
  responded_ = false;
  pending_ = std::move(rest);
  no_deadline();
  boost::asio::co_spawn(
      transport_->executor(), decide(shared_from_this()),
      boost::asio::bind_cancellation_slot(
          cancel_.slot(), [self = shared_from_this()](const std::exception_ptr& error, http::WebSocketDecision decision) {
            self->on_decided(error, std::move(decision));
          }));
}

Task<http::WebSocketDecision> Http1Session::decide(std::shared_ptr<Http1Session> self) {
  RequestContext context;
  const http::Request& request = self->reader_.request();
  context.peer = self->peer_;
  context.metadata = request.headers;
  context.trace = telemetry::extract(context.metadata);
  self->context_ = &context;
  const ContextGuard guard{self->context_};
  http::WebSocketDecision decision;
  decision.refusal.status = 403;
  if (self->environment_.http == nullptr || self->phase_ == Phase::kClosed) co_return decision;
  Task<http::WebSocketDecision> task = self->environment_.http->decide_websocket(context, request);
  co_return co_await std::move(task);
}

void Http1Session::on_decided(const std::exception_ptr& error, http::WebSocketDecision decision) {
  const auto self = shared_from_this();
  serving_ = deciding_ = false;
  if (phase_ == Phase::kClosed) return leave_if_done();
  if (error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& exception) {
      spdlog::error("WebSocket handshake: {}", exception.what());
    } catch (...) {
      spdlog::error("WebSocket handshake: unknown exception");
    }
    decision = {};
    decision.refusal = internal_error();
  }
  if (!decision.run) {
    decision.refusal.stream.reset();
    answer_at_once(decision.refusal, std::exchange(pending_, {}));
    return wait_readable();
  }
  timer_.cancel();
  phase_ = Phase::kClosed;
  websocket::start_session(std::move(transport_), std::exchange(pending_, {}), std::move(reader_.request()), std::move(decision),
                           environment_.sessions, environment_.options.http_limits, environment_.options.tracer);
  leave_if_done();
}

}  // namespace jina::protocol

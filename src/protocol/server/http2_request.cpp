#include "protocol/server/http2_request.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/http/response_head.hpp"
#include "protocol/http/server_span.hpp"
#include "protocol/http/syntax.hpp"
#include "protocol/http/url.hpp"
#include "protocol/http2/connection.hpp"

namespace jina::protocol {
namespace {

// What the server says by itself, or HTTP/2 has no room for.
bool owned_by_server(std::string_view name) noexcept {
  return name == "date" || name == "server" || name == "content-length" || name == "connection" || name == "keep-alive" ||
         name == "transfer-encoding" || name == "upgrade";
}

// A request whose stream is gone joins the server's sessions until its handler has ended, so that stopping waits for it.
class Http2Request final : public http2::StreamObserver, public net::Session, public std::enable_shared_from_this<Http2Request> {
 public:
  Http2Request(http2::Stream& stream, http2::RequestHead head, const std::string& peer, SessionEnvironment& environment)
      : stream_(&stream), environment_(environment) {
    context_.peer = peer;
    request_.method = std::move(head.method);
    request_.raw_target = std::move(head.path);
    request_.authority = std::move(head.authority);
    request_.secure = stream.connection().transport().secure();
    request_.headers = std::move(head.headers);
    if (!head.content_type.empty()) request_.headers.emplace_back("content-type", std::move(head.content_type));
    head_request_ = request_.method == "HEAD";
  }

  void start(bool end_stream) {
    if (end_stream) run();
  }

  void on_header(std::string_view, std::string_view) override {}
  void on_headers_complete(bool end_stream) override {
    if (end_stream) run();
  }
  void on_data(Bytes data) override {
    stream_->consume(data.size());
    if (answered_) return;
    request_.body.append(std::move(data));
    if (request_.body.size() > environment_.options.http_limits.max_body_bytes)
      refuse(413, R"({"detail":"Request Entity Too Large"})");
  }
  void on_end() override { run(); }
  void on_writable() override {
    if (on_writable_) std::exchange(on_writable_, nullptr)();
  }
  void on_close(const http2::CloseReason&) override {
    const auto keep = shared_from_this();
    stream_ = nullptr;
    if (running_) {
      environment_.sessions.add(keep);
      context_.cancel(CancelReason::kClient);
    }
    on_writable();
  }

  // net::Session, after on_close.
  void drain() override {}
  void abort() override {
    const auto keep = shared_from_this();
    context_.cancel(CancelReason::kShutdown);
    if (running_) cancel_.emit(boost::asio::cancellation_type::terminal);
  }

 private:
  void refuse(int status, std::string body) {
    http::Response response;
    response.status = status;
    response.headers.emplace_back("content-type", "application/json");
    response.body = Buffer::take(std::move(body));
    send(response);
  }

  void run() {
    if (answered_ || started_) return;
    started_ = true;
    if (!http::split_target(request_.raw_target, request_.path, request_.query))
      return refuse(400, R"({"detail":"Bad Request: the path is malformed"})");
    if (environment_.http == nullptr) return refuse(404, R"({"detail":"Not Found"})");
    context_.metadata = request_.headers;
    running_ = true;
    boost::asio::co_spawn(
        stream_->connection().transport().executor(), serve(shared_from_this()),
        boost::asio::bind_cancellation_slot(
            cancel_.slot(), [self = shared_from_this()](const std::exception_ptr& error) { self->on_served(error); }));
  }

  static Task<void> serve(std::shared_ptr<Http2Request> self) {
    http::ServerSpan span(self->environment_.options.tracer, self->context_, self->request_, "2");
    Task<http::Response> answer = self->environment_.http->handle(self->context_, std::move(self->request_));
    http::Response response = co_await std::move(answer);
    span.answered(response.status);
    const bool body_follows = self->send(response);
    if (!response.stream || !body_follows) co_return;
    Task<void> body = stream_body(self, std::move(response.stream), response.stream_size);
    co_await std::move(body);
  }

  static Task<void> stream_body(std::shared_ptr<Http2Request> self, std::shared_ptr<http::BodySource> source,
                                std::optional<std::uint64_t> size) {
    std::uint64_t left = size.value_or(0);
    for (;;) {
      Task<std::optional<Buffer>> next = source->next();
      std::optional<Buffer> piece = co_await std::move(next);
      if (self->stream_ == nullptr) co_return;
      if (!piece) break;
      if (size && piece->size() > left) throw std::length_error("a streamed body is longer than it said");
      left -= size ? piece->size() : 0;
      self->stream_->send_data(std::move(*piece));
      if (self->stream_->queued_bytes() > http2::Stream::kHighWater) {
        Task<void> writable = self->writable();
        co_await std::move(writable);
      }
      if (self->stream_ == nullptr) co_return;
    }
    if (left != 0) throw std::length_error("a streamed body is shorter than it said");
    self->stream_->end();
  }

  Task<void> writable() {
    const auto initiate = [this](auto handler) {
      on_writable_ = [handler = std::move(handler)]() mutable { std::move(handler)(); };
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(initiate, boost::asio::use_awaitable);
  }

  void on_served(const std::exception_ptr& error) {
    running_ = false;
    if (stream_ == nullptr) return environment_.sessions.remove(this);
    if (!error) return;
    log_handler_error(error);
    // In the middle of a body a reset is the only way left to say that it is not complete.
    if (answered_) return stream_->reset(http2::ErrorCode::kInternalError);
    refuse(500, "Internal Server Error");
  }

  // Whether a body follows that is still to be sent.
  bool send(http::Response& response) {
    if (answered_ || stream_ == nullptr) return false;
    answered_ = true;
    if (response.drop_connection) {
      stream_->reset(http2::ErrorCode::kCancel);
      return false;
    }
    const bool may_have_body = response.status != 204 && response.status != 304;
    const std::string status = std::to_string(response.status);
    const std::string length = std::to_string(response.stream ? response.stream_size.value_or(0) : response.body.size());
    std::vector<http2::Header> headers = {{":status", status}, {"server", "jina"}, {"date", http::http_date()}};
    if (may_have_body && (!response.stream || response.stream_size)) headers.push_back({"content-length", length});
    for (const auto& [name, value] : response.headers) {
      if (owned_by_server(name)) continue;
      if (http::is_token(name) && http::is_field_value(value)) {
        headers.push_back({name, value});
      } else {
        spdlog::error("response header '{}' left out: its name or value has characters that a header can not carry", name);
      }
    }
    const bool body_follows = may_have_body && !head_request_ && (response.stream || !response.body.empty());
    stream_->send_headers(headers, !body_follows);
    if (!body_follows || response.stream) return body_follows;
    stream_->send_data(std::move(response.body));
    stream_->end();
    return true;
  }

  http2::Stream* stream_;
  SessionEnvironment& environment_;
  RequestContext context_;
  http::Request request_;
  UniqueFunction<void()> on_writable_;
  boost::asio::cancellation_signal cancel_;
  bool head_request_ = false;
  bool started_ = false;
  bool running_ = false;  // the handler's coroutine exists
  bool answered_ = false;
};

}  // namespace

void start_http2_request(http2::Stream& stream, http2::RequestHead head, const std::string& peer, SessionEnvironment& environment,
                         bool end_stream) {
  auto request = std::make_shared<Http2Request>(stream, std::move(head), peer, environment);
  stream.set_observer(request);
  request->start(end_stream);
}

}  // namespace jina::protocol

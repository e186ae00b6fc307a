#include "protocol/server/http2_request.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/http/url.hpp"
#include "protocol/http2/connection.hpp"

namespace jina::protocol {
namespace {

class Http2Request final : public http2::StreamObserver, public std::enable_shared_from_this<Http2Request> {
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
    if (!answered_) context_.cancel(CancelReason::kClient);
    on_writable();
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
    const boost::asio::any_io_executor executor = stream_->connection().transport().executor();
    boost::asio::co_spawn(executor, serve(shared_from_this()), [self = shared_from_this()](std::exception_ptr error) {
      if (!error) return;
      try {
        std::rethrow_exception(error);
      } catch (const std::exception& exception) {
        spdlog::error("{} {}: {}", self->request_.method, self->request_.path, exception.what());
      }
      self->refuse(500, "Internal Server Error");
    });
  }

  static Task<void> serve(std::shared_ptr<Http2Request> self) {
    http::Request request = std::move(self->request_);
    self->request_.method = request.method;
    http::Response response = co_await self->environment_.http->handle(self->context_, std::move(request));
    const std::shared_ptr<http::BodySource> source = response.stream;
    self->send(response);
    if (!source || self->stream_ == nullptr) co_return;
    for (;;) {
      std::optional<Buffer> piece = co_await source->next();
      if (self->stream_ == nullptr) co_return;
      if (!piece) break;
      self->stream_->send_data(std::move(*piece));
      if (self->stream_->queued_bytes() > http2::Stream::kHighWater) co_await self->writable();
      if (self->stream_ == nullptr) co_return;
    }
    self->stream_->end();
  }

  Task<void> writable() {
    const auto initiate = [this](auto handler) {
      on_writable_ = [handler = std::move(handler)]() mutable { std::move(handler)(); };
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(initiate, boost::asio::use_awaitable);
  }

  void send(http::Response& response) {
    if (answered_ || stream_ == nullptr) return;
    answered_ = true;
    if (response.drop_connection) return stream_->reset(http2::ErrorCode::kCancel);
    const std::string status = std::to_string(response.status);
    const std::string length = std::to_string(response.body.size());
    std::vector<http2::Header> headers = {{":status", status}, {"server", "jina"}};
    if (!response.stream) headers.push_back({"content-length", length});
    for (const auto& [name, value] : response.headers) headers.push_back({name, value});
    const bool no_body = !response.stream && (response.body.empty() || request_.method == "HEAD");
    stream_->send_headers(headers, no_body);
    if (no_body || response.stream) return;
    stream_->send_data(std::move(response.body));
    stream_->end();
  }

  http2::Stream* stream_;
  SessionEnvironment& environment_;
  RequestContext context_;
  http::Request request_;
  UniqueFunction<void()> on_writable_;
  bool started_ = false;
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

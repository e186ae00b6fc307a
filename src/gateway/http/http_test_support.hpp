// Fakes for the tests of this folder: a gateway that answers as told, a WebSocket in memory, a way to run one Task.
#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "document/request_documents.hpp"
#include "gateway/http/gateway_http.hpp"
#include "protocol/request_handler.hpp"

namespace jina::gateway::testing {

/// Answers with Documents in capitals; `fail_with` and `hold` change that.
class FakeGateway : public protocol::RequestHandler {
 public:
  struct Held {
    wire::DataRequest request;
    wire::ReplyCallback done;
  };

  Status fail_with{};  ///< not OK: every request fails like this
  bool hold = false;   ///< keep requests in `held` until the test answers them
  std::vector<Held> held;
  std::vector<wire::DataRequest> seen;  ///< all requests, in order
  RequestContext* context = nullptr;    ///< of the last request
  std::string info_message;             ///< JinaInfoProto

  static wire::Reply upper(wire::DataRequest request) {
    if (request.has_data()) {
      auto docs = take_content(request).value().docs.value_or(DocumentArray{});
      for (Document& doc : docs) {
        std::string text = doc.text();
        for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        if (doc.has_text()) doc.set_text(std::move(text));
      }
      set_encoded_documents(request, encode_documents(docs));
    } else {
      set_encoded_documents(request, encode_documents({}));
    }
    std::string header = request.header.str();
    wire::clear_target_executor(header);
    request.header = Bytes::take(std::move(header));
    request.has_header = true;
    if (!request.parameters) request.parameters = Bytes::of_static("");
    std::string routes;
    wire::append_route(routes, {.executor = "gateway", .start_ns = 1'000'000, .end_ns = 2'000'000});
    request.routes = Bytes::take(std::move(routes));
    return {.response = std::move(request)};
  }

  void process_single_data(RequestContext& request_context, wire::DataRequest request, wire::ReplyCallback done) override {
    context = &request_context;
    seen.push_back(request);
    if (hold)
      held.push_back({std::move(request), std::move(done)});
    else if (!fail_with.ok())
      done({.status = fail_with});
    else
      done(upper(std::move(request)));
  }
  /// Answers the n-th held request and forgets it.
  void answer(std::size_t n, Status status = {}) {
    Held one = std::move(held.at(n));
    held.erase(held.begin() + static_cast<std::ptrdiff_t>(n));
    one.done(status.ok() ? upper(std::move(one.request)) : wire::Reply{.status = std::move(status)});
  }
  void call(RequestContext&, std::shared_ptr<protocol::RequestStream>) override { std::abort(); }
  void stream_doc(RequestContext&, Buffer, std::shared_ptr<protocol::RequestStream>) override { std::abort(); }
  void endpoint_discovery(RequestContext&, UniqueFunction<void(Result<Buffer>)>) override { std::abort(); }
  void info(RequestContext&, UniqueFunction<void(Result<Buffer>)> done) override { done(Buffer::copy_of(info_message)); }
};

/// A client's end of a WebSocket, in memory.
class FakeWebSocket final : public http::WebSocket {
 public:
  FakeWebSocket(boost::asio::io_context& io, RequestContext& context)
      : context_(context), arrived_(io, boost::asio::steady_timer::time_point::max()) {}

  std::vector<std::string> sent;
  std::optional<std::pair<int, std::string>> closed;  ///< by the gateway
  std::size_t queued = 0;
  int reads = 0;  ///< messages the gateway took
  bool drain_waited = false;

  void text(std::string message) { deliver({Buffer::take(std::move(message)), false}); }
  void binary(std::string message) { deliver({Buffer::take(std::move(message)), true}); }
  void deliver(http::WebSocketMessage message) {
    inbox_.push_back(std::move(message));
    arrived_.cancel();
  }
  /// The client goes away.
  void drop() {
    stop();
    context_.cancel(CancelReason::kClient);
  }
  /// The server stops: nothing more is read, answers still go out.
  void stop() {
    gone_ = true;
    arrived_.cancel();
  }
  void take_all() {
    queued = 0;
    arrived_.cancel();
  }

  Task<std::optional<http::WebSocketMessage>> read() override {
    while (inbox_.empty() && !gone_) co_await arrived_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (gone_) co_return std::nullopt;
    http::WebSocketMessage message = std::move(inbox_.front());
    inbox_.pop_front();
    ++reads;
    co_return message;
  }
  bool send(http::WebSocketMessage message) override {
    if (closed || context_.cancelled()) return false;
    sent.push_back(message.payload.str());
    return true;
  }
  std::size_t queued_bytes() const override { return queued; }
  Task<void> drained() override {
    drain_waited = true;
    while (queued > 0 && !gone_) co_await arrived_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  Task<void> close(std::uint16_t code, std::string reason) override {
    closed = {code, std::move(reason)};
    stop();
    co_return;
  }
  void abort() override { drop(); }

 private:
  RequestContext& context_;
  boost::asio::steady_timer arrived_;
  std::deque<http::WebSocketMessage> inbox_;
  bool gone_ = false;
};

/// Runs `task` to its end; fails the test's process when it never ends.
template <class T>
T run(Task<T> task) {
  boost::asio::io_context io;
  std::optional<T> result;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
    failure = error;
    result.emplace(std::move(value));
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(result.value());
}

inline http::Request make_request(std::string method, std::string path, std::string body = "", Metadata headers = {}) {
  http::Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.raw_target = request.path;
  request.authority = "gateway.test:8080";
  request.headers = std::move(headers);
  if (!body.empty()) request.body = Buffer::take(std::move(body));
  return request;
}

inline std::string header(const http::Response& response, std::string_view name) {
  const std::string* value = find_value(response.headers, name);
  return value == nullptr ? "(none)" : *value;
}

/// A handler over a FakeGateway.
struct GatewayFixture {
  explicit GatewayFixture(GatewayOptions gateway_options = {}, PortRole role = {.http = true, .websocket = true})
      : options(std::move(gateway_options)), http(options, role, gateway) {}

  http::Response send(std::string method, std::string path, std::string body = "",
                      Metadata headers = {{"content-type", "application/json"}}) {
    RequestContext context;
    return run(http.handle(context, make_request(std::move(method), std::move(path), std::move(body), std::move(headers))));
  }

  GatewayOptions options;
  FakeGateway gateway;
  GatewayHttp http;
};

inline boost::json::object expose(std::string_view json) { return boost::json::parse(json).as_object(); }

}  // namespace jina::gateway::testing

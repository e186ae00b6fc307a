// For the tests of this folder: an App behind its handler, asked without a socket.
//
// Thread: the test's. Lifetime: see AppFixture. Cancellation: none.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/app_handler.hpp"
#include "protocol/http/url.hpp"

namespace jina::app::testing {

/// Fill `app`, then ask.
class AppFixture {
 public:
  explicit AppFixture(AppOwner* owner = nullptr, http::Handler* fallback = nullptr) : app(owner), fallback_(fallback) {}

  boost::asio::io_context io;
  App app;
  AppEnvironment environment{.io = io, .class_name = "TestGateway"};
  std::string peer = "127.0.0.1:1";

  AppHandler& handler() {
    if (!handler_) handler_ = std::make_unique<AppHandler>(app, environment, fallback_);
    return *handler_;
  }

  http::Response send(std::string method, const std::string& target, std::string body = {}, Metadata headers = {}) {
    RequestContext& context = contexts_.emplace_back();
    context.peer = peer;
    context.metadata = headers;
    return send(context, std::move(method), target, std::move(body), std::move(headers));
  }
  http::Response send(RequestContext& context, std::string method, const std::string& target, std::string body, Metadata headers) {
    http::Request request;
    request.method = std::move(method);
    request.raw_target = target;
    if (!http::split_target(target, request.path, request.query)) throw std::invalid_argument("the test asks for " + target);
    request.authority = "gateway.test:8080";
    request.headers = std::move(headers);
    if (!body.empty()) request.body = Buffer::take(std::move(body));
    std::optional<http::Response> response;
    std::exception_ptr failure;
    boost::asio::co_spawn(io, handler().handle(context, std::move(request)), [&](std::exception_ptr error, http::Response made) {
      failure = error;
      response = std::move(made);
    });
    io.restart();
    io.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(response.value());
  }
  /// "200 {body}".
  std::string ask(std::string method, const std::string& target, std::string body = {}, Metadata headers = {}) {
    const http::Response response = send(std::move(method), target, std::move(body), std::move(headers));
    return std::to_string(response.status) + " " + response.body.str();
  }
  std::string get(const std::string& target, Metadata headers = {}) { return ask("GET", target, {}, std::move(headers)); }
  std::string post(const std::string& target, std::string body, std::string type = "application/json") {
    return ask("POST", target, std::move(body), {{"content-type", std::move(type)}});
  }
  boost::json::object openapi() { return boost::json::parse(handler().openapi()).as_object(); }

 private:
  std::deque<RequestContext> contexts_;  // a streamed body refers to its own until it is dropped
  http::Handler* fallback_;
  std::unique_ptr<AppHandler> handler_;
};

inline std::string header(const http::Response& response, std::string_view name) {
  const std::string* value = find_value(response.headers, name);
  return value == nullptr ? "(none)" : *value;
}

/// The message of what `make` throws.
template <class F>
std::string refused(F make) {
  try {
    make();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(accepted)";
}

}  // namespace jina::app::testing

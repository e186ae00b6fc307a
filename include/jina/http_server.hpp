// HttpServer: an App behind a port, for a jina::Gateway that brings its server itself.
//
//   app_.get("/", [] { return boost::json::value{{"message", "hello"}}; });
//   server_ = std::make_unique<jina::HttpServer>(io(), app_, jina::HttpServerOptions{.host = host(), .port = port()});
//
//   co_await server_->serve();        // in run_server()
//   co_await server_->shutdown();     // in shutdown()
//
// Speaks HTTP/1.1, HTTP/2 and WebSocket on its port. GET / answers 200 when the App does not, so that it passes health checks;
// jina::HttpGateway does all of this by itself, and serves Jina's own protocols too.
//
// Thread: that of the io_context; the App is filled before. Lifetime: destroy after serve() returned; io_context and App outlive
// it. Cancellation: shutdown(): no new connections, running requests are answered, what is left after the grace time is cut.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "jina/app.hpp"
#include "jina/task.hpp"

namespace jina {

struct HttpServerOptions {
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;      ///< 0: the kernel chooses, port() tells
  std::string ssl_certfile{};  ///< PEM; with ssl_keyfile: the port speaks TLS
  std::string ssl_keyfile{};
};

class HttpServer {
 public:
  /// Binds, listens and answers from now on: make it when everything else is set up. Throws std::runtime_error that names host and
  /// port and says what to do.
  HttpServer(boost::asio::io_context& io, App& app, const HttpServerOptions& options = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const noexcept;
  /// Waits until shutdown() is done.
  Task<void> serve();
  /// Returns when the last connection is closed.
  Task<void> shutdown(std::chrono::milliseconds grace = std::chrono::seconds(10));

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina

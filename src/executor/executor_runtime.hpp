// ExecutorRuntime: an Executor behind its ports: one I/O thread (the caller's) and the worker threads of its host.
//
// Thread: start() and run() on one thread, which becomes the I/O thread; stop() from any. Lifetime: destroy after run() returned.
// Cancellation: stop(): NOT_SERVING, no new connections, running requests end within the grace time, then their connections are
// cut; run() returns when the last function returned and the Executor was closed.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "executor/executor_host.hpp"
#include "jina/executor.hpp"
#include "jina/registry.hpp"
#include "jina/status.hpp"
#include "jina/tracing.hpp"
#include "metrics/registry.hpp"
#include "protocol/server/server.hpp"

namespace jina {

/// One of the ports of an Executor. A port that serves both finds out what each connection speaks.
struct ExecutorPort {
  std::uint16_t port = 0;  ///< 0: the kernel chooses
  bool grpc = true;
  bool http = false;
};

struct ExecutorOptions {
  std::string uses;                     ///< class name in the registry
  boost::json::object uses_with{};      ///< arguments of its constructor
  std::string deployment = "executor";  ///< name that goes into routes
  ExecutorRuntimeArgs runtime_args{};   ///< what the Executor is told about itself
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;                         ///< 0: the kernel chooses
  std::vector<ExecutorPort> ports{};              ///< instead of `port`, which stands for one that serves gRPC
  EndpointOverrides endpoints{};                  ///< `requests`, `dynamic_batching`, --allow-concurrent
  std::vector<std::string> exit_on_exceptions{};  ///< stop() after an endpoint threw one of these
  protocol::TlsFiles tls{};
  TracerProvider tracing{};                      ///< where spans go; a provider that is not enabled: tracing is off
  std::shared_ptr<metrics::Registry> metrics{};  ///< where it counts; null: monitoring is off
  std::chrono::milliseconds grace{10'000};       ///< how long stop() lets running requests finish
  std::size_t max_waiting = 10'000;  ///< requests that may wait for a plain function; more are refused with RESOURCE_EXHAUSTED
};

class ExecutorRuntime {
 public:
  /// Builds the Executor and listens. An error says which class, argument or port is to blame and what to do.
  static Result<std::unique_ptr<ExecutorRuntime>> start(ExecutorOptions options, const Registry& registry);
  ~ExecutorRuntime();

  /// The first one.
  std::uint16_t port() const noexcept { return ports().front().port; }
  const std::vector<ExecutorPort>& ports() const noexcept;
  /// Of the I/O thread, for what the caller wants to run there (signals).
  boost::asio::io_context& io() noexcept;
  /// Serves until stop(), or until an endpoint threw one of exit_on_exceptions: UNAVAILABLE with what it threw.
  Status run();
  void stop();

 private:
  struct Impl;
  explicit ExecutorRuntime(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// start() and run(); `on_ready` is called between them, with the port bound: the place to keep the runtime for stop().
Status run_executor(ExecutorOptions options, const Registry& registry, const std::function<void(ExecutorRuntime&)>& on_ready = {});

}  // namespace jina

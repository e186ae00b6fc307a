// ExecutorRuntime: an Executor behind a port.
//
// Thread: start() and run() on one thread, which becomes the I/O thread; stop() from any. Lifetime: destroy after run() returned.
// Cancellation: stop(): NOT_SERVING, drain, then the Executor's close().
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "jina/executor.hpp"
#include "jina/registry.hpp"
#include "jina/status.hpp"
#include "protocol/server/server.hpp"

namespace jina {

struct ExecutorOptions {
  std::string uses;                    ///< class name in the registry
  boost::json::object uses_with{};     ///< arguments of its constructor
  std::string deployment = "executor"; ///< name that goes into routes
  ExecutorRuntimeArgs runtime_args{};  ///< what the Executor is told about itself
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;              ///< 0: the kernel chooses
  protocol::TlsFiles tls{};
  std::chrono::milliseconds grace{10'000};
};

class ExecutorRuntime {
 public:
  /// Builds the Executor and listens. An error says which class or port is to blame and what to do.
  static Result<std::unique_ptr<ExecutorRuntime>> start(ExecutorOptions options, const Registry& registry);
  ~ExecutorRuntime();

  std::uint16_t port() const noexcept;
  /// Serves until stop().
  void run();
  void stop();

 private:
  struct Impl;
  explicit ExecutorRuntime(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina

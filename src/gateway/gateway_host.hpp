// GatewayHost: runs a gateway that the user wrote: makes the object, injects what the guide names, then setup_server(),
// run_server() and, when it is told to stop, shutdown(), all on one I/O thread.
//
// Thread: start() and run() on one thread, which becomes the I/O thread; stop() from any. Lifetime: destroy after run() returned;
// the registry outlives it. Cancellation: stop(): shutdown() gets the grace time, then what runs is cancelled.
#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/gateway_options.hpp"
#include "jina/registry.hpp"
#include "jina/status.hpp"

namespace jina::gateway {

struct HostOptions {
  GatewayOptions gateway{};             ///< one I/O thread whatever it says
  std::string uses;                     ///< class name in the registry
  boost::json::object uses_with{};      ///< arguments of its constructor
  std::string source{};                 ///< where the class comes from, for messages: the path of a module; "" for the program
  boost::json::object all_arguments{};  ///< runtime_args().all
  std::chrono::milliseconds timeout_ready{600'000};  ///< for the constructor and setup_server(); not positive: no limit
  std::chrono::milliseconds blocked_limit{1'000};    ///< the I/O thread blocked for longer: one warning
  std::function<void(const std::vector<std::uint16_t>& ports)> on_ready{};  ///< setup_server() has returned
  /// Nothing can be ended in order any more, for user code blocks the I/O thread: called on another one, to end the process.
  std::function<void(const Status&)> on_stuck{};
};

class GatewayHost {
 public:
  /// Makes the object; its ports are free. The error names the class, where it comes from, and what to do.
  static Result<std::unique_ptr<GatewayHost>> start(HostOptions options, const Registry& registry);
  ~GatewayHost();
  GatewayHost(const GatewayHost&) = delete;
  GatewayHost& operator=(const GatewayHost&) = delete;

  /// Serves until stop(). OK when everything ended in order; else what went wrong.
  Status run();
  void stop();

 private:
  struct Impl;
  explicit GatewayHost(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::gateway

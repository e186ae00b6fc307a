// Gateway: base class of the user's gateway: any server framework, any protocol, any interface.
//
//   class MyGateway : public jina::Gateway {
//    public:
//     explicit MyGateway(Options options);                     // `with:` of the YAML, optional (jina/arguments.hpp)
//     jina::Task<void> setup_server() override;                // bind host() and port()
//     jina::Task<void> run_server() override;                  // serve; returns after shutdown()
//     jina::Task<void> shutdown() override;                    // make run_server() return
//   };
//   JINA_MODULE(registry) { registry.add<MyGateway>("MyGateway"); }
//
// The runtime makes one object, injects what the accessors below give, awaits setup_server(), then run_server(), and shutdown()
// when the process is told to stop. A gateway answers health checks itself: GET / with 200, or the standard gRPC health service,
// on its first port. jina::HttpGateway (jina/http_gateway.hpp) brings a server, and all of this with it.
//
// Thread: constructor, the three functions and all coroutines they start run on one I/O thread, io(). Servers with threads of their
// own call streamer() from them by its blocking and callback functions (jina/streamer.hpp), or reach the I/O thread with
// jina::wait_for (jina/blocking.hpp). Lifetime: one object per process; destroyed after run_server() and shutdown() returned.
// Cancellation: shutdown(); a run_server() that does not return within the grace time afterwards is cancelled.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "jina/logger.hpp"
#include "jina/metrics.hpp"
#include "jina/streamer.hpp"
#include "jina/task.hpp"
#include "jina/tracing.hpp"

namespace jina {

namespace gateway {
class GatewayHost;
}

/// What the runtime tells a gateway about itself.
struct GatewayRuntimeArgs {
  std::string name = "gateway";  ///< pod name, "gateway/rep-0" in a Flow
  std::string host = "0.0.0.0";  ///< address to bind
  std::vector<std::uint16_t> ports{};
  std::vector<std::string> protocols{};  ///< "GRPC", "HTTP", "WEBSOCKET": what the Flow file says this gateway speaks
  bool tracing = false;
  boost::json::object all{};  ///< every argument of `jina gateway` by its name with underscores, defaults included
};

class Gateway {
 public:
  /// What Registry::add files a derived class under.
  using RegistryBase = Gateway;
  static constexpr std::string_view kRegistryKind = "Gateway";

  /// Takes what the runtime hands over: all accessors work in the constructor of a derived class. They throw std::logic_error in an
  /// object that no runtime made.
  Gateway();
  virtual ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Makes the server and binds its ports. Throwing ends the process with the message; so does not returning within
  /// --timeout-ready.
  virtual Task<void> setup_server() = 0;
  /// Serves. Returning before shutdown() was called ends the process with an error.
  virtual Task<void> run_server() = 0;
  /// Makes run_server() return when running requests are answered.
  virtual Task<void> shutdown() = 0;

  const GatewayRuntimeArgs& runtime_args() const;
  const std::string& name() const { return runtime_args().name; }
  const std::string& host() const { return runtime_args().host; }
  /// The main port, and all of them.
  std::uint16_t port() const { return runtime_args().ports.empty() ? std::uint16_t{0} : runtime_args().ports.front(); }
  const std::vector<std::uint16_t>& ports() const { return runtime_args().ports; }
  const std::vector<std::string>& protocols() const { return runtime_args().protocols; }
  const Logger& logger() const;
  /// Whether --tracing is on; the provider and this gateway's tracer make spans that go nowhere when it is not.
  bool tracing() const { return runtime_args().tracing; }
  TracerProvider& tracer_provider() const;
  Tracer tracer() const;
  /// Numbers of its own for Prometheus; they go nowhere when --monitoring is off.
  Metrics metrics() const;
  /// Sends Documents through the Flow.
  GatewayStreamer& streamer() const;
  /// One Executor of the Flow, past the graph. Throws std::out_of_range that lists the names there are.
  ExecutorClient executor(std::string_view name) const;
  /// The I/O thread that everything of this gateway runs on.
  boost::asio::io_context& io() const;

 private:
  friend class gateway::GatewayHost;
  friend class HttpGateway;
  struct Injected;
  const Injected& injected() const;

  std::shared_ptr<Injected> injected_;
};

}  // namespace jina

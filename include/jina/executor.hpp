// Executor: base class of the user's microservice.
//
//   class Upper : public jina::Executor {
//    public:
//     void setup(jina::Endpoints& on) override { on.add("/upper", &Upper::upper); }
//     void upper(jina::DocumentArray& docs) { for (auto& d : docs) d.set_text(to_upper(d.text())); }
//   };
//   JINA_MODULE(registry) { registry.add<Upper>("Upper"); }
//
// jina/endpoints.hpp says what functions may look like and which options an endpoint has: dynamic batching, several at a time.
// Throwing makes the request fail as in a Python Executor that raised: gRPC OK, header.status ERROR, the Documents as they came in.
//
// Thread: plain functions run one at a time per Executor on a worker thread, so health checks stay live; those that are
// `concurrent` run on several. Coroutines and generators run on the Executor's I/O thread and interleave at co_await. Lifetime: one
// object per process (replica), built before the server listens, destroyed after the last request. Cancellation: when the caller is
// gone, what a coroutine awaits ends with operation_aborted, and a plain function that waits for its turn is not called; one that
// runs is left alone (RequestContext::cancelled() tells it).
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "jina/document.hpp"
#include "jina/endpoints.hpp"
#include "jina/monitor.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"
#include "jina/tracing.hpp"

namespace jina {

/// Thrown by an endpoint to choose what the client gets to see: a Python client shows this one as `ValueError('too long', 42)`.
/// Any other exception goes by its C++ type and what().
class EndpointError : public std::runtime_error {
 public:
  /// `arguments` are texts, numbers, booleans or null; what() is their Python spelling.
  EndpointError(std::string name, boost::json::array arguments);
  ~EndpointError() override;

  const std::string& name() const noexcept { return name_; }
  const boost::json::array& arguments() const noexcept { return arguments_; }

 private:
  std::string name_;
  boost::json::array arguments_;
};

/// What the runtime tells an Executor about itself.
struct ExecutorRuntimeArgs {
  std::string name = "executor";  ///< pod name, "upper/rep-0" in a Flow
  std::string workspace{};        ///< folder of this Executor; Executor::workspace() makes it
  int shard_id = -1;
  int replica_id = 0;
  int replicas = 1;
  int shards = 1;
  boost::json::object metas{};  ///< name, description, workspace, py_modules: `metas:` of the YAML and --uses-metas
};

class Executor {
 public:
  /// What Registry::add files a derived class under.
  using RegistryBase = Executor;
  static constexpr std::string_view kRegistryKind = "Executor";

  Executor() = default;
  virtual ~Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Fills the endpoint table; called once, before the first request. Throwing ends the process with the message.
  virtual void setup(Endpoints& on) = 0;
  /// After setup(), before the Executor says that it is ready: loads and tries what would make the first request slow. On the I/O
  /// thread; for what takes long, co_await jina::run_blocking(). Throwing ends the process with the message.
  virtual Task<void> warm_up();
  /// Asked every second and by GET /, on the I/O thread, also while functions run: a quick look, no work. An error makes the gRPC
  /// health check answer NOT_SERVING and GET / 503, with its text in the log.
  virtual Status health() { return {}; }
  /// Called once after the last request.
  virtual void close() {}

  /// Filled before setup(); the defaults in the constructor.
  const ExecutorRuntimeArgs& runtime_args() const noexcept { return runtime_args_; }
  /// name, description, workspace, py_modules, and what else the YAML has there. Filled before setup().
  const boost::json::object& metas() const noexcept { return runtime_args_.metas; }
  /// A folder of this Executor's (and shard's) own, <workspace>/<name>[/<shard>]; made on first use. The workspace is that of
  /// --workspace, of metas, or ~/.cache/jina. Throws std::filesystem::filesystem_error when it can not be made.
  std::filesystem::path workspace() const;
  /// Makes spans; RequestContext::trace of the call is their parent. They go nowhere without --tracing. Filled before setup().
  const Tracer& tracer() const noexcept { return tracer_; }
  /// Measures the time until it is destroyed: `const auto timer = monitor("preprocess_seconds");`. From any thread.
  [[nodiscard]] Monitor monitor(std::string_view name) const { return Monitor(name, monitors_); }

 private:
  friend class ExecutorHost;
  ExecutorRuntimeArgs runtime_args_;
  Tracer tracer_;
  std::shared_ptr<MonitorSink> monitors_;
};

}  // namespace jina

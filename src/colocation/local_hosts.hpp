// LocalHosts: the Executor objects of a gateway's process, each behind the same ExecutorHost that would serve it over a port.
//
// They live on one I/O thread: that of the gateway when it has a single one, so that a call costs no change of thread, else one of
// their own.
//
// Thread: made and destroyed by the thread that starts the gateway; the replicas are used on io()'s thread only. Lifetime: destroy
// when no call is in flight and before the io_context it was given; everybody who calls goes first. Cancellation: none of its own.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "colocation/local_executor.hpp"
#include "executor/executor_handler.hpp"
#include "executor/executor_host.hpp"
#include "jina/tracing.hpp"

namespace jina::colocation {

class LocalHosts {
 public:
  /// One of the objects of a deployment.
  struct Replica {
    std::unique_ptr<ExecutorHost> host;
    std::unique_ptr<ExecutorHandler> handler;
  };
  struct Deployment {
    std::string name;
    std::vector<Replica> replicas;
    /// The one with the least to do. On io()'s thread.
    Replica& pick() noexcept;
  };

  /// Makes the objects, lets them fill their tables and warm up. REQUIRES: nobody runs `io` yet. `io` null: on a thread of their
  /// own. `metrics` null: nothing is counted. The error names the deployment, the class and what is wrong with it.
  static Result<std::unique_ptr<LocalHosts>> make(const std::vector<LocalExecutor>& executors, const TracerProvider& tracing,
                                                  boost::asio::io_context* io,
                                                  const std::shared_ptr<metrics::Registry>& metrics = nullptr);
  ~LocalHosts();
  LocalHosts(const LocalHosts&) = delete;
  LocalHosts& operator=(const LocalHosts&) = delete;

  boost::asio::io_context& io() noexcept { return *io_; }
  /// Null when there is none of that name.
  Deployment* find(std::string_view deployment) noexcept;
  /// In the order of their names.
  std::vector<std::string> names() const;
  /// `changed` is told, on io()'s thread, when one of them begins to say that it is not well, and when all are well again: they are
  /// asked once a second. Before a given io() runs, or on its thread; with a thread of its own from any.
  void watch_health(std::function<void(bool well)> changed);
  /// The gateway begins to stop: requests that wait for others to share a batch with are run now. On any thread.
  void stop_waiting();
  /// Waits for the functions that run, then lets the Executors close. Later calls do nothing.
  void close();

 private:
  struct OwnThread;
  LocalHosts();
  Status add(const LocalExecutor& executor, const TracerProvider& tracing, const std::shared_ptr<metrics::Registry>& metrics);
  void ask_later();
  bool all_well();

  std::unique_ptr<OwnThread> own_;  // first: outlives the objects
  boost::asio::io_context* io_ = nullptr;
  std::map<std::string, Deployment, std::less<>> deployments_;
  std::optional<boost::asio::steady_timer> next_question_;
  std::vector<std::function<void(bool)>> watchers_;
  bool well_ = true;
};

}  // namespace jina::colocation

// LocalExecutor: what an Executor in its gateway's process is made from.
//
// Thread: plain value; `make` is called on the thread that starts the gateway. Lifetime: copied into the gateway's options.
// Cancellation: none.
#pragma once
#include <functional>
#include <memory>

#include "executor/executor_runtime.hpp"
#include "jina/executor.hpp"
#include "jina/status.hpp"

namespace jina::colocation {

struct LocalExecutor {
  /// `deployment` is the node of the graph, `uses` the class for failures and messages. Ports, TLS and tracing are the gateway's.
  ExecutorOptions options{};
  std::function<Result<std::unique_ptr<Executor>>()> make;  ///< called once for each replica
  int replicas = 1;                                         ///< objects: one plain function at a time in each of them

  const std::string& deployment() const noexcept { return options.deployment; }
};

}  // namespace jina::colocation

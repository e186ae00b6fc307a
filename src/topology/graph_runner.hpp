// GraphRunner: starts a GraphRun for every request of one I/O thread and knows which of them still run.
//
// Thread: one I/O thread. Lifetime: destroy once idle (when_idle()); runs that are left at destruction must not complete later.
// Cancellation: through each request's context; floating calls have contexts of their own and end with cancel_floating().
#pragma once
#include <cstddef>
#include <memory>
#include <unordered_set>

#include "base/clock.hpp"
#include "base/unique_function.hpp"
#include "jina/request_context.hpp"
#include "topology/executor_caller.hpp"
#include "topology/target_matcher.hpp"
#include "topology/topology_graph.hpp"
#include "wire/reply.hpp"
#include "wire/reply_observer.hpp"

namespace jina::topology {

class GraphRun;

struct GraphRunnerOptions {
  std::size_t max_floating_runs = 10'000;  ///< more requests with floating calls still running: theirs are left out
};

class GraphRunner {
 public:
  GraphRunner(std::shared_ptr<const TopologyGraph> graph, ExecutorCaller& caller, const Clock& clock = Clock::real(),
              GraphRunnerOptions options = {});
  ~GraphRunner();
  GraphRunner(const GraphRunner&) = delete;
  GraphRunner& operator=(const GraphRunner&) = delete;

  /// Sends `request` through the graph. `done` runs exactly once, possibly before this returns (nothing to call, bad header).
  void run(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done);

  /// Hears of every request that starts from now on; null: nobody. Outlives them.
  void set_observer(wire::ReplyObserver* observer) noexcept { observer_ = observer; }
  /// For requests that start from now on.
  void set_graph(std::shared_ptr<const TopologyGraph> graph) { graph_ = std::move(graph); }
  const TopologyGraph& graph() const noexcept { return *graph_; }
  std::shared_ptr<const TopologyGraph> shared_graph() const noexcept { return graph_; }

  /// Runs that have a call in flight, answered ones with floating calls included.
  std::size_t active_runs() const noexcept { return active_; }
  std::size_t floating_runs() const noexcept { return floating_.size(); }
  /// Requests whose floating calls were left out because of max_floating_runs.
  std::size_t floating_skipped() const noexcept { return floating_skipped_; }
  /// Runs `done` when no run is active, at once if none is. One waiter.
  void when_idle(UniqueFunction<void()> done);
  /// Shutdown: ends the floating calls that still run.
  void cancel_floating();

 private:
  friend class GraphRun;
  void finished(GraphRun* run);

  std::shared_ptr<const TopologyGraph> graph_;
  ExecutorCaller& caller_;
  const Clock& clock_;
  GraphRunnerOptions options_;
  wire::ReplyObserver* observer_ = nullptr;
  TargetMatcherCache targets_;
  std::size_t active_ = 0;
  std::size_t floating_skipped_ = 0;
  std::unordered_set<GraphRun*> floating_;
  UniqueFunction<void()> when_idle_;
};

}  // namespace jina::topology

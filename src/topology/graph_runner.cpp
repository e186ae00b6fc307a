#include "topology/graph_runner.hpp"

#include <utility>
#include <vector>

#include "topology/graph_run.hpp"

namespace jina::topology {

GraphRunner::GraphRunner(std::shared_ptr<const TopologyGraph> graph, ExecutorCaller& caller, const Clock& clock,
                         GraphRunnerOptions options)
    : graph_(std::move(graph)), caller_(caller), clock_(clock), options_(options) {}

GraphRunner::~GraphRunner() = default;

void GraphRunner::run(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) {
  ++active_;
  if (observer_ != nullptr) done = observer_->watch({&request, 1}, std::move(done));
  // Owns itself until its last call completed: callers complete every call exactly once.
  (new GraphRun(*this, context, std::move(request), std::move(done)))->start();
}

void GraphRunner::finished(GraphRun* run) {
  floating_.erase(run);
  delete run;
  if (--active_ == 0 && when_idle_) std::exchange(when_idle_, {})();
}

void GraphRunner::when_idle(UniqueFunction<void()> done) {
  if (active_ == 0) {
    done();
  } else {
    when_idle_ = std::move(done);
  }
}

void GraphRunner::cancel_floating() {
  // A cancelled run may finish, and leave the set, while it is cancelled.
  const std::vector<GraphRun*> runs(floating_.begin(), floating_.end());
  for (GraphRun* run : runs)
    if (floating_.contains(run)) run->cancel_floating();
}

}  // namespace jina::topology

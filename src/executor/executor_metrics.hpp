// ExecutorMetrics: what an Executor counts while it is monitored. Names, labels and meaning are Jina's, so that its dashboards fit.
//
// Thread: the I/O thread of its host; process_seconds() and what it gives also the threads that functions run on. Lifetime: shares
// the registry; outlives the requests. Cancellation: none; a request that was cancelled counts as failed.
#pragma once
#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "executor/request_job.hpp"
#include "jina/endpoints.hpp"
#include "jina/monitor.hpp"
#include "metrics/registry.hpp"

namespace jina {

class ExecutorMetrics {
 public:
  /// `names` and `endpoints` outlive it.
  ExecutorMetrics(std::shared_ptr<metrics::Registry> registry, const ExecutorNames& names, const Endpoints& endpoints);
  ExecutorMetrics(const ExecutorMetrics&) = delete;
  ExecutorMetrics& operator=(const ExecutorMetrics&) = delete;

  /// A request for `path` arrived, `bound` to a function or not; the result takes the place of `done`.
  wire::ReplyCallback watch(std::string_view path, bool bound, const std::vector<wire::DataRequest>& requests,
                            wire::ReplyCallback done);
  /// A request whose answer is a stream; the result is called once, when it ended.
  UniqueFunction<void(bool failed)> watch_stream(std::string_view path, std::size_t request_bytes);

  /// Of the function of a row of the table.
  metrics::Summary& process_seconds(const Endpoint& row);
  /// Of a Jina Executor's own `_jina_dry_run_`, which has no row here.
  void dry_run();

  /// Where the times of Executor::monitor() go.
  static std::shared_ptr<MonitorSink> monitors(std::shared_ptr<metrics::Registry> registry, std::string pod);

 private:
  struct Row {
    const Endpoint* row;
    std::string path;
    std::atomic<metrics::Summary*> seconds{nullptr};
  };
  struct OfPath {
    metrics::Labels labels;
    metrics::Summary* received_bytes = nullptr;
    metrics::Summary* sent_bytes = nullptr;  // with the first answer, as in Jina
    metrics::Counter* documents = nullptr;
  };

  metrics::Labels labels_of(std::string_view path) const;
  metrics::Summary& make_process_seconds(std::string_view path);
  OfPath& of(std::string_view path);
  void ended(std::chrono::steady_clock::time_point start, bool failed);

  std::shared_ptr<metrics::Registry> registry_;
  const ExecutorNames& names_;
  metrics::Summary& receiving_seconds_;
  metrics::Counter& failed_;
  metrics::Counter& successful_;
  std::deque<Row> rows_;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, OfPath, Hash, std::equal_to<>> paths_;
  std::pair<std::string_view, OfPath*> last_{};  // most requests are for the path of the one before
};

}  // namespace jina

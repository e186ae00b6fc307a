#include "executor/executor_metrics.hpp"

#include <spdlog/spdlog.h>

#include <map>
#include <mutex>
#include <stdexcept>

#include "executor/batching/count_documents.hpp"
#include "metrics/request_metrics.hpp"
#include "wire/encoded_size.hpp"

namespace jina {
namespace {

// Clients choose the paths; an Executor with a default endpoint serves any. Behind so many, all others are one.
constexpr std::size_t kMostPaths = 1000;
constexpr std::size_t kLongestPath = 256;
constexpr std::string_view kOtherPaths = "(other)";

constexpr std::string_view kProcess = "jina_process_request_seconds";
constexpr std::string_view kProcessHelp = "Time that a function of the Executor took, by the endpoint that it serves";
constexpr std::string_view kDocuments = "jina_document_processed";
constexpr std::string_view kDocumentsHelp = "Documents of the requests that succeeded";
constexpr std::string_view kReceived = "jina_received_request_bytes";
constexpr std::string_view kReceivedHelp = "Size of the requests that arrived";
constexpr std::string_view kSent = "jina_sent_response_bytes";
constexpr std::string_view kSentHelp = "Size of the answers of requests that succeeded";

class MetricTimes final : public MonitorSink {
 public:
  MetricTimes(std::shared_ptr<metrics::Registry> registry, std::string pod)
      : registry_(std::move(registry)), pod_(std::move(pod)) {}

  void observe(std::string_view name, std::chrono::duration<double> seconds) override {
    metrics::Summary* summary = nullptr;
    {
      const std::lock_guard lock(mutex_);
      const auto found = known_.find(name);
      summary = found != known_.end() ? found->second : known_.emplace(name, make(name)).first->second;
    }
    if (summary != nullptr) summary->observe(seconds.count());
  }

 private:
  metrics::Summary* make(std::string_view name) {
    try {
      return &registry_->summary("jina_" + std::string(name), "Time measured by monitor()", {{"runtime_name", pod_}});
    } catch (const std::invalid_argument& taken) {
      spdlog::error("{}: monitor(\"{}\") measures nothing: {}", pod_, name, taken.what());
      return nullptr;
    }
  }

  std::shared_ptr<metrics::Registry> registry_;
  std::string pod_;
  std::mutex mutex_;
  std::map<std::string, metrics::Summary*, std::less<>> known_;  // guarded by mutex_
};

}  // namespace

ExecutorMetrics::ExecutorMetrics(std::shared_ptr<metrics::Registry> registry, const ExecutorNames& names,
                                 const Endpoints& endpoints)
    : registry_(std::move(registry)),
      names_(names),
      receiving_seconds_(registry_->summary("jina_receiving_request_seconds", "Time from the arrival of a request to its answer",
                                            {{"runtime_name", names.pod}})),
      failed_(registry_->counter("jina_failed_requests", "Requests that failed", {{"runtime_name", names.pod}})),
      successful_(registry_->counter("jina_successful_requests", "Requests that succeeded", {{"runtime_name", names.pod}})) {
  registry_->declare(metrics::Kind::kSummary, kProcess, kProcessHelp);
  registry_->declare(metrics::Kind::kCounter, kDocuments, kDocumentsHelp);
  registry_->declare(metrics::Kind::kSummary, kReceived, kReceivedHelp);
  registry_->alias(kReceived, "jina_request_size_bytes");
  registry_->declare(metrics::Kind::kSummary, kSent, kSentHelp);
  for (const std::string& path : endpoints.paths()) rows_.emplace_back(endpoints.find_exact(path), path);
}

metrics::Labels ExecutorMetrics::labels_of(std::string_view path) const {
  return {{"executor", names_.class_name}, {"executor_endpoint", std::string(path)}, {"runtime_name", names_.pod}};
}

metrics::Summary& ExecutorMetrics::make_process_seconds(std::string_view path) {
  return registry_->summary(kProcess, kProcessHelp, labels_of(path));
}

metrics::Summary& ExecutorMetrics::process_seconds(const Endpoint& row) {
  for (Row& each : rows_) {
    if (each.row != &row) continue;
    metrics::Summary* seconds = each.seconds.load(std::memory_order_acquire);
    if (seconds == nullptr) each.seconds.store(seconds = &make_process_seconds(each.path), std::memory_order_release);
    return *seconds;
  }
  throw std::logic_error("an endpoint that is not of this table");
}

void ExecutorMetrics::dry_run() { make_process_seconds("_jina_dry_run_").observe(0); }

ExecutorMetrics::OfPath& ExecutorMetrics::of(std::string_view path) {
  if (last_.second != nullptr && last_.first == path) return *last_.second;
  auto found = paths_.find(path);
  if (found == paths_.end()) {
    const std::string_view name = paths_.size() < kMostPaths && path.size() <= kLongestPath ? path : kOtherPaths;
    found = paths_.try_emplace(std::string(name), OfPath{labels_of(name)}).first;
    if (found->second.received_bytes == nullptr)
      found->second.received_bytes = &registry_->summary(kReceived, kReceivedHelp, found->second.labels);
  }
  last_ = {found->first, &found->second};
  return found->second;
}

wire::ReplyCallback ExecutorMetrics::watch(std::string_view path, bool bound, const std::vector<wire::DataRequest>& requests,
                                           wire::ReplyCallback done) {
  const auto start = std::chrono::steady_clock::now();
  if (!bound)  // passed on as it came: a success without Documents, as in Jina
    return [this, start, done = std::move(done)](wire::Reply reply) mutable {
      ended(start, metrics::is_failure(reply));
      done(std::move(reply));
    };
  OfPath& counted = of(path);
  for (const wire::DataRequest& request : requests)
    counted.received_bytes->observe(static_cast<double>(wire::encoded_size(request, false)));
  const std::size_t documents = count_documents(requests.front());
  return [this, start, &counted, documents, done = std::move(done)](wire::Reply reply) mutable {
    const bool failed = metrics::is_failure(reply);
    ended(start, failed);
    if (!failed) {
      if (counted.documents == nullptr) {
        counted.documents = &registry_->counter(kDocuments, kDocumentsHelp, counted.labels);
        counted.sent_bytes = &registry_->summary(kSent, kSentHelp, counted.labels);
      }
      counted.documents->add(static_cast<double>(documents));
      counted.sent_bytes->observe(static_cast<double>(wire::encoded_size(reply.response, false)));
    }
    done(std::move(reply));
  };
}

UniqueFunction<void(bool)> ExecutorMetrics::watch_stream(std::string_view path, std::size_t request_bytes) {
  of(path).received_bytes->observe(static_cast<double>(request_bytes));
  return [this, start = std::chrono::steady_clock::now()](bool failed) { ended(start, failed); };
}

void ExecutorMetrics::ended(std::chrono::steady_clock::time_point start, bool failed) {
  receiving_seconds_.observe_since(start);
  (failed ? failed_ : successful_).add();
}

std::shared_ptr<MonitorSink> ExecutorMetrics::monitors(std::shared_ptr<metrics::Registry> registry, std::string pod) {
  return std::make_shared<MetricTimes>(std::move(registry), std::move(pod));
}

}  // namespace jina

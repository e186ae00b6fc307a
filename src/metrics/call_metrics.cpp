#include "metrics/call_metrics.hpp"

namespace jina::metrics {

CallMetrics::CallMetrics(Registry& registry, const std::string& runtime_name)
    : sending_seconds_(registry.summary("jina_sending_request_seconds",
                                        "Time from sending a request to an Executor or head to its answer, of every try",
                                        {{"runtime_name", runtime_name}})),
      received_bytes_(registry.summary("jina_received_response_bytes", "Size of the answers of Executors and heads",
                                       {{"runtime_name", runtime_name}})),
      sent_bytes_(registry.summary("jina_sent_request_bytes", "Size of the requests sent to Executors and heads, of every try",
                                   {{"runtime_name", runtime_name}})) {}

void CallWatch::began() {
  start_ = std::chrono::steady_clock::now();
  for (const std::size_t size : sizes_) sent(size);
}

}  // namespace jina::metrics

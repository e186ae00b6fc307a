#include "metrics/request_metrics.hpp"

#include "wire/encoded_size.hpp"

namespace jina::metrics {

bool is_failure(const wire::Reply& reply) {
  if (!reply.status.ok()) return true;
  const Result<wire::HeaderView> header = wire::parse_header(reply.response.header.view());
  return header && header->status_is_error;
}

RequestMetrics::RequestMetrics(Registry& registry, const std::string& runtime_name, bool may_encode)
    : may_encode_(may_encode),
      receiving_seconds_(registry.summary("jina_receiving_request_seconds",
                                          "Time from the arrival of a request to its answer, of those that succeeded",
                                          {{"runtime_name", runtime_name}})),
      pending_(registry.gauge("jina_number_of_pending_requests", "Requests that are not answered yet",
                              {{"runtime_name", runtime_name}})),
      failed_(registry.counter("jina_failed_requests", "Requests that failed", {{"runtime_name", runtime_name}})),
      successful_(registry.counter("jina_successful_requests", "Requests that succeeded", {{"runtime_name", runtime_name}})),
      received_bytes_(
          registry.summary("jina_received_request_bytes", "Size of the requests that arrived", {{"runtime_name", runtime_name}})),
      sent_bytes_(registry.summary("jina_sent_response_bytes", "Size of the answers of requests that succeeded",
                                   {{"runtime_name", runtime_name}})) {
  registry.alias("jina_received_request_bytes", "jina_request_size_bytes");
}

wire::ReplyCallback RequestMetrics::watch(std::span<const wire::DataRequest> requests, wire::ReplyCallback done) {
  for (const wire::DataRequest& request : requests)
    received_bytes_.observe(static_cast<double>(wire::encoded_size(request, may_encode_)));
  pending_.add(1);
  return [this, start = std::chrono::steady_clock::now(), done = std::move(done)](wire::Reply reply) mutable {
    if (is_failure(reply)) {
      failed();
    } else {
      succeeded(start);
      sent_bytes_.observe(static_cast<double>(wire::encoded_size(reply.response, may_encode_)));
    }
    done(std::move(reply));
  };
}

UniqueFunction<void(const Status&)> RequestMetrics::watch_stream(std::size_t request_bytes) {
  received_bytes_.observe(static_cast<double>(request_bytes));
  pending_.add(1);
  return [this, start = std::chrono::steady_clock::now()](const Status& status) {
    if (status.ok())
      succeeded(start);
    else
      failed();
  };
}

void RequestMetrics::succeeded(Time start) {
  receiving_seconds_.observe_since(start);
  pending_.add(-1);
  successful_.add();
}

void RequestMetrics::failed() {
  pending_.add(-1);
  failed_.add();
}

}  // namespace jina::metrics

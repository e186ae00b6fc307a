#include "executor/batching/batcher.hpp"

#include <boost/json/value.hpp>
#include <functional>

#include "document/struct_codec.hpp"
#include "executor/batching/count_documents.hpp"
#include "executor/refusals.hpp"

namespace jina {

// Equal objects may have their keys in another order, so that their hashes must not depend on it.
std::size_t Batcher::KeyHash::operator()(const Key& key) const noexcept {
  std::size_t hash = std::hash<const void*>{}(key.endpoint);
  for (const auto& [name, value] : key.parameters)
    hash += std::hash<std::string_view>{}(name)*31 + std::hash<boost::json::value>{}(value);
  return hash;
}

Batcher::Batcher(std::unique_ptr<BatchTime> time, std::string deployment, std::size_t max_waiting, Calls calls)
    : time_(std::move(time)), deployment_(std::move(deployment)), max_waiting_(max_waiting), calls_(std::move(calls)) {}

Batcher::~Batcher() = default;

void Batcher::push(std::shared_ptr<RequestJob> job) {
  const auto refuse = [&](Status status) {
    job->fail(std::move(status));
    calls_.answered(std::move(job));
  };
  if (job->cancelled()) return refuse(cancelled_before_its_turn(job->call().context.cancel_reason()));
  const std::optional<Bytes>& encoded = job->requests().front().parameters;
  Result<Parameters> parameters = encoded ? decode_struct(encoded->view()) : Parameters();
  if (!parameters) return refuse(std::move(parameters).error());
  const std::size_t documents = count_documents(job->requests());
  if (documents == 0) {  // no function is called for nothing
    if (job->decode()) encode_or_fail(*job);
    return calls_.answered(std::move(job));
  }
  if (waiting_ >= max_waiting_) return refuse(executor_is_behind(deployment_, max_waiting_));
  ++waiting_;
  BatchQueue& queue = queue_of(job->endpoint(), *std::move(parameters));
  queue.push(std::move(job), documents);
}

BatchQueue& Batcher::queue_of(const Endpoint& endpoint, Parameters parameters) {
  const auto [found, is_new] = queues_.try_emplace(Key{&endpoint, std::move(parameters)});
  if (is_new) {
    found->second = std::make_unique<BatchQueue>(
        *endpoint.options.batching, *time_,
        BatchQueue::Calls{[this](BatchQueue& queue, BatchQueue::Jobs jobs) { run(queue, std::move(jobs)); },
                          [this](BatchQueue& queue, std::shared_ptr<RequestJob> one) { drop(queue, std::move(one)); }});
    keys_.emplace(found->second.get(), &found->first);
    if (no_waiting_) found->second->stop_waiting();
  }
  return *found->second;
}

void Batcher::run(BatchQueue& queue, BatchQueue::Jobs jobs) {
  waiting_ -= jobs.size();
  const int size = jobs.front()->endpoint().options.batching->preferred_batch_size;
  auto batch = std::make_shared<Batch>(std::move(jobs), size);
  running_.emplace(batch.get(), &queue);
  calls_.run(std::move(batch));
}

void Batcher::finished(const Batch& batch) {
  const auto found = running_.find(&batch);
  BatchQueue& queue = *found->second;
  running_.erase(found);
  queue.finished();
  leave_if_idle(queue);
}

void Batcher::drop(BatchQueue& queue, std::shared_ptr<RequestJob> job) {
  --waiting_;
  leave_if_idle(queue);
  job->fail(cancelled_before_its_turn(job->call().context.cancel_reason()));
  calls_.answered(std::move(job));
}

void Batcher::leave_if_idle(const BatchQueue& queue) {
  if (!queue.idle()) return;
  const auto key = keys_.find(&queue);
  const auto found = queues_.find(*key->second);
  keys_.erase(key);
  queues_.erase(found);
}

void Batcher::stop_waiting() {
  no_waiting_ = true;
  for (const auto& [key, queue] : queues_) queue->stop_waiting();
}

}  // namespace jina

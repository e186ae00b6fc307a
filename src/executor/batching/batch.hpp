// Batch: the requests that left a queue together, and their Documents in slices that a function is called with; what it leaves goes
// back to the requests that the Documents came from.
//
//   batch.begin();
//   while (EndpointCall* call = batch.next()) {
//     ... the endpoint's function with *call; then batch.done(), or batch.failed(why) if one of them throws
//     ... the replies of batch.take_answered() are made: complete them
//   }
//   ... once more take_answered(): of requests that were not worth calling for
//
// Thread: the endpoint's: one at a time, from begin() to the last next(). Lifetime: keeps its requests until they are taken.
// Cancellation: a request that is cancelled takes the Documents out that have not had their turn.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "executor/request_job.hpp"
#include "jina/endpoint.hpp"

namespace jina {

class Batch {
 public:
  using Jobs = std::vector<std::shared_ptr<RequestJob>>;

  /// `jobs` is not empty; all are for one endpoint and have equal parameters.
  Batch(Jobs jobs, int slice_size);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  const Endpoint& endpoint() const noexcept { return endpoint_; }
  std::size_t requests() const noexcept { return jobs_.size(); }

  /// Decodes the requests.
  void begin();
  /// The next slice as a call; null when all Documents had their turn. REQUIRES: done() or failed() for the one before.
  EndpointCall* next();
  /// The function has returned. Throws EndpointError, as if it had been the function, when it left what does not go with batches:
  /// another number of Documents, or Results.
  void done();
  /// All requests with Documents in this slice fail.
  void failed(const EndpointFailure& failure);
  /// Instead of all the above: no request gets its turn.
  void refuse(const Status& status);

  /// Requests whose reply was made since the last time.
  Jobs take_answered() { return std::exchange(answered_, {}); }

 private:
  struct Part {  // of a slice
    std::size_t job;
    std::size_t first;  // of its Documents
    std::size_t count;
  };

  void answer(std::size_t job) { answered_.push_back(std::move(jobs_[job])); }
  void encode(std::size_t job);
  bool at_one_with_documents();

  const Endpoint& endpoint_;
  Jobs jobs_;  // null once answered
  const std::size_t slice_size_;
  Parameters parameters_;   // the same for all
  RequestContext context_;  // of the calls: no client's, so that one who goes away ends nobody else's
  std::optional<EndpointCall> call_;
  std::vector<Part> parts_;  // of the slice that is out
  std::size_t at_ = 0;       // the next Document is jobs_[at_]'s ...
  std::size_t offset_ = 0;   // ... with this number
  Jobs answered_;
};

}  // namespace jina

#include "executor/refusals.hpp"

#include <exception>

namespace jina {

Status cancelled_before_its_turn(CancelReason reason) {
  if (reason == CancelReason::kDeadline) return {StatusCode::kDeadlineExceeded, "Deadline Exceeded"};
  return {StatusCode::kCancelled, "cancelled (" + std::string(to_string(reason)) + ") before the Executor had time for it"};
}

Status executor_is_behind(const std::string& deployment, std::size_t waiting) {
  return {StatusCode::kResourceExhausted, "Executor '" + deployment + "' is behind: " + std::to_string(waiting) +
                                              " requests wait already. Send fewer at a time, or add replicas"};
}

void encode_or_fail(RequestJob& job) {
  try {
    job.encode();
  } catch (const std::exception& error) {
    job.fail(Status{StatusCode::kInternal, std::string("the reply could not be made: ") + error.what()});
  }
}

}  // namespace jina

#include "executor/batching/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "executor/refusals.hpp"

namespace jina {

Batch::Batch(Jobs jobs, int slice_size)
    : endpoint_(jobs.front()->endpoint()), jobs_(std::move(jobs)), slice_size_(static_cast<std::size_t>(std::max(slice_size, 1))) {}

void Batch::begin() {
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    RequestJob& job = *jobs_[i];
    if (job.cancelled()) continue;  // next() answers it
    job.begin();
    if (!job.decode()) {
      answer(i);
    } else if (job.call().docs.empty()) {
      encode(i);
    } else if (parameters_.empty()) {
      parameters_ = job.call().parameters;
    }
  }
}

// Goes to the next Document that is to be worked on; false when there is none.
bool Batch::at_one_with_documents() {
  for (; at_ < jobs_.size(); ++at_, offset_ = 0) {
    if (jobs_[at_] == nullptr) continue;
    RequestJob& job = *jobs_[at_];
    if (offset_ > 0 && offset_ == job.call().docs.size()) continue;  // all of it is in a slice
    if (!job.cancelled()) return true;
    job.fail(cancelled_before_its_turn(job.call().context.cancel_reason()));
    answer(at_);
  }
  return false;
}

EndpointCall* Batch::next() {
  parts_.clear();
  DocumentArray docs;
  while (docs.size() < slice_size_ && at_one_with_documents()) {
    DocumentArray& from = jobs_[at_]->call().docs;
    const std::size_t count = std::min(slice_size_ - docs.size(), from.size() - offset_);
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(offset_);
    docs.insert(docs.end(), std::make_move_iterator(begin), std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count)));
    parts_.push_back({at_, offset_, count});
    offset_ += count;
  }
  if (parts_.empty()) return nullptr;
  context_.trace = jobs_[parts_.front().job]->call().context.trace;
  call_.reset();
  call_.emplace(EndpointCall{std::move(docs), parameters_, context_});
  return &*call_;
}

void Batch::done() {
  std::size_t count = 0;
  for (const Part& part : parts_) count += part.count;
  if (call_->results)
    throw EndpointError("TypeError", {"with dynamic batching an endpoint returns Documents or nothing; it returned Results"});
  if (call_->docs.size() != count)
    throw EndpointError("ValueError",
                        {fmt::format("with dynamic batching an endpoint leaves as many Documents as it got; it got {} and left {}",
                                     count, call_->docs.size())});
  auto from = call_->docs.begin();
  for (const Part& part : parts_) {
    DocumentArray& docs = jobs_[part.job]->call().docs;
    const auto end = from + static_cast<std::ptrdiff_t>(part.count);
    std::move(from, end, docs.begin() + static_cast<std::ptrdiff_t>(part.first));
    from = end;
    if (part.first + part.count == docs.size()) encode(part.job);
  }
}

void Batch::failed(const EndpointFailure& failure) {
  for (const Part& part : parts_) {
    jobs_[part.job]->fail(failure);
    answer(part.job);
  }
}

void Batch::refuse(const Status& status) {
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    jobs_[i]->fail(status);
    answer(i);
  }
}

void Batch::encode(std::size_t job) {
  encode_or_fail(*jobs_[job]);
  answer(job);
}

}  // namespace jina

#include "jina/request_context.hpp"

#include <spdlog/spdlog.h>

namespace jina {

std::string_view to_string(CancelReason reason) noexcept {
  switch (reason) {
    case CancelReason::kNone: return "none";
    case CancelReason::kClient: return "client";
    case CancelReason::kDeadline: return "deadline";
    case CancelReason::kShutdown: return "shutdown";
    case CancelReason::kSiblingFailed: return "sibling failed";
    case CancelReason::kOverload: return "overload";
  }
  return "unknown";
}

namespace {

// One that throws keeps neither the others from running nor the caller, a connection mostly, from what it was at.
void run(const RequestContext::CancelCallback& callback, CancelReason reason) {
  try {
    callback(reason);
  } catch (const std::exception& error) {
    spdlog::error("a callback of RequestContext::on_cancel() threw: {}", error.what());
  } catch (...) {
    spdlog::error("a callback of RequestContext::on_cancel() threw something that is no std::exception");
  }
}

}  // namespace

void RequestContext::cancel(CancelReason reason) {
  if (cancelled()) return;
  reason_.store(reason, std::memory_order_relaxed);
  bool destroyed = false;
  destroyed_ = &destroyed;
  // A callback may take other registrations back, or its own: no iterator is held across the call.
  while (!callbacks_.empty()) {
    done_.splice(done_.end(), callbacks_, callbacks_.begin());
    const CancelCallback callback = std::move(done_.back());
    if (callback) run(callback, reason);
    if (destroyed) return;
  }
  destroyed_ = nullptr;
}

RequestContext::Registration RequestContext::on_cancel(CancelCallback callback) {
  Registration registration;
  if (cancelled()) {
    callback(cancel_reason());
    return registration;
  }
  callbacks_.push_back(std::move(callback));
  registration.context_ = this;
  registration.entry_ = std::prev(callbacks_.end());
  return registration;
}

void RequestContext::Registration::reset() noexcept {
  if (context_ == nullptr) return;
  // While cancel() runs, the entry may sit in either list: empty it and leave it to the context.
  if (context_->cancelled()) {
    *entry_ = nullptr;
  } else {
    context_->callbacks_.erase(entry_);
  }
  context_ = nullptr;
}

}  // namespace jina

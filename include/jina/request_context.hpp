// RequestContext: what travels with every request from the socket to the Executors: deadline, cancellation with its reason,
// the metadata (headers) that the client sent, and its place in a trace.
//
// Thread: belongs to the I/O thread of the request; only cancelled() may be read from elsewhere.
// Lifetime: owned by the server for as long as the request runs; handlers take it by reference and must not keep it.
// Cancellation: cancel() runs the registered callbacks once, in order of registration, on the calling (request's) thread.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jina/tracing.hpp"

namespace jina {

/// Header fields or gRPC metadata, in order; names are lower case. Values of names ending in "-bin" are raw bytes here
/// (base64 on the wire).
using Metadata = std::vector<std::pair<std::string, std::string>>;

/// The first value of `name`, or nullptr.
inline const std::string* find_value(const Metadata& metadata, std::string_view name) noexcept {
  for (const auto& [key, value] : metadata)
    if (key == name) return &value;
  return nullptr;
}

using SteadyTime = std::chrono::steady_clock::time_point;

enum class CancelReason : std::uint8_t {
  kNone,
  kClient,         ///< the client reset its stream or went away
  kDeadline,       ///< the client's deadline passed
  kShutdown,       ///< the server stops and its grace time is over
  kSiblingFailed,  ///< another branch of the same request failed, nobody needs this one any more
  kOverload,       ///< a bounded queue was full
};
std::string_view to_string(CancelReason reason) noexcept;

class RequestContext {
 public:
  RequestContext() = default;
  ~RequestContext() {
    if (destroyed_ != nullptr) *destroyed_ = true;
  }
  RequestContext(const RequestContext&) = delete;
  RequestContext& operator=(const RequestContext&) = delete;

  /// When the client stops waiting; empty when it named no deadline. A time point here, a duration on the wire.
  std::optional<SteadyTime> deadline;
  /// What the client sent as gRPC metadata or HTTP header fields.
  Metadata metadata;
  /// Address of the client, "127.0.0.1:51234"; empty when the request was made in this process.
  std::string peer;
  /// The parent for spans of what is done for this request, and what Executors are told: the server's span; while tracing is off,
  /// what the client sent, so that the ends of a trace meet across a gateway that records nothing. Not valid when there is neither.
  TraceContext trace;
  /// Pattern of the HTTP route that serves it, "/items/{id}"; empty elsewhere. Of the app's lifetime.
  std::string_view route;

  bool cancelled() const noexcept { return reason_.load(std::memory_order_relaxed) != CancelReason::kNone; }
  CancelReason cancel_reason() const noexcept { return reason_.load(std::memory_order_relaxed); }

  /// Cancels the request; later calls are ignored. A callback may end the request, and this context with it.
  void cancel(CancelReason reason);

  using CancelCallback = std::function<void(CancelReason)>;
  /// Takes its callback back when destroyed. Destroy before the context.
  class Registration {
   public:
    Registration() = default;
    Registration(Registration&& other) noexcept : context_(std::exchange(other.context_, nullptr)), entry_(other.entry_) {}
    Registration& operator=(Registration&& other) noexcept {
      reset();
      context_ = std::exchange(other.context_, nullptr);
      entry_ = other.entry_;
      return *this;
    }
    ~Registration() { reset(); }
    void reset() noexcept;

   private:
    friend class RequestContext;
    RequestContext* context_ = nullptr;
    std::list<CancelCallback>::iterator entry_;
  };
  /// Runs `callback` on cancel(); at once when already cancelled.
  [[nodiscard]] Registration on_cancel(CancelCallback callback);

 private:
  std::atomic<CancelReason> reason_{CancelReason::kNone};
  std::list<CancelCallback> callbacks_;
  std::list<CancelCallback> done_;  // keeps the entries of callbacks that ran, so that their Registrations stay valid
  bool* destroyed_ = nullptr;       // of the cancel() that runs
};

}  // namespace jina

// Clock: where time comes from, so that tests can set it.
//
// Thread: real() may be used by any thread; a ManualClock by one. Lifetime: outlives its users. Cancellation: none.
#pragma once
#include <chrono>
#include <cstdint>

#include "jina/request_context.hpp"

namespace jina {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Nanoseconds since the Unix epoch, for what people and routes see.
  virtual std::int64_t system_ns() const = 0;
  /// For deadlines: never jumps.
  virtual SteadyTime steady_now() const = 0;

  /// The machine's clock.
  static const Clock& real() noexcept;
};

/// Stands still until told otherwise.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t system_ns = 1'000'000'000) : system_ns_(system_ns) {}
  std::int64_t system_ns() const override { return system_ns_; }
  SteadyTime steady_now() const override { return steady_; }
  void advance(std::chrono::nanoseconds step) {
    system_ns_ += step.count();
    steady_ += std::chrono::duration_cast<SteadyTime::duration>(step);
  }

 private:
  std::int64_t system_ns_;
  SteadyTime steady_{std::chrono::hours(1)};
};

}  // namespace jina

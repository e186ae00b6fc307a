// Counter, Gauge, Summary: the numbers behind metrics. They are found once, by name, in a Registry; counting is an atomic addition.
//
// Thread: any. Lifetime: the registry's. Cancellation: none.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>

namespace jina::metrics {

/// Only grows.
class Counter {
 public:
  void add(double amount = 1) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
  double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Goes up and down.
class Gauge {
 public:
  void add(double amount) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// How many observations there were, and their sum: as Jina's, without quantiles.
class Summary {
 public:
  void observe(double value) noexcept {
    sum_.fetch_add(value, std::memory_order_relaxed);
    count_.fetch_add(1, std::memory_order_relaxed);
  }
  void observe_since(std::chrono::steady_clock::time_point start) noexcept {
    observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::uint64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }
  double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> count_{0};
  std::atomic<double> sum_{0};
};

/// Observes the time from its beginning to stop(); does nothing when `summary` is null.
class Stopwatch {
 public:
  explicit Stopwatch(Summary* summary) noexcept : summary_(summary) {
    if (summary != nullptr) start_ = std::chrono::steady_clock::now();
  }
  void stop() const noexcept {
    if (summary_ != nullptr) summary_->observe_since(start_);
  }

 private:
  Summary* summary_;
  std::chrono::steady_clock::time_point start_{};
};

/// The same to the end of a block.
class Timer {
 public:
  explicit Timer(Summary* summary) noexcept : watch_(summary) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { watch_.stop(); }

 private:
  Stopwatch watch_;
};

}  // namespace jina::metrics

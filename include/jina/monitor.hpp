// Monitor: measures how long a part of an Executor's work takes.
//
//   const auto timer = monitor("preprocess_seconds");   // in a function of an Executor; measured when it goes out of scope
//
// With --monitoring the times become the metric jina_<name>, without it the log has them at level debug.
//
// Thread: a Monitor belongs to one thread; sinks are called from any. Lifetime: keeps its sink. Cancellation: none.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace jina {

/// Where times go.
class MonitorSink {
 public:
  virtual ~MonitorSink() = default;
  virtual void observe(std::string_view name, std::chrono::duration<double> seconds) = 0;
};

class Monitor {
 public:
  Monitor(std::string_view name, std::shared_ptr<MonitorSink> sink) : sink_(std::move(sink)) {
    if (!sink_) return;
    name_ = std::string(name);
    start_ = std::chrono::steady_clock::now();
  }
  Monitor(Monitor&&) noexcept = default;
  Monitor& operator=(Monitor&&) = delete;
  ~Monitor() {
    if (sink_) sink_->observe(name_, std::chrono::steady_clock::now() - start_);
  }

 private:
  std::shared_ptr<MonitorSink> sink_;
  std::string name_;
  std::chrono::steady_clock::time_point start_{};
};

}  // namespace jina

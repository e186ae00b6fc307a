// Metrics: numbers of your own, beside those that the runtime counts (docs/monitoring.md).
//
//   MyGateway() : hits_(metrics().counter("cache_hits", "Answers that were in the cache")) {}
//   ...
//   hits_.add();
//
// Without --monitoring they are empty and nothing is counted.
//
// Thread: any; asking for a metric takes a lock, so keep it. Lifetime: keep the numbers alive. Cancellation: none.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jina {

namespace metrics {
class Registry;
class Counter;
class Gauge;
class Summary;
}  // namespace metrics

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// Only grows; Prometheus sees its name with _total behind.
class MetricCounter {
 public:
  MetricCounter() = default;
  explicit MetricCounter(std::shared_ptr<metrics::Counter> cell) : cell_(std::move(cell)) {}
  void add(double amount = 1) const noexcept;

 private:
  std::shared_ptr<metrics::Counter> cell_;
};

/// Goes up and down.
class MetricGauge {
 public:
  MetricGauge() = default;
  explicit MetricGauge(std::shared_ptr<metrics::Gauge> cell) : cell_(std::move(cell)) {}
  void add(double amount) const noexcept;
  void set(double value) const noexcept;

 private:
  std::shared_ptr<metrics::Gauge> cell_;
};

/// How many observations there were, and their sum.
class MetricSummary {
 public:
  MetricSummary() = default;
  explicit MetricSummary(std::shared_ptr<metrics::Summary> cell) : cell_(std::move(cell)) {}
  void observe(double value) const noexcept;
  void observe(std::chrono::duration<double> time) const noexcept { observe(time.count()); }

 private:
  std::shared_ptr<metrics::Summary> cell_;
};

class Metrics {
 public:
  /// Empty: monitoring is off.
  explicit Metrics(std::shared_ptr<metrics::Registry> registry = nullptr) : registry_(std::move(registry)) {}

  bool enabled() const noexcept { return registry_ != nullptr; }
  /// The metric of that name and those labels, made when there is none. Throws std::invalid_argument when the name is that of a
  /// metric of another kind.
  MetricCounter counter(std::string_view name, std::string_view help, const MetricLabels& labels = {}) const;
  MetricGauge gauge(std::string_view name, std::string_view help, const MetricLabels& labels = {}) const;
  MetricSummary summary(std::string_view name, std::string_view help, const MetricLabels& labels = {}) const;

 private:
  std::shared_ptr<metrics::Registry> registry_;
};

}  // namespace jina

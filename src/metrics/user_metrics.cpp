#include "jina/metrics.hpp"
#include "metrics/registry.hpp"

namespace jina {

void MetricCounter::add(double amount) const noexcept {
  if (cell_) cell_->add(amount);
}

void MetricGauge::add(double amount) const noexcept {
  if (cell_) cell_->add(amount);
}

void MetricGauge::set(double value) const noexcept {
  if (cell_) cell_->set(value);
}

void MetricSummary::observe(double value) const noexcept {
  if (cell_) cell_->observe(value);
}

MetricCounter Metrics::counter(std::string_view name, std::string_view help, const MetricLabels& labels) const {
  if (!registry_) return {};
  return MetricCounter({registry_, &registry_->counter(name, help, labels)});
}

MetricGauge Metrics::gauge(std::string_view name, std::string_view help, const MetricLabels& labels) const {
  if (!registry_) return {};
  return MetricGauge({registry_, &registry_->gauge(name, help, labels)});
}

MetricSummary Metrics::summary(std::string_view name, std::string_view help, const MetricLabels& labels) const {
  if (!registry_) return {};
  return MetricSummary({registry_, &registry_->summary(name, help, labels)});
}

}  // namespace jina

#include "metrics/registry.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <sstream>
#include <stdexcept>

namespace jina::metrics {
namespace {

double now_seconds() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string valid_name(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':')) c = '_';
  if (out.empty() || (out.front() >= '0' && out.front() <= '9')) out.insert(out.begin(), '_');
  return out;
}

std::string valid_label(std::string_view name) {
  std::string out = valid_name(name);
  std::replace(out.begin(), out.end(), ':', '_');
  return out;
}

// The text format has help on one line; the library writes it as it is.
std::string one_line(std::string_view help) {
  std::string out;
  for (const char c : help) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

struct Series {
  explicit Series(const Labels& with) : labels(with) {}
  Labels labels;
  double created = now_seconds();
  Counter counter{};
  Gauge gauge{};
  Summary summary{};
};

struct Family {
  Kind kind;
  std::string name;
  std::string help;
  std::string old_name{};
  std::deque<Series> series{};
};

std::string text_name(const Family& family) { return family.kind == Kind::kCounter ? family.name + "_total" : family.name; }

prometheus::ClientMetric with_labels(const Series& series) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : series.labels) metric.label.push_back({valid_label(name), value});
  return metric;
}

class Exposition {
 public:
  explicit Exposition(const std::vector<std::string>& names) : names_(names) {}

  void add(const Family& family) {
    add_values(family, text_name(family));
    if (family.kind == Kind::kGauge) return;
    add_created(family, family.name);
    if (family.old_name.empty()) return;
    add_values(family, family.old_name);
    add_created(family, family.old_name);
  }

  std::string text() const {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families_);
    return std::move(out).str();
  }

 private:
  bool wanted(const std::string& name) const {
    return names_.empty() || std::find(names_.begin(), names_.end(), name) != names_.end();
  }

  void add_values(const Family& family, const std::string& name) {
    if (!wanted(name)) return;
    prometheus::MetricFamily out{.name = name, .help = family.help, .type = {}, .metric = {}};
    for (const Series& series : family.series) {
      prometheus::ClientMetric metric = with_labels(series);
      switch (family.kind) {
        case Kind::kCounter: metric.counter.value = series.counter.value(); break;
        case Kind::kGauge: metric.gauge.value = series.gauge.value(); break;
        case Kind::kSummary:
          metric.summary.sample_count = series.summary.count();
          metric.summary.sample_sum = series.summary.sum();
          break;
      }
      out.metric.push_back(std::move(metric));
    }
    switch (family.kind) {
      case Kind::kCounter: out.type = prometheus::MetricType::Counter; break;
      case Kind::kGauge: out.type = prometheus::MetricType::Gauge; break;
      case Kind::kSummary: out.type = prometheus::MetricType::Summary; break;
    }
    families_.push_back(std::move(out));
  }

  void add_created(const Family& family, const std::string& base) {
    const std::string name = base + "_created";
    if (family.series.empty() || !wanted(name)) return;
    prometheus::MetricFamily out{.name = name, .help = family.help, .type = prometheus::MetricType::Gauge, .metric = {}};
    for (const Series& series : family.series) {
      prometheus::ClientMetric metric = with_labels(series);
      metric.gauge.value = series.created;
      out.metric.push_back(std::move(metric));
    }
    families_.push_back(std::move(out));
  }

  const std::vector<std::string>& names_;
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace

struct Registry::Impl {
  // REQUIRES: mutex is held.
  Family& family(Kind kind, std::string_view given, std::string_view help) {
    const std::string name = valid_name(given);
    const auto found = std::find_if(families.begin(), families.end(), [&](const Family& each) { return each.name == name; });
    if (found == families.end()) return families.emplace_back(Family{.kind = kind, .name = name, .help = one_line(help)});
    if (found->kind != kind)
      throw std::invalid_argument("the metric " + name + " is a " + std::string(to_string(found->kind)) + " and can not be a " +
                                  std::string(to_string(kind)) + " too; choose another name");
    return *found;
  }

  Series& series(Kind kind, std::string_view name, std::string_view help, const Labels& labels) {
    const std::lock_guard lock(mutex);
    Family& in = family(kind, name, help);
    const auto found = std::find_if(in.series.begin(), in.series.end(), [&](const Series& each) { return each.labels == labels; });
    return found == in.series.end() ? in.series.emplace_back(labels) : *found;
  }

  mutable std::mutex mutex;
  std::deque<Family> families;
};

std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::kCounter: return "counter";
    case Kind::kGauge: return "gauge";
    case Kind::kSummary: return "summary";
  }
  return "";
}

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

Counter& Registry::counter(std::string_view name, std::string_view help, const Labels& labels) {
  return impl_->series(Kind::kCounter, name, help, labels).counter;
}
Gauge& Registry::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  return impl_->series(Kind::kGauge, name, help, labels).gauge;
}
Summary& Registry::summary(std::string_view name, std::string_view help, const Labels& labels) {
  return impl_->series(Kind::kSummary, name, help, labels).summary;
}

void Registry::declare(Kind kind, std::string_view name, std::string_view help) {
  const std::lock_guard lock(impl_->mutex);
  impl_->family(kind, name, help);
}

void Registry::alias(std::string_view name, std::string_view old_name) {
  const std::lock_guard lock(impl_->mutex);
  impl_->family(Kind::kSummary, name, {}).old_name = valid_name(old_name);
}

std::string Registry::text(const std::vector<std::string>& names) const {
  Exposition exposition(names);
  {
    const std::lock_guard lock(impl_->mutex);
    for (const Family& family : impl_->families) exposition.add(family);
  }
  return exposition.text();
}

std::vector<Description> Registry::describe() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<Description> out;
  for (const Family& family : impl_->families) out.push_back({text_name(family), family.kind, family.help, family.series.size()});
  return out;
}

}  // namespace jina::metrics

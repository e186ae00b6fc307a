// Registry: the metrics of a process by name and labels, and their text as Prometheus reads it.
//
// The text is that of Jina's prometheus_client: counters end in _total, counters and summaries have a gauge _created beside them.
//
// Thread: any; asking for a metric takes a lock, so whoever counts keeps the reference. Lifetime: owns all metrics; references are
// good as long as it lives. Cancellation: none.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/cells.hpp"

namespace jina::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

enum class Kind : std::uint8_t { kCounter, kGauge, kSummary };
std::string_view to_string(Kind kind) noexcept;

/// A metric as people read it.
struct Description {
  std::string name;  ///< as in the text: "jina_failed_requests_total"
  Kind kind = Kind::kGauge;
  std::string help;
  std::size_t series = 0;  ///< how many label sets it has
};

class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// The metric of that name and those labels, made when there is none. `help` counts the first time. Characters that a name can
  /// not have become '_'. Throws std::invalid_argument when the name is that of a metric of another kind. A counter's name is given
  /// without _total.
  Counter& counter(std::string_view name, std::string_view help, const Labels& labels);
  Gauge& gauge(std::string_view name, std::string_view help, const Labels& labels);
  Summary& summary(std::string_view name, std::string_view help, const Labels& labels);
  /// So that a metric that has no labels yet is in the text, in its place.
  void declare(Kind kind, std::string_view name, std::string_view help);
  /// The summary is in the text under an older name too.
  void alias(std::string_view name, std::string_view old_name);

  /// In the order in which they were made; with `names`, only samples whose family has one of these.
  std::string text(const std::vector<std::string>& names = {}) const;
  std::vector<Description> describe() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::metrics

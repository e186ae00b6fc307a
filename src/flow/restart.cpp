#include "flow/restart.hpp"

#include <algorithm>

namespace jina::flow {

using std::chrono::milliseconds;

std::optional<RestartPolicy> parse_restart_policy(std::string_view word) {
  if (word == "never") return RestartPolicy::kNever;
  if (word == "on-failure") return RestartPolicy::kOnFailure;
  return std::nullopt;
}

std::optional<milliseconds> RestartBackoff::next(Time now) {
  while (!recent_.empty() && now - recent_.front() > limits_.window) recent_.pop_front();
  if (limits_.most > 0 && recent_.size() >= static_cast<std::size_t>(limits_.most)) return std::nullopt;
  if (ready_since_ && now - *ready_since_ >= limits_.stable) in_a_row_ = 0;
  ready_since_.reset();
  recent_.push_back(now);
  ++count_;
  const int before = in_a_row_++;
  if (before == 0) return milliseconds(0);
  double pause = static_cast<double>(limits_.first_pause.count());
  const auto longest = static_cast<double>(limits_.longest_pause.count());
  for (int i = 1; i < before && pause < longest; ++i) pause *= 2;
  std::uniform_real_distribution<double> around(1 - limits_.jitter, 1 + limits_.jitter);
  return milliseconds(static_cast<std::int64_t>(std::min(pause, longest) * around(random_)));
}

}  // namespace jina::flow

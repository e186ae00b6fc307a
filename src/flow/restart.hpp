// RestartBackoff: whether and when a process that ended is started again: at once the first time, then after growing pauses, and
// not for ever.
//
// Thread: one. Lifetime: one per process of a plan. Cancellation: none.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string_view>

namespace jina::flow {

/// What happens when a process ends although nobody asked it to, whatever its exit code. Before the Flow was ready once, its start
/// fails in either case.
enum class RestartPolicy : std::uint8_t { kNever, kOnFailure };

/// "never", "on-failure"; nothing for other words.
std::optional<RestartPolicy> parse_restart_policy(std::string_view word);

struct RestartLimits {
  std::chrono::milliseconds first_pause{500};  ///< before the second restart; the first comes at once
  std::chrono::milliseconds longest_pause{30'000};
  double jitter = 0.2;                       ///< so that processes that died together do not come back together
  std::chrono::milliseconds stable{10'000};  ///< ready for so long: the next restart is at once again
  int most = 10;                             ///< restarts within `window`; 0: without limit
  std::chrono::milliseconds window{5 * 60'000};
};

class RestartBackoff {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit RestartBackoff(RestartLimits limits, std::uint32_t seed = std::random_device{}()) : limits_(limits), random_(seed) {}

  /// The process answered at `now`.
  void ready(Time now) noexcept { ready_since_ = now; }
  /// The pause before it is started again after it ended at `now`; nothing when it has been started too often.
  std::optional<std::chrono::milliseconds> next(Time now);
  /// Restarts so far.
  int count() const noexcept { return count_; }

 private:
  RestartLimits limits_;
  std::minstd_rand random_;
  std::deque<Time> recent_{};  // within the window
  std::optional<Time> ready_since_{};
  int in_a_row_ = 0;
  int count_ = 0;
};

}  // namespace jina::flow

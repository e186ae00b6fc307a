#include "base/clock.hpp"

namespace jina {

namespace {
class RealClock final : public Clock {
 public:
  std::int64_t system_ns() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  }
  SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
};
}  // namespace

const Clock& Clock::real() noexcept {
  static const RealClock clock;
  return clock;
}

}  // namespace jina

// PodProgress: how far a process of a Flow is, for a display.
//
// Thread: plain value. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace jina::flow {

enum class PodPhase : std::uint8_t {
  kStarting,   ///< the process is there, its port is not
  kCompiling,  ///< its module
  kLoading,    ///< it answers or writes, but does not say that it is ready
  kReady,
  kPausing,  ///< it ended and is started again after a pause
  kEnded,    ///< and will not be started again
};

struct PodProgress {
  std::string name;
  PodPhase phase = PodPhase::kStarting;
  std::string detail{};                             ///< why it is not ready: the last answer, what is compiled
  std::chrono::steady_clock::time_point since{};    ///< of this start
  std::optional<std::chrono::milliseconds> took{};  ///< from its start until it was ready
  int restarts = 0;
};

}  // namespace jina::flow

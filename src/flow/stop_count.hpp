// StopCount: which of the signals that ask for an end is a second one, and which only the echo of the first.
//
// `timeout`, some shells and some service managers send one signal to the process and to its group, so that it arrives twice; and a
// closed terminal sends several kinds of them. Nobody who asks twice does so within kEcho: even a double Ctrl-C in a hurry is two
// decisions, made after looking at what the first one did. Those echoes arrive within a millisecond; the rest of kEcho is for a
// machine that is too busy to run this process between them.
//
// Thread: one. Lifetime: plain value. Cancellation: none.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

namespace jina::flow {

class StopCount {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kEcho{300};

  enum class Meaning : std::uint8_t { kFirst, kEcho, kAgain };

  explicit StopCount(std::chrono::milliseconds echo = kEcho) noexcept : echo_(echo) {}

  Meaning take(Time now) noexcept {
    if (!first_) {
      first_ = now;
      return Meaning::kFirst;
    }
    return now - *first_ < echo_ ? Meaning::kEcho : Meaning::kAgain;
  }

 private:
  std::chrono::milliseconds echo_;
  std::optional<Time> first_{};
};

}  // namespace jina::flow

// Supervisor: the process that runs a Flow for a program: it starts, watches and stops the others, and tells the program over a
// pipe what became of it.
//
// Thread: the main thread of the program, which has no other one when it is started: a fork has only the thread that made it.
// Lifetime: the destructor stops it. Cancellation: stop().
#pragma once
#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "flow/launch_plan.hpp"
#include "flow/restart.hpp"
#include "jina/status.hpp"

namespace jina::flow_api {

/// How a Flow failed.
struct Failure {
  std::string sentence{};
  std::vector<std::string> last_errors{};
};

class Supervisor {
 public:
  Supervisor() = default;
  ~Supervisor() { stop(); }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// FAILED_PRECONDITION when this process has several threads.
  static Status check_single_thread();

  /// Forks it. `quiet`: what the processes print is not printed.
  Status start(flow::LaunchPlan plan, bool quiet, flow::RestartPolicy restart);
  /// Waits until the Flow is ready.
  std::optional<Failure> wait_until_ready();
  /// How it failed, if it did by now. Waits for that for `wait`, or for ever when negative; `wake` ends the wait when it is
  /// readable.
  std::optional<Failure> failure(int wait_ms, int wake = -1);
  /// Waits until everything is stopped.
  void stop() noexcept;
  bool running() const noexcept { return pid_ > 0 && !failure_; }

 private:
  enum class Event : std::uint8_t { kNone, kReady, kFailed, kEnd };
  Event read_event(int wait_ms, int wake);
  [[noreturn]] static void run(flow::LaunchPlan plan, bool quiet, flow::RestartPolicy restart, int events, pid_t parent);

  pid_t pid_ = -1;
  int events_ = -1;
  std::string partial_{};
  std::optional<Failure> failure_{};
};

}  // namespace jina::flow_api

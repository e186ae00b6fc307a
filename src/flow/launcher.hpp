// Launcher: starts the processes of a LaunchPlan, waits until each says that it is ready, watches them, and stops them in order:
// the gateway first, which drains what runs, then the Executors.
//
// Thread: the one that calls run(), which must be the process's main thread (child processes are tied to it).
// Lifetime: run() returns when every process is gone. Cancellation: SIGINT and SIGTERM stop the Flow; a second one kills it.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "flow/launch_plan.hpp"

namespace jina::flow {

struct LauncherOptions {
  std::chrono::milliseconds gateway_grace{15'000};  ///< to finish what runs, then it is killed
  std::chrono::milliseconds executor_grace{10'000};
};

/// What the launcher tells its owner; called on its thread.
struct LauncherEvents {
  /// A line that a process wrote. `error`: on its error output.
  std::function<void(const std::string& pod, bool error, std::string_view line)> on_output = [](auto&&...) {};
  /// Something to tell the user ("waiting for upper/rep-0: ...").
  std::function<void(const std::string&)> on_note = [](auto&&...) {};
  /// A process failed: the sentence, and the last lines of its error output.
  std::function<void(const std::string& sentence, const std::vector<std::string>& last_errors)> on_failure = [](auto&&...) {};
  /// All are ready.
  std::function<void()> on_ready = [] {};
};

class Launcher {
 public:
  Launcher(LaunchPlan plan, LauncherEvents events, LauncherOptions options = {});
  ~Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  /// Runs the Flow until it is stopped. True when it became ready and was stopped by a signal or request_stop(); false after a
  /// failure.
  bool run();
  /// Stops the Flow as SIGTERM does. To be called from the launcher's callbacks.
  void request_stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::flow

// Launcher: starts the processes of a LaunchPlan, waits until each says that it is ready, watches them, starts again those that end
// by themselves, and stops them in order: the gateway first, which drains what runs, then the Executors.
//
// A process that fails before the Flow was ready once ends the start. After that it is started again, at once and then with growing
// pauses, on the same port; one that fails too often ends the Flow.
//
// Thread: the one that calls run(), which must be the process's main thread (child processes are tied to it); it should be the only
// one when the plan has forked functions. Lifetime: run() returns when every process is gone. Cancellation: SIGINT and SIGTERM stop
// the Flow; a second one that is not the echo of the first (StopCount) kills it.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "flow/crash_report.hpp"
#include "flow/launch_plan.hpp"
#include "flow/pod_progress.hpp"
#include "flow/restart.hpp"
#include "flow/stop_count.hpp"

namespace jina::flow {

struct LauncherOptions {
  std::chrono::milliseconds gateway_grace{15'000};  ///< to finish what runs, then it is killed
  std::chrono::milliseconds executor_grace{10'000};
  RestartPolicy restart = RestartPolicy::kOnFailure;  ///< for pods that do not say it
  RestartLimits restart_limits{};
  std::filesystem::path report_folder{};                     ///< for crash reports; empty: none are written
  std::chrono::milliseconds tick{100};                       ///< between two on_progress while something is not ready
  std::chrono::milliseconds naming_limit{2'000};             ///< for addr2line to name the frames of a crash
  std::chrono::milliseconds signal_echo = StopCount::kEcho;  ///< a signal so soon after the first is the same one
};

/// What the launcher tells its owner; called on its thread.
struct LauncherEvents {
  /// A line that a process wrote. `error`: on its error output.
  std::function<void(const std::string& pod, bool error, std::string_view line)> on_output = [](auto&&...) {};
  /// Something to tell the user ("SIGTERM: stopping").
  std::function<void(const std::string&)> on_note = [](auto&&...) {};
  /// The state of all processes, after each change, and every `tick` until all are ready.
  std::function<void(const std::vector<PodProgress>&)> on_progress = [](auto&&...) {};
  /// A process failed; `report.next` says what happens now.
  std::function<void(const CrashReport& report)> on_crash = [](auto&&...) {};
  /// The Flow failed, and is stopped.
  std::function<void(const CrashReport& report)> on_failure = [](auto&&...) {};
  /// SIGHUP, for an owner who may want request_reload() then; without it the signal stops the Flow.
  std::function<void()> on_hangup{};
  /// All are ready, for the first time.
  std::function<void()> on_ready = [] {};
};

/// How run() ended.
enum class FlowEnd : std::uint8_t {
  kStopped,  ///< by a signal or request_stop(), after it was ready
  kEarly,    ///< the same before it was ready
  kKilled,   ///< by a second signal
  kReload,   ///< by request_reload()
  kFailed,
};

class Launcher {
 public:
  Launcher(LaunchPlan plan, LauncherEvents events, LauncherOptions options = {});
  ~Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  /// Runs the Flow until it is stopped. True for kStopped and kReload.
  bool run();
  FlowEnd end() const noexcept;
  /// The signal that stopped it; 0: none did.
  int stop_signal() const noexcept;

  /// Stops the Flow as SIGTERM does. To be called from the launcher's callbacks, or by what runs on its io().
  void request_stop();
  /// The same, for somebody who starts it again: end() is kReload.
  void request_reload(const std::string& why);
  /// For work beside it, which must not keep it from returning.
  boost::asio::io_context& io() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::flow

// Pod: one process of a Flow with what is known about it: started, asked whether it is ready, started again.
//
// Thread: the launcher's. Lifetime: outlives its coroutines; the destructor kills the process. Cancellation: stop().
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "flow/backtrace_lines.hpp"
#include "flow/crash_report.hpp"
#include "flow/launch_plan.hpp"
#include "flow/pod_progress.hpp"
#include "flow/process.hpp"
#include "flow/python_output.hpp"
#include "flow/restart.hpp"
#include "jina/task.hpp"

namespace jina::flow {

class Pod {
 public:
  using Clock = std::chrono::steady_clock;
  using OnLine = std::function<void(Pod&, bool error, std::string_view line)>;
  /// `changed` runs after each change of phase and at the end of the process.
  Pod(boost::asio::io_context& io, PodPlan plan, const RestartLimits& limits, OnLine on_line, std::function<void(Pod&)> changed);

  const PodPlan& plan() const noexcept { return plan_; }
  const std::string& name() const noexcept { return plan_.name; }
  bool running() const noexcept { return process_ && !process_->state().exited; }
  bool ready() const noexcept { return progress_.phase == PodPhase::kReady; }
  bool stopping() const noexcept { return stopping_; }
  const PodProgress& progress() const noexcept { return progress_; }
  RestartBackoff& backoff() noexcept { return backoff_; }

  /// Starts the process, for the first time or again.
  Status start();
  /// Asks, with growing pauses, until it is ready, ended, is told to stop, or its time is over: then late() is true.
  Task<void> wait_until_ready();
  Task<void> wait_until_ended();
  /// Until `pause` is over or it is told to stop; it counts as pausing meanwhile.
  Task<void> pause(std::chrono::milliseconds pause);
  bool late() const noexcept { return late_; }

  /// SIGTERM; from now on its end is no failure and it is not started again.
  void stop();
  /// SIGKILL to its group, and the same.
  void kill();
  /// SIGKILL because it is late: its end is a failure.
  void kill_late();
  /// It will not be started again.
  void give_up();

  /// What is to be said about its end; without the backtrace.
  CrashReport report() const;
  /// Where it was, for named_frames().
  const std::vector<std::string>& frames() const noexcept { return backtrace_.frames(); }

  /// From now on its lines are kept, until release(): something about its last life has to be said before them.
  void hold();
  void release();
  /// Until nothing is kept.
  Task<void> wait_until_released();

 private:
  Task<void> ask();
  void take_line(Process::Stream stream, std::string_view line);
  void show(bool error, std::string_view line);
  void set_phase(PodPhase phase, std::string detail = {});
  Task<void> wait(Clock::time_point until);
  void wake();

  boost::asio::io_context& io_;
  PodPlan plan_;
  RestartBackoff backoff_;
  OnLine on_line_;
  std::function<void(Pod&)> changed_;
  boost::asio::steady_timer wake_up_;
  PodProgress progress_;
  std::unique_ptr<Process> process_{};
  std::deque<std::string> last_errors_{};
  BacktraceLines backtrace_{};
  std::optional<std::vector<std::pair<bool, std::string>>> held_{};
  PythonOutput python_output_{};
  std::string does_not_compile_{};  // the module
  std::string last_answer_ = "not asked yet";
  std::uint64_t oom_kills_ = 0;
  std::chrono::milliseconds uptime_{0};
  bool stopping_ = false;
  bool late_ = false;
};

}  // namespace jina::flow

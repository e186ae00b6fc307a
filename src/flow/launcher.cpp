#include "flow/launcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <list>
#include <optional>

#include "flow/named_frames.hpp"
#include "flow/pod.hpp"
#include "flow/stop_count.hpp"
#include "flow/stop_signals.hpp"

namespace jina::flow {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
}  // namespace

struct Launcher::Impl {
  Impl(LaunchPlan plan, LauncherEvents to, LauncherOptions with)
      : events(std::move(to)),
        options(std::move(with)),
        reserved(std::move(plan.reserved)),
        stops(options.signal_echo),
        changed(io, steady_clock::time_point::max()) {
    for (auto& pod : plan.pods)
      pods.emplace_back(
          io, std::move(pod), options.restart_limits,
          [this](Pod& from, bool error, std::string_view line) { events.on_output(from.name(), error, line); },
          [this](Pod&) {
            tell_progress();
            wake();
          });
  }

  // ---- events -------------------------------------------------------------------------------------------------------------------

  void on_signal(int number) {
    const char* name = number == SIGINT ? "Ctrl-C" : number == SIGHUP ? "SIGHUP" : "SIGTERM";
    if (number == SIGHUP && events.on_hangup && stop_signal == 0) return events.on_hangup();
    const auto meaning = stops.take(steady_clock::now());
    if (meaning == StopCount::Meaning::kEcho) return;
    stop_signal = number;
    if (meaning == StopCount::Meaning::kAgain) {
      events.on_note("second signal: killing what is left");
      killed = true;
      for (auto& pod : pods) pod.kill();
    } else {
      events.on_note(fmt::format("{}: stopping{}", name, was_ready ? ", once what runs is finished; again: at once" : ""));
      stop_requested = true;
    }
    wake();
  }

  void reload(const std::string& why) {
    if (ending()) return;
    events.on_note(why + ": restarting the Flow");
    reload_requested = stop_requested = true;
    wake();
  }

  bool ending() const { return stop_requested || failing; }

  /// Lets the main coroutine look at the state again.
  void wake() { changed.cancel(); }

  Task<void> wait_for_change(steady_clock::time_point until) {
    changed.expires_at(until);
    auto [error] = co_await changed.async_wait(kTuple);
    (void)error;
  }

  void tell_progress() {
    std::vector<PodProgress> all;
    all.reserve(pods.size());
    for (const auto& pod : pods) all.push_back(pod.progress());
    events.on_progress(all);
  }

  // ---- supervision --------------------------------------------------------------------------------------------------------------

  void write(CrashReport& report) {
    if (options.report_folder.empty() || !report.crash) return;
    if (auto status = write_crash_report(report, options.report_folder); !status.ok())
      events.on_note("the crash report is not kept: " + status.message);
  }

  Task<void> fail(Pod& pod, CrashReport report) {
    pod.give_up();
    if (ending()) co_return;  // the first failure is the reason, the others follow from it
    failing = true;
    report.backtrace = co_await named_frames(io, pod.frames(), options.naming_limit);
    write(report);
    events.on_failure(report);
    failed = true;
    wake();
  }

  /// Beside the pod's next life, whose lines come behind it.
  Task<void> tell_crash(Pod& pod, std::vector<std::string> frames, CrashReport report) {
    report.backtrace = co_await named_frames(io, std::move(frames), options.naming_limit);
    write(report);
    events.on_crash(report);
    pod.release();
  }

  RestartPolicy policy_of(const Pod& pod) const { return pod.plan().restart.value_or(options.restart); }

  /// The pause before `pod` is started again; nothing when the Flow failed with it.
  Task<std::optional<milliseconds>> after_its_end(Pod& pod) {
    co_await pod.wait_until_released();  // the report of the life before
    CrashReport report = pod.report();
    if (!was_ready) {
      co_await fail(pod, std::move(report));
      co_return std::nullopt;
    }
    if (policy_of(pod) == RestartPolicy::kNever) {
      report.next = "the Flow stops; 'restart: on-failure' would start it again";
      co_await fail(pod, std::move(report));
      co_return std::nullopt;
    }
    const auto pause = pod.backoff().next(steady_clock::now());
    if (!pause) {
      const auto& limits = options.restart_limits;
      report.next = fmt::format("the Flow stops: it was started again {} times within {} s, which is the limit (--restart-limit)",
                                limits.most, std::chrono::duration_cast<std::chrono::seconds>(limits.window).count());
      co_await fail(pod, std::move(report));
      co_return std::nullopt;
    }
    report.next = pause->count() == 0
                      ? fmt::format("it is started again at once (restart {})", pod.backoff().count())
                      : fmt::format("it is started again in {} ms (restart {})", pause->count(), pod.backoff().count());
    pod.hold();
    spawn(tell_crash(pod, pod.frames(), std::move(report)));
    co_return pause;
  }

  Task<void> supervise(Pod& pod) {
    for (;;) {
      if (auto status = pod.start(); !status.ok()) {
        CrashReport report{.pod = pod.name(), .sentence = fmt::format("{}: {}", pod.name(), status.message)};
        co_await fail(pod, std::move(report));
        co_return;
      }
      co_await pod.wait_until_ready();
      if (pod.ready()) co_await pod.wait_until_released();
      if (pod.ready() && was_ready)
        events.on_note(fmt::format("{} is ready again after {} ms", pod.name(), pod.progress().took->count()));
      if (pod.late()) pod.kill_late();
      co_await pod.wait_until_ended();
      if (pod.stopping() || ending()) break;
      const auto pause = co_await after_its_end(pod);
      if (!pause) co_return;
      if (pause->count() > 0) co_await pod.pause(*pause);
      if (pod.stopping() || ending()) break;
    }
    pod.give_up();
  }

  // ---- start and stop -----------------------------------------------------------------------------------------------------------

  Task<void> wait_until_ready() {
    while (!stop_requested && !failed && !std::all_of(pods.begin(), pods.end(), [](const Pod& pod) { return pod.ready(); })) {
      tell_progress();
      co_await wait_for_change(steady_clock::now() + options.tick);
    }
    if (ending()) co_return;
    was_ready = true;
    events.on_ready();
  }

  Task<void> stop(bool gateways, milliseconds grace) {
    const auto until = steady_clock::now() + grace;
    const auto any = [&] {
      return std::any_of(pods.begin(), pods.end(),
                         [&](const Pod& pod) { return pod.plan().is_gateway == gateways && pod.running(); });
    };
    for (auto& pod : pods)
      if (pod.plan().is_gateway == gateways) pod.stop();
    while (any() && steady_clock::now() < until) co_await wait_for_change(until);
    for (auto& pod : pods)
      if (pod.plan().is_gateway == gateways && pod.running()) {
        events.on_note(fmt::format("{} did not stop within {} ms; killing it", pod.name(), grace.count()));
        pod.kill();
      }
    while (any()) co_await wait_for_change(steady_clock::time_point::max());
  }

  Task<void> main() {
    co_await wait_until_ready();
    while (!stop_requested && !failed) co_await wait_for_change(steady_clock::time_point::max());
    co_await stop(true, options.gateway_grace);
    co_await stop(false, options.executor_grace);
    while (running > 0) co_await wait_for_change(steady_clock::time_point::max());  // a question may be on its way
  }

  static void rethrow(const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  }

  /// main() does not end before it.
  void spawn(Task<void> task) {
    ++running;
    asio::co_spawn(io, std::move(task), [this](const std::exception_ptr& error) {
      rethrow(error);
      --running;
      wake();
    });
  }

  bool run() {
    StopSignals signals(io, [this](int number) { on_signal(number); });
    for (auto& pod : pods) spawn(supervise(pod));
    asio::co_spawn(io, main(), [&](const std::exception_ptr& error) {
      rethrow(error);
      signals.close();
      io.stop();  // work beside it is not waited for
    });
    io.run();
    // The echo of the signal that stopped it may come when all is over. Before a reload another one is news.
    if (stop_signal != 0) signals.discard();
    if (failed)
      end = FlowEnd::kFailed;
    else if (killed)
      end = FlowEnd::kKilled;
    else if (reload_requested && stop_signal == 0)
      end = FlowEnd::kReload;
    else
      end = was_ready ? FlowEnd::kStopped : FlowEnd::kEarly;
    return end == FlowEnd::kStopped || end == FlowEnd::kReload;
  }

  LauncherEvents events;
  LauncherOptions options;
  // Held as long as the Flow: a process that is started again finds its port free.
  std::vector<PortReservation> reserved;
  StopCount stops;
  asio::io_context io{1};
  asio::steady_timer changed;
  std::list<Pod> pods{};
  std::size_t running = 0;
  bool stop_requested = false;
  bool reload_requested = false;
  bool failing = false;  // somebody's failure ends the Flow
  bool failed = false;   // and it was told
  bool killed = false;
  bool was_ready = false;
  int stop_signal = 0;
  FlowEnd end = FlowEnd::kEarly;
};

Launcher::Launcher(LaunchPlan plan, LauncherEvents events, LauncherOptions options)
    : impl_(std::make_unique<Impl>(std::move(plan), std::move(events), std::move(options))) {}
Launcher::~Launcher() = default;

bool Launcher::run() { return impl_->run(); }
FlowEnd Launcher::end() const noexcept { return impl_->end; }
int Launcher::stop_signal() const noexcept { return impl_->stop_signal; }
boost::asio::io_context& Launcher::io() noexcept { return impl_->io; }

void Launcher::request_stop() {
  impl_->stop_requested = true;
  impl_->wake();
}

void Launcher::request_reload(const std::string& why) { impl_->reload(why); }

}  // namespace jina::flow

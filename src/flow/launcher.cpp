#include "flow/launcher.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "client/ping.hpp"

namespace jina::flow {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

struct Pod {
  PodPlan plan;
  std::unique_ptr<Process> process{};
  bool ready = false;
  bool stopping = false;  ///< told to end, so its end is no failure
  std::string last_answer = "not asked yet";

  bool running() const { return process && !process->state().exited; }
};
}  // namespace

struct Launcher::Impl {
  Impl(LaunchPlan plan, LauncherEvents to, LauncherOptions with)
      : events(std::move(to)),
        options(with),
        reserved(std::move(plan.reserved)),
        signals(io),
        changed(io, steady_clock::time_point::max()) {
    for (auto& pod : plan.pods) pods.push_back(Pod{std::move(pod)});
  }

  // ---- events -------------------------------------------------------------------------------------------------------------------

  void wait_for_signal() {
    signals.async_wait([this](const boost::system::error_code& error, int number) {
      if (error) return;
      if (stop_requested) {
        events.on_note("second signal: killing what is left");
        for (auto& pod : pods) kill(pod);
      } else {
        events.on_note(fmt::format("{}: stopping", number == SIGINT ? "Ctrl-C" : "SIGTERM"));
        stop_requested = true;
      }
      wake();
      wait_for_signal();
    });
  }

  /// Lets the main coroutine look at the state again.
  void wake() { changed.expires_at(steady_clock::time_point::max()); }

  Task<void> wait_for_change(steady_clock::time_point until) {
    changed.expires_at(until);
    auto [error] = co_await changed.async_wait(kTuple);
    (void)error;
  }

  void kill(Pod& pod) {
    if (!pod.running()) return;
    pod.stopping = true;
    pod.process->kill();
  }

  /// Called when `pod`'s process ended.
  void on_exit(Pod& pod) {
    if (!pod.stopping && !failed) report_failure(pod, fmt::format("{} {}", pod.plan.name, pod.process->state().to_string()));
    wake();
  }

  void report_failure(const Pod& pod, const std::string& sentence) {
    failed = true;
    std::vector<std::string> lines;
    if (pod.process) lines.assign(pod.process->last_errors().begin(), pod.process->last_errors().end());
    events.on_failure(sentence, lines);
  }

  // ---- start --------------------------------------------------------------------------------------------------------------------

  bool start_all() {
    for (auto& pod : pods) {
      auto process = Process::start(
          io, pod.plan.process,
          [this, &pod](Process::Stream stream, std::string_view line) {
            events.on_output(pod.plan.name, stream == Process::Stream::kError, line);
          },
          [this, &pod] { on_exit(pod); });
      if (!process) {
        report_failure(pod, fmt::format("{}: {}", pod.plan.name, process.error().message));
        return false;
      }
      pod.process = std::move(*process);
    }
    return true;
  }

  Task<void> ask(Pod& pod) {
    const auto kind = pod.plan.health.verify ? client::PingKind::kRuntime : client::PingKind::kAnswers;
    const client::Target target = pod.plan.health;
    auto status = co_await client::ping(io, target, kind, milliseconds(1000));
    if (status.ok())
      pod.ready = true;
    else
      pod.last_answer = status.message;
  }

  /// Asks again and again, with growing pauses, until all are ready, one is late, one died, or the user gave up.
  Task<bool> wait_until_ready() {
    const auto started = steady_clock::now();
    auto next_note = started + milliseconds(5000);
    double pause_ms = 5;
    while (!stop_requested && !failed) {
      std::vector<std::string> waiting;
      for (auto& pod : pods) {
        if (!pod.ready && pod.running()) co_await ask(pod);
        if (!pod.ready) waiting.push_back(fmt::format("{} at {} ({})", pod.plan.name, pod.plan.health.url(), pod.last_answer));
      }
      if (stop_requested || failed) break;
      if (waiting.empty()) co_return true;
      const auto now = steady_clock::now();
      for (auto& pod : pods)
        if (!pod.ready && pod.plan.timeout_ready && now - started > *pod.plan.timeout_ready) {
          report_failure(pod, fmt::format("{} is not ready after {} ms (timeout_ready): {}", pod.plan.name,
                                          pod.plan.timeout_ready->count(), pod.last_answer));
          co_return false;
        }
      if (now >= next_note) {
        events.on_note(fmt::format("waiting for {}", fmt::join(waiting, "; ")));
        next_note = now + milliseconds(10'000);
      }
      co_await wait_for_change(now + milliseconds(static_cast<int>(pause_ms)));
      pause_ms = std::min(pause_ms * 1.5, 250.0);
    }
    co_return false;
  }

  // ---- stop ---------------------------------------------------------------------------------------------------------------------

  Task<void> stop(bool gateways, milliseconds grace) {
    const auto until = steady_clock::now() + grace;
    const auto any = [&] {
      return std::any_of(pods.begin(), pods.end(),
                         [&](const Pod& pod) { return pod.plan.is_gateway == gateways && pod.running(); });
    };
    for (auto& pod : pods)
      if (pod.plan.is_gateway == gateways && pod.running()) {
        pod.stopping = true;
        pod.process->terminate();
      }
    while (any() && steady_clock::now() < until) co_await wait_for_change(until);
    for (auto& pod : pods)
      if (pod.plan.is_gateway == gateways && pod.running()) {
        events.on_note(fmt::format("{} did not stop within {} ms; killing it", pod.plan.name, grace.count()));
        kill(pod);
      }
    while (any()) co_await wait_for_change(steady_clock::time_point::max());
  }

  Task<void> main() {
    if (start_all() && co_await wait_until_ready()) {
      reserved.clear();  // everybody listens by now
      was_ready = true;
      events.on_ready();
      while (!stop_requested && !failed) co_await wait_for_change(steady_clock::time_point::max());
    }
    co_await stop(true, options.gateway_grace);
    co_await stop(false, options.executor_grace);
    boost::system::error_code ignored;
    signals.cancel(ignored);
  }

  bool run() {
    signals.add(SIGINT);
    signals.add(SIGTERM);
    signals.add(SIGHUP);
    wait_for_signal();
    asio::co_spawn(io, main(), [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
    io.run();
    return was_ready && !failed;
  }

  LauncherEvents events;
  LauncherOptions options;
  std::vector<PortReservation> reserved;
  asio::io_context io{1};
  asio::signal_set signals;
  asio::steady_timer changed;
  std::vector<Pod> pods{};
  bool stop_requested = false;
  bool failed = false;
  bool was_ready = false;
};

Launcher::Launcher(LaunchPlan plan, LauncherEvents events, LauncherOptions options)
    : impl_(std::make_unique<Impl>(std::move(plan), std::move(events), options)) {}
Launcher::~Launcher() = default;

bool Launcher::run() { return impl_->run(); }

void Launcher::request_stop() {
  impl_->stop_requested = true;
  impl_->wake();
}

}  // namespace jina::flow

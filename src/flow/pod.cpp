#include "flow/pod.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "client/ping.hpp"

namespace jina::flow {

namespace asio = boost::asio;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kKeptLines = 24;

// What our own processes log while they compile a module ("[I] compiling upper.cpp ...") or somebody else does ("[I] waiting for
// process 12, which compiles upper.cpp ..."): "upper.cpp", "waiting for process 12, which compiles upper.cpp".
std::string_view compiled_file(std::string_view line) {
  constexpr std::string_view kCompiling = "compiling ";
  constexpr std::string_view kWaiting = "waiting for ";
  if (!line.ends_with(" ...")) return {};
  line.remove_suffix(4);
  if (const auto at = line.find(kWaiting); at <= 24 && line.find(", which compiles ", at) != line.npos) return line.substr(at);
  const auto at = line.find(kCompiling);
  return at > 24 ? std::string_view{} : line.substr(at + kCompiling.size());
}

// "upper.cpp" of "error: module upper.cpp does not compile:".
std::string_view refused_module(std::string_view line) {
  constexpr std::string_view kModule = "module ";
  constexpr std::string_view kRefused = " does not compile:";
  const auto at = line.find(kModule);
  if (at == line.npos || !line.ends_with(kRefused)) return {};
  line.remove_prefix(at + kModule.size());
  line.remove_suffix(kRefused.size());
  return line;
}

}  // namespace

Pod::Pod(asio::io_context& io, PodPlan plan, const RestartLimits& limits, OnLine on_line, std::function<void(Pod&)> changed)
    : io_(io),
      plan_(std::move(plan)),
      backoff_(limits),
      on_line_(std::move(on_line)),
      changed_(std::move(changed)),
      wake_up_(io, Clock::time_point::max()) {
  progress_.name = plan_.name;
  progress_.since = Clock::now();
}

void Pod::wake() { wake_up_.cancel(); }

Task<void> Pod::wait(Clock::time_point until) {
  wake_up_.expires_at(until);
  auto [ignored] = co_await wake_up_.async_wait(kTuple);
  (void)ignored;
}

void Pod::set_phase(PodPhase phase, std::string detail) {
  if (progress_.phase == phase && progress_.detail == detail) return;
  progress_.phase = phase;
  progress_.detail = std::move(detail);
  changed_(*this);
}

Status Pod::start() {
  last_errors_.clear();
  backtrace_ = {};
  python_output_ = {};
  last_answer_ = "not asked yet";
  does_not_compile_.clear();
  late_ = false;
  oom_kills_ = count_oom_kills();
  progress_.since = Clock::now();
  progress_.took.reset();
  progress_.restarts = backoff_.count();
  auto process = Process::start(
      io_, plan_.process, [this](Process::Stream stream, std::string_view line) { take_line(stream, line); },
      [this] {
        uptime_ = duration_cast<milliseconds>(Clock::now() - progress_.since);
        wake();
        changed_(*this);
      });
  if (!process) return process.error();
  process_ = std::move(*process);
  set_phase(PodPhase::kStarting);
  return {};
}

void Pod::take_line(Process::Stream stream, std::string_view line) {
  const bool error = stream == Process::Stream::kError;
  if (error && backtrace_.take(line)) return;
  if (plan_.python && !python_output_.take(line)) return;
  if (error || plan_.python) {  // Jina logs to its standard output
    last_errors_.emplace_back(line);
    if (last_errors_.size() > kKeptLines) last_errors_.pop_front();
  }
  if (error && !plan_.python) {
    if (const auto module = refused_module(line); !module.empty()) does_not_compile_ = module;
    if (!ready())
      if (const auto file = compiled_file(line); !file.empty()) set_phase(PodPhase::kCompiling, std::string(file));
  }
  show(error, line);
}

void Pod::show(bool error, std::string_view line) {
  constexpr std::size_t kMostHeld = 10'000;
  if (held_ && held_->size() >= kMostHeld) release();  // better out of order than out of memory
  if (held_)
    held_->emplace_back(error, line);
  else
    on_line_(*this, error, line);
}

void Pod::hold() {
  if (!held_) held_.emplace();
}

void Pod::release() {
  if (!held_) return;
  const auto lines = std::exchange(held_, std::nullopt);
  for (const auto& [error, line] : *lines) on_line_(*this, error, line);
  wake();
}

Task<void> Pod::wait_until_released() {
  while (held_) co_await wait(Clock::time_point::max());
}

Task<void> Pod::ask() {
  const auto kind = plan_.health.verify ? client::PingKind::kRuntime : client::PingKind::kAnswers;
  const client::Target target = plan_.health;
  const auto status = co_await client::ping(io_, target, kind, milliseconds(1000));
  if (!running()) co_return;
  if (status.ok()) {
    const auto now = Clock::now();
    progress_.took = duration_cast<milliseconds>(now - progress_.since);
    backoff_.ready(now);
    set_phase(PodPhase::kReady);
    co_return;
  }
  last_answer_ = status.message;
  const bool refused = last_answer_.find("refused") != last_answer_.npos;
  if (!refused)
    set_phase(PodPhase::kLoading, last_answer_);
  else if (progress_.phase == PodPhase::kStarting)
    progress_.detail = last_answer_;  // not worth a line of its own
}

Task<void> Pod::wait_until_ready() {
  double pause_ms = 4;
  const auto limit = plan_.timeout_ready;
  while (running() && !stopping_) {
    co_await ask();
    if (ready() || !running() || stopping_) co_return;
    const auto now = Clock::now();
    if (limit && now - progress_.since > *limit) {
      late_ = true;
      co_return;
    }
    auto until = now + milliseconds(static_cast<int>(pause_ms));
    if (limit) until = std::min(until, progress_.since + *limit + milliseconds(1));
    co_await wait(until);
    pause_ms = std::min(pause_ms * 1.3, 200.0);
  }
}

Task<void> Pod::wait_until_ended() {
  while (running()) co_await wait(Clock::time_point::max());
}

Task<void> Pod::pause(milliseconds pause) {
  set_phase(PodPhase::kPausing, fmt::format("it is started again in {} ms", pause.count()));
  const auto until = Clock::now() + pause;
  while (!stopping_ && Clock::now() < until) co_await wait(until);
}

void Pod::stop() {
  stopping_ = true;
  if (running()) process_->terminate();
  wake();
}

void Pod::kill() {
  stopping_ = true;
  if (running()) process_->kill();
  wake();
}

void Pod::kill_late() {
  if (running()) process_->kill();
}

void Pod::give_up() { set_phase(PodPhase::kEnded); }

CrashReport Pod::report() const {
  CrashReport report{.pod = plan_.name};
  report.command = fmt::format("{} {}", plan_.process.program, fmt::join(plan_.process.arguments, " "));
  if (!process_) return report;
  report.pid = process_->pid();
  report.state = process_->state();
  report.uptime = uptime_;
  report.last_errors.assign(last_errors_.begin(), last_errors_.end());
  if (late_) {
    const bool compiles = progress_.phase == PodPhase::kCompiling;
    const bool waits = progress_.detail.starts_with("waiting for ");
    report.sentence = fmt::format("{} is not ready after {} ms (timeout_ready): {}", plan_.name, plan_.timeout_ready->count(),
                                  !compiles ? last_answer_
                                  : waits   ? "it is still " + progress_.detail
                                            : "it is still compiling " + progress_.detail);
    report.hints.emplace_back("if it only needs longer, give it more: 'timeout_ready: 600000' in its item, or -1 for no limit");
    return report;
  }
  if (!does_not_compile_.empty() && report.state.signal == 0) {
    report.sentence = fmt::format("{}: {} does not compile", plan_.name, does_not_compile_);
    report.crash = false;
    return report;
  }
  report.sentence = fmt::format("{} {}", plan_.name, report.state.to_string());
  report.hints = hints_for(report.state, count_oom_kills() - oom_kills_);
  if (report.state.signal == 0 && report.state.code == 0)
    report.hints.emplace_back("it ended by itself without an error code; its lines above say why");
  return report;
}

}  // namespace jina::flow

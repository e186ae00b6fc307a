#include "flow_api/supervisor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "cli/command.hpp"
#include "cli/flow_output.hpp"
#include "flow/launcher.hpp"

namespace jina::flow_api {

namespace json = boost::json;

Status Supervisor::check_single_thread() {
  std::error_code error;
  std::size_t threads = 0;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
    (void)thread;
    ++threads;
  }
  if (error || threads == 1) return {};
  return {StatusCode::kFailedPrecondition,
          "jina::Flow::start() forks processes, and this one has " + std::to_string(threads) +
              " threads, of which a fork has only one; start the Flow first, then make threads and Clients"};
}

Status Supervisor::start(flow::LaunchPlan plan, bool quiet, flow::RestartPolicy restart) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {StatusCode::kUnavailable, std::string("no pipe: ") + std::strerror(errno)};
  // What waits in buffers would be written twice.
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::close(ends[0]);
    run(std::move(plan), quiet, restart, ends[1], parent);
  }
  const int why = errno;
  ::close(ends[1]);
  if (pid_ < 0) {
    ::close(ends[0]);
    return {StatusCode::kUnavailable, std::string("cannot fork: ") + std::strerror(why)};
  }
  events_ = ends[0];
  return {};
}

void Supervisor::run(flow::LaunchPlan plan, bool quiet, flow::RestartPolicy restart, int events, pid_t parent) {
  ::setpgid(0, 0);  // Ctrl-C is for the program, which stops this one in order
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) std::signal(number, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  int code = 1;
  const auto tell = [events](const json::object& event) {
    const std::string line = json::serialize(event) + "\n";
    (void)!::write(events, line.data(), line.size());
  };
  try {
    cli::Console console{std::cin, std::cout, std::cerr, cli::Style::of(STDOUT_FILENO), cli::Style::of(STDERR_FILENO)};
    cli::FlowOutput output(console, plan);
    flow::LauncherEvents on;
    if (!quiet) {
      on.on_output = [&](const std::string& pod, bool error, std::string_view line) { output.line(pod, error, line); };
      on.on_note = [&](const std::string& text) {
        if (!text.ends_with(": stopping")) output.note(text);  // the program knows, it said so
      };
      on.on_progress = [&](const std::vector<flow::PodProgress>& pods) { output.progress(pods); };
      on.on_crash = [&](const flow::CrashReport& report) { output.crash(report); };
    }
    on.on_failure = [&](const flow::CrashReport& report) {
      tell({{"event", "failed"}, {"sentence", report.sentence}, {"lines", json::value_from(report.last_errors)}});
    };
    on.on_ready = [&] { tell({{"event", "ready"}}); };
    flow::LauncherOptions options;
    options.restart = restart;
    flow::Launcher launcher(std::move(plan), std::move(on), std::move(options));
    code = launcher.run() ? 0 : 1;
  } catch (const std::exception& error) {
    tell({{"event", "failed"}, {"sentence", error.what()}, {"lines", json::array{}}});
  }
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  ::_exit(code);  // what the program does at its end is not for this process
}

Supervisor::Event Supervisor::read_event(int wait_ms, int wake) {
  while (true) {
    if (const auto end = partial_.find('\n'); end != partial_.npos) {
      const auto event = json::parse(partial_.substr(0, end)).as_object();
      partial_.erase(0, end + 1);
      if (event.at("event").as_string() == "ready") return Event::kReady;
      Failure failure{.sentence = std::string(event.at("sentence").as_string())};
      for (const auto& line : event.at("lines").as_array()) failure.last_errors.emplace_back(line.as_string());
      if (!failure_) failure_ = std::move(failure);
      return Event::kFailed;
    }
    std::array<pollfd, 2> waits{pollfd{events_, POLLIN, 0}, pollfd{wake, POLLIN, 0}};
    const int count = ::poll(waits.data(), wake < 0 ? 1 : 2, wait_ms);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || waits[0].revents == 0) return Event::kNone;
    std::array<char, 4096> chunk;
    const auto got = ::read(events_, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      if (!failure_) failure_ = Failure{.sentence = "the process that runs the Flow ended unexpectedly"};
      return Event::kEnd;
    }
    partial_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

std::optional<Failure> Supervisor::wait_until_ready() {
  const Event event = read_event(-1, -1);
  if (event == Event::kReady) return std::nullopt;
  return failure_;
}

std::optional<Failure> Supervisor::failure(int wait_ms, int wake) {
  if (pid_ > 0 && !failure_) (void)read_event(wait_ms, wake);
  return failure_;
}

void Supervisor::stop() noexcept {
  if (pid_ > 0) {
    ::kill(pid_, SIGTERM);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (events_ >= 0) ::close(events_);
  pid_ = -1;
  events_ = -1;
  partial_.clear();
}

}  // namespace jina::flow_api

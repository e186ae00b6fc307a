#include "flow/child_launch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <utility>

namespace jina::flow {
namespace {

enum class Step : int { kCpus, kStreams, kDirectory, kExec };

struct Failure {
  Step step;
  int why;
};

/// Everything that the child needs between fork and exec, made before: only async-signal-safe calls are allowed there.
struct Launch {
  explicit Launch(const ProcessOptions& options) : program(options.program), directory(options.directory) {
    words.push_back(program);
    words.insert(words.end(), options.arguments.begin(), options.arguments.end());
    std::map<std::string, std::string> variables;
    for (char** entry = ::environ; *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      const auto equals = text.find('=');
      if (equals != text.npos) variables[std::string(text.substr(0, equals))] = std::string(text.substr(equals + 1));
    }
    for (const auto& [name, value] : options.environment) variables[name] = value;
    for (const auto& [name, value] : variables) settings.push_back(name + "=" + value);
    for (auto& word : words) argv.push_back(word.data());
    for (auto& setting : settings) envp.push_back(setting.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    CPU_ZERO(&cpus);
    for (const int cpu : options.cores)
      if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET(static_cast<unsigned>(cpu), &cpus);
    pinned = !options.cores.empty();
  }
  std::string program;
  std::string directory;
  std::vector<std::string> words;
  std::vector<std::string> settings;
  std::vector<char*> argv;
  std::vector<char*> envp;
  cpu_set_t cpus;
  bool pinned = false;
};

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
  void close(int end) {
    if (ends[static_cast<std::size_t>(end)] >= 0) ::close(std::exchange(ends[static_cast<std::size_t>(end)], -1));
  }
  ~Pipe() {
    close(0);
    close(1);
  }
};

/// Whoever opened a file without O_CLOEXEC, here or in a library: it is not the child's.
void close_files_on_exec(int first) {
#ifdef SYS_close_range
  constexpr unsigned kCloseOnExec = 1U << 2;
  if (::syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, kCloseOnExec) == 0) return;
#endif
  for (int file = first; file < 1024; ++file) ::fcntl(file, F_SETFD, FD_CLOEXEC);
}

void close_files(int first) {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) return;
#endif
  for (int file = first; file < 1024; ++file) ::close(file);
}

/// The step that failed; it returns when all is as the child has to find it.
std::optional<Failure> prepare(const Launch& launch, int out, int error) {
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (launch.pinned && ::sched_setaffinity(0, sizeof launch.cpus, &launch.cpus) != 0) return Failure{Step::kCpus, errno};
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (::dup2(nothing, STDIN_FILENO) < 0 || ::dup2(out, STDOUT_FILENO) < 0 || ::dup2(error, STDERR_FILENO) < 0)
    return Failure{Step::kStreams, errno};
  if (!launch.directory.empty() && ::chdir(launch.directory.c_str()) != 0) return Failure{Step::kDirectory, errno};
  return std::nullopt;
}

/// The function's code; what it throws is told as a process would.
int run_function(const ProcessOptions& options) {
  try {
    return options.function();
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << std::endl;
  } catch (...) {
    std::cerr << "error: something was thrown that is no std::exception" << std::endl;
  }
  return 1;
}

[[noreturn]] void run_child(const ProcessOptions& options, const Launch& launch, pid_t parent, int out, int error, int failure) {
  ::setpgid(0, 0);  // Ctrl-C reaches the launcher alone, which stops its children in order
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before the line above took effect
  auto failed = prepare(launch, out, error);
  if (!failed && options.function) {
    close_files(STDERR_FILENO + 1);  // the launcher's own; `failure` too, which says that all is well
    ::signal(SIGPIPE, SIG_IGN);      // as main() of our programs
    for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
    const int code = run_function(options);
    std::cout.flush();
    std::fflush(nullptr);
    ::_exit(code);  // the parent's destructors are not the child's to run
  }
  if (!failed) {
    close_files_on_exec(STDERR_FILENO + 1);
    ::execve(launch.program.c_str(), launch.argv.data(), launch.envp.data());
    failed = Failure{Step::kExec, errno};
  }
  (void)!::write(failure, &*failed, sizeof *failed);
  ::_exit(127);
}

std::string describe(Step step, const ProcessOptions& options) {
  switch (step) {
    case Step::kCpus:
      return fmt::format("it may not run on cores {} ('nproc' and the container's CPU set say which there are)",
                         fmt::join(options.cores, ","));
    case Step::kStreams: return "its standard streams";
    case Step::kDirectory: return "working directory " + options.directory;
    case Step::kExec: break;
  }
  return "exec";
}

}  // namespace

Result<LaunchedChild> launch_child(const ProcessOptions& options) {
  const std::string what = options.function ? (options.program.empty() ? "a function" : options.program) : options.program;
  const auto failed = [&](const std::string& step, int why) {
    return Status{StatusCode::kUnavailable, "cannot start " + what + ": " + step + ": " + std::strerror(why)};
  };
  Pipe out, error, failure;
  if (!out.open() || !error.open() || !failure.open()) return failed("no pipe", errno);
  const Launch launch(options);
  if (options.function) {  // what is buffered here is not written twice
    std::cout.flush();
    std::fflush(nullptr);
  }
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return failed("no process", errno);
  if (pid == 0) run_child(options, launch, parent, out.ends[1], error.ends[1], failure.ends[1]);
  ::setpgid(pid, pid);  // as in the child: whoever comes first
  out.close(1);
  error.close(1);
  failure.close(1);
  Failure told{};
  ssize_t got = -1;
  do got = ::read(failure.ends[0], &told, sizeof told);
  while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof told)) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return failed(describe(told.step, options), told.why);
  }
  return LaunchedChild{pid, std::exchange(out.ends[0], -1), std::exchange(error.ends[0], -1)};
}

}  // namespace jina::flow

#include "flow/child_guard.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace jina::flow {
namespace {

// The guard forks from a process that may have other threads: no allocation in there.
constexpr std::size_t kMostGroups = 4096;

[[noreturn]] void guard(int from) {
  ::setsid();  // neither Ctrl-C nor the end of the terminal is meant for it
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT}) ::signal(number, SIG_IGN);
  ::prctl(PR_SET_NAME, "jina-guard");
  // It keeps nobody's pipe or terminal open.
  ::dup2(from, STDIN_FILENO);
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDOUT_FILENO);
  ::dup2(nothing, STDERR_FILENO);
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, 3U, ~0U, 0U) != 0)
#endif
    for (int file = 3; file < 1024; ++file) ::close(file);
  (void)!::chdir("/");

  static std::array<pid_t, kMostGroups> groups;
  std::size_t count = 0;
  pid_t number = 0;
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, &number, sizeof number);
    if (got < 0 && errno == EINTR) continue;
    if (got != static_cast<ssize_t>(sizeof number)) break;
    if (number > 0 && count < kMostGroups) groups[count++] = number;
    if (number < 0) count = static_cast<std::size_t>(std::remove(groups.begin(), groups.begin() + count, -number) - groups.begin());
  }
  for (std::size_t i = 0; i < count; ++i) ::kill(-groups[i], SIGKILL);
  ::_exit(0);
}

}  // namespace

ChildGuard& ChildGuard::of_this_process() {
  static ChildGuard one;
  if (one.owner_ != ::getpid()) one.start();
  return one;
}

void ChildGuard::start() noexcept {
  owner_ = ::getpid();
  pipe_ = -1;  // a forked child closed its copy of its parent's
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  const pid_t pid = ::fork();
  if (pid == 0) {
    // The grandchild is nobody's to wait for.
    if (::fork() != 0) ::_exit(0);
    ::close(ends[1]);
    guard(ends[0]);
  }
  ::close(ends[0]);
  if (pid < 0) {
    ::close(ends[1]);
    return;
  }
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  pipe_ = ends[1];
}

void ChildGuard::tell(pid_t number) noexcept {
  if (pipe_ < 0) return;
  sigset_t broken, before;  // a guard that somebody killed is no reason to die
  ::sigemptyset(&broken);
  ::sigaddset(&broken, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken, &before);
  if (::write(pipe_, &number, sizeof number) < 0 && errno == EPIPE) {
    const timespec now{};
    ::sigtimedwait(&broken, nullptr, &now);
    ::close(pipe_);
    pipe_ = -1;
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ChildGuard::watch(pid_t group) noexcept { tell(group); }
void ChildGuard::forget(pid_t group) noexcept { tell(-group); }

}  // namespace jina::flow

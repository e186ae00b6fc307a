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
#include <climits>
#include <cstring>

namespace jina::flow {

namespace {
// The guard forks from a process that may have other threads: no allocation in there.
constexpr std::size_t kMostGroups = 4096;
constexpr std::size_t kMostCommands = 256;
constexpr std::size_t kLongestCommand = 1024;
constexpr std::size_t kMostWords = 16;
using CommandText = std::array<char, kLongestCommand>;  // its words, each with a NUL behind it; then another NUL

struct Command {
  pid_t group = 0;  // 0: the place is free
  CommandText text{};
};

/// The process that runs it; the guard does not wait for one command before the next.
pid_t run(CommandText& text) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  std::array<char*, kMostWords + 1> words{};
  std::size_t count = 0;
  for (char* word = text.data(); *word != '\0' && count < kMostWords; word += std::strlen(word) + 1) words[count++] = word;
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT}) ::signal(number, SIG_DFL);
  ::execve(words[0], words.data(), ::environ);
  ::_exit(127);
}

}  // namespace

struct ChildGuard::Message {
  Word word = Word::kWatch;
  pid_t group = 0;
  CommandText command{};
};

void ChildGuard::guard(int from) {
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
  static std::array<Command, kMostCommands> commands;
  static Message message;
  std::size_t count = 0;
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, &message, sizeof message);
    if (got < 0 && errno == EINTR) continue;
    if (got != static_cast<ssize_t>(sizeof message)) break;
    if (message.word == Word::kWatch) {
      if (count < kMostGroups) groups[count++] = message.group;
      if (message.command.front() == '\0') continue;
      for (auto& command : commands)
        if (command.group == 0) {
          command = {message.group, message.command};
          break;
        }
      continue;
    }
    count = static_cast<std::size_t>(std::remove(groups.begin(), groups.begin() + count, message.group) - groups.begin());
    for (auto& command : commands) {
      if (command.group != message.group) continue;
      if (message.word == Word::kFinish) run(command.text);
      command.group = 0;
    }
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
  }
  for (std::size_t i = 0; i < count; ++i) ::kill(-groups[i], SIGKILL);
  for (auto& command : commands)
    if (command.group != 0) run(command.text);
  while (::wait(nullptr) > 0 || errno == EINTR) {
  }
  ::_exit(0);
}

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

void ChildGuard::tell(const Message& message) noexcept {
  static_assert(sizeof message <= PIPE_BUF);  // so that it is written whole
  if (pipe_ < 0) return;
  sigset_t broken, before;  // a guard that somebody killed is no reason to die
  ::sigemptyset(&broken);
  ::sigaddset(&broken, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken, &before);
  if (::write(pipe_, &message, sizeof message) < 0 && errno == EPIPE) {
    const timespec now{};
    ::sigtimedwait(&broken, nullptr, &now);
    ::close(pipe_);
    pipe_ = -1;
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ChildGuard::watch(pid_t group, const std::vector<std::string>& afterwards) noexcept {
  Message message{.word = Word::kWatch, .group = group};
  std::size_t used = 0;
  for (const auto& word : afterwards) {
    // A command that is cut short could end something else.
    if (used + word.size() + 2 > message.command.size() || afterwards.size() > kMostWords) return tell({Word::kWatch, group, {}});
    std::copy(word.begin(), word.end(), message.command.begin() + used);
    used += word.size() + 1;
  }
  tell(message);
}

void ChildGuard::forget(pid_t group) noexcept { tell({Word::kForget, group, {}}); }
void ChildGuard::finish(pid_t group) noexcept { tell({Word::kFinish, group, {}}); }

}  // namespace jina::flow

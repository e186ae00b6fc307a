// ChildGuard: a tiny process that outlives this one by a moment, to kill the process groups of its children.
//
// The kernel kills our children when we are killed, but not theirs (a compiler, the worker that Python forks): the guard does, for
// every group that it was told of and that was not taken back. What a child started elsewhere (the container of `docker run`, which
// is a child of the engine's daemon) does not end with its group: for that there is a command. It learns of our end from a pipe
// that only we hold open.
//
// Thread: one. Lifetime: static; started with the first group. Cancellation: none.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace jina::flow {

class ChildGuard {
 public:
  /// Of this process; a forked child that has children of its own gets another one.
  static ChildGuard& of_this_process();

  /// Kill `group` when this process ends, and run `afterwards` (a program's path and its arguments, or nothing).
  void watch(pid_t group, const std::vector<std::string>& afterwards = {}) noexcept;
  /// The group's leader was waited for: its number may be given to others.
  void forget(pid_t group) noexcept;
  /// The same, and its command is run now.
  void finish(pid_t group) noexcept;

 private:
  ChildGuard() = default;
  enum class Word : std::uint8_t { kWatch, kForget, kFinish };
  struct Message;
  void start() noexcept;
  [[noreturn]] static void guard(int from);
  void tell(const Message& message) noexcept;
  pid_t owner_ = 0;
  int pipe_ = -1;
};

}  // namespace jina::flow

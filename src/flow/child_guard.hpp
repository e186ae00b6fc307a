// ChildGuard: a tiny process that outlives this one by a moment, to kill the process groups of its children.
//
// The kernel kills our children when we are killed, but not theirs (a compiler, the worker that Python forks): the guard does, for
// every group that it was told of and that was not taken back. It learns of our end from a pipe that only we hold open.
//
// Thread: one. Lifetime: static; started with the first group. Cancellation: none.
#pragma once
#include <sys/types.h>

namespace jina::flow {

class ChildGuard {
 public:
  /// Of this process; a forked child that has children of its own gets another one.
  static ChildGuard& of_this_process();

  /// Kill `group` when this process ends.
  void watch(pid_t group) noexcept;
  /// The group's leader was waited for: its number may be given to others.
  void forget(pid_t group) noexcept;

 private:
  ChildGuard() = default;
  void start() noexcept;
  void tell(pid_t number) noexcept;
  pid_t owner_ = 0;
  int pipe_ = -1;
};

}  // namespace jina::flow

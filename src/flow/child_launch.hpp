// launch_child: the fork of a Process, and what happens in the child before the program or the function begins.
//
// The child gets a session of nothing: its standard streams, the files of no one else, no signal mask or handler of this process,
// a process group of its own, and SIGKILL when the thread that made it ends.
//
// Thread: one that lives as long as the child. Lifetime: the caller closes the ends of the pipes and waits for the child.
// Cancellation: none.
#pragma once
#include <sys/types.h>

#include "flow/process.hpp"

namespace jina::flow {

struct LaunchedChild {
  pid_t pid = -1;
  int out = -1;    ///< read end of its standard output
  int error = -1;  ///< of its error output
};

/// Returns once the program runs or the function is about to; the error says which step failed.
Result<LaunchedChild> launch_child(const ProcessOptions& options);

}  // namespace jina::flow

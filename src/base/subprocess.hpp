// run_command: a program run to its end, its output caught; find_program: where it is.
//
// Thread: blocks the caller. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <vector>

namespace jina {

struct CommandResult {
  int exit_code = -1;  ///< -1: it could not be started, or a signal ended it
  std::string output;  ///< standard output and error, as they came
};
/// `folder` is its working directory; empty: this process's.
CommandResult run_command(const std::vector<std::string>& command, const std::string& folder = {});

/// As a shell finds it: `name` on PATH, or itself when it has a '/'. Empty when it is no program.
std::string find_program(const std::string& name);

}  // namespace jina

// The program `jina`.
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "cli/command.hpp"

int main(int argc, char** argv) {
  // A peer or a pager that goes away is an error of that write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  jina::cli::Console console{std::cin, std::cout, std::cerr, jina::cli::Style::of(STDOUT_FILENO),
                             jina::cli::Style::of(STDERR_FILENO)};
  return jina::cli::run_program(console, {argv + 1, argv + argc});
}

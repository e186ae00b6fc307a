// Process: a child process in a group of its own, whose output is read line by line and which dies with this process, as do the
// processes that it made (ChildGuard).
//
// Thread: one I/O thread, the one that made it, and that thread must live as long as the child (the kernel ties the child to it).
// Lifetime: the destructor kills a child that still runs and waits for it. Cancellation: terminate(), kill().
#pragma once
#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jina/status.hpp"

namespace jina::flow {

/// How a process ended.
struct ExitState {
  bool exited = false;  ///< false: it still runs
  int code = 0;         ///< meaningful when signal is 0
  int signal = 0;
  bool ours = false;              ///< Process::kill() was called before
  std::uint64_t peak_memory = 0;  ///< the most memory that it and its children had, in bytes
  /// "exited with code 2", "was killed by signal 9 (Killed)".
  std::string to_string() const;
};

struct ProcessOptions {
  std::string program{};                                           ///< path of the executable; with a function: its name in errors
  std::vector<std::string> arguments{};                            ///< without the program's name
  std::vector<std::pair<std::string, std::string>> environment{};  ///< set beside what this process has
  std::string directory{};                                         ///< working directory; this process's when empty
  std::vector<int> cores{};                                        ///< that it may run on; all when empty
  /// A program's path and its arguments: run when the process was killed, or when this process ended while it ran. It ends what the
  /// process started elsewhere: a container.
  std::vector<std::string> afterwards{};
  /// What that ends, for the warning when it does not get there: "the container jina-1-upper".
  std::string elsewhere{};
  std::chrono::milliseconds afterwards_limit{10'000};  ///< then that is killed
  /// Runs in the forked child instead of a program; what it returns is the exit code. It finds standard streams and no other file
  /// open, SIGPIPE ignored. The process that forks should have one thread: the others are not in the child, their locks are.
  std::function<int()> function{};
};

class Process {
 public:
  enum class Stream : std::uint8_t { kOut, kError };
  using OnLine = std::function<void(Stream, std::string_view line)>;
  using OnExit = std::function<void()>;

  /// Starts it. Lines arrive without their end; `on_exit` runs once, when it ended (with `afterwards`, if that is run) and its
  /// output was read. What `afterwards` did not manage is told as a last line of kError.
  static Result<std::unique_ptr<Process>> start(boost::asio::io_context& io, ProcessOptions options, OnLine on_line,
                                                OnExit on_exit);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const noexcept;
  const ExitState& state() const noexcept;
  /// SIGTERM to it alone, so that it can stop in order.
  void terminate();
  /// SIGKILL to its whole group; to that of `afterwards`, when it is that which still runs.
  void kill();

 private:
  struct Impl;
  explicit Process(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

/// The path of the executable of this process.
std::string own_executable();

}  // namespace jina::flow

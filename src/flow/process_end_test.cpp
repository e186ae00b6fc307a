// How processes of a Flow end when nobody asks them to: with their parent, with their group, and what they left elsewhere.
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <utility>
#include <vector>

#include "flow/process.hpp"

namespace jina::flow {
namespace {

ProcessOptions shell(const std::string& script) { return {.program = "/bin/sh", .arguments = {"-c", script}}; }

/// Tells when a process has ended, whoever its parent is and whoever waited for it: a shell that dies may first wait for its child,
/// which died a moment before. Where the kernel has no pidfds (Linux 5.3) it asks again and again.
class Ending {
 public:
  explicit Ending(pid_t pid) : pid_(pid), file_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
  Ending(Ending&& other) noexcept : pid_(other.pid_), file_(std::exchange(other.file_, -1)) {}
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;
  ~Ending() {
    if (file_ >= 0) ::close(file_);
  }
  void wait() const {
    pollfd question{file_, POLLIN, 0};
    if (file_ >= 0)
      while (::poll(&question, 1, -1) < 0 && errno == EINTR) {
      }
    else
      while (::kill(pid_, 0) == 0 && ::waitpid(pid_, nullptr, WNOHANG) <= 0) ::sched_yield();
  }

 private:
  pid_t pid_;
  int file_;
};

// A process that is killed with no chance to do anything: its child and its child's child end too.
TEST(Process, NobodyOutlivesAKilledParent) {
  boost::asio::io_context io;
  std::vector<Ending> below;
  auto launcher = Process::start(
      io,
      {.function =
           [] {
             boost::asio::io_context inner;
             auto child = Process::start(
                 inner, shell("sleep 1000 & echo $$; echo $!; wait"),
                 [](Process::Stream, std::string_view line) { std::cout << line << std::endl; }, [] {});
             inner.run();
             return 0;
           }},
      [&](Process::Stream, std::string_view line) {
        below.emplace_back(std::stoi(std::string(line)));
        if (below.size() == 2) io.stop();
      },
      [] {});
  ASSERT_TRUE(launcher.ok());
  io.run();
  ASSERT_EQ(below.size(), 2U);
  ::kill((*launcher)->pid(), SIGKILL);  // to it alone, not to its group
  for (const auto& each : below) each.wait();
}

TEST(Process, DestructionKillsTheWholeGroup) {
  boost::asio::io_context io;
  std::optional<Ending> grandchild;
  auto process = Process::start(
      io, shell("sleep 1000 & echo $!; wait"),
      [&](Process::Stream, std::string_view line) {
        grandchild.emplace(std::stoi(std::string(line)));
        io.stop();
      },
      [] {});
  ASSERT_TRUE(process.ok());
  io.run();
  ASSERT_TRUE(grandchild);
  process->reset();
  grandchild->wait();
}

// A child that starts something which does not end with it, as `docker run` does: another command has to end that.
class AfterwardsTest : public ::testing::Test {
 protected:
  // The command says so by opening a named pipe, which the test reads.
  AfterwardsTest() { EXPECT_EQ(::mkfifo(told.c_str(), 0600), 0); }
  ~AfterwardsTest() override { std::filesystem::remove(told); }
  ProcessOptions waiting() const {
    auto options = shell("echo up; exec sleep 1000");
    options.afterwards = {"/bin/sh", "-c", "echo \"$1\" > \"$0\"", told.string(), "cleaned up"};
    return options;
  }
  /// Waits for it.
  std::string what_was_told() const {
    std::string line;
    std::getline(std::ifstream(told), line);
    return line;
  }
  const std::filesystem::path told = std::filesystem::temp_directory_path() / ("jina-afterwards-" + std::to_string(::getpid()));
};

TEST_F(AfterwardsTest, RunsWhenThisProcessIsKilled) {
  boost::asio::io_context io;
  auto launcher = Process::start(
      io,
      {.function =
           [this] {
             boost::asio::io_context inner;
             auto child = Process::start(
                 inner, waiting(), [](Process::Stream, std::string_view line) { std::cout << line << std::endl; }, [] {});
             inner.run();
             return 0;
           }},
      [&](Process::Stream, std::string_view) { io.stop(); }, [] {});
  ASSERT_TRUE(launcher.ok());
  io.run();
  ::kill((*launcher)->pid(), SIGKILL);
  EXPECT_EQ(what_was_told(), "cleaned up");
}

TEST_F(AfterwardsTest, RunsBeforeTheEndOfAProcessThatWasKilledIsTold) {
  boost::asio::io_context io;
  bool ended = false;
  Process* running = nullptr;
  auto process = Process::start(
      io, waiting(), [&](Process::Stream, std::string_view) { running->kill(); }, [&] { ended = true; });
  ASSERT_TRUE(process.ok());
  running = process->get();
  while (!running->state().signal) io.run_one();
  EXPECT_FALSE(ended);
  EXPECT_EQ(what_was_told(), "cleaned up");
  io.run();
  EXPECT_TRUE(ended);
  EXPECT_TRUE(running->state().exited);
}

// As an engine whose daemon does not answer.
class HangingAfterwardsTest : public ::testing::Test {
 protected:
  ProcessOptions killed() const {
    auto options = shell("echo up; exec sleep 1000");
    options.afterwards = {"/bin/sh", "-c", "exec sleep 1000", "rm", "jina-1-a"};
    options.elsewhere = "the container jina-1-a";
    return options;
  }
  /// Kills it when it is up; `again` when it is dead and its `afterwards` runs.
  void run(const ProcessOptions& options, bool again) {
    boost::asio::io_context io;
    Process* running = nullptr;
    auto process = Process::start(
        io, options,
        [&](Process::Stream stream, std::string_view line) {
          if (stream == Process::Stream::kError) warning = line;
          if (line == "up") running->kill();
        },
        [&] { ended = true; });
    ASSERT_TRUE(process.ok());
    running = process->get();
    while (!running->state().signal) io.run_one();
    EXPECT_FALSE(ended);
    if (again) running->kill();
    io.run();
    EXPECT_TRUE(running->state().exited);
  }
  std::string warning;
  bool ended = false;
};

TEST_F(HangingAfterwardsTest, ASecondKillEndsIt) {
  run(killed(), true);
  EXPECT_TRUE(ended);
  EXPECT_EQ(warning,
            "warning: the container jina-1-a may be left: '/bin/sh -c exec sleep 1000 rm jina-1-a' was killed by signal 9 "
            "(Killed); run it again");
}

TEST_F(HangingAfterwardsTest, HasALimit) {
  auto options = killed();
  options.afterwards_limit = std::chrono::milliseconds(1);
  run(options, false);
  EXPECT_TRUE(ended);
  EXPECT_EQ(warning,
            "warning: the container jina-1-a may be left: '/bin/sh -c exec sleep 1000 rm jina-1-a' did not end within 1 ms and "
            "was killed; run it again");
}

TEST_F(AfterwardsTest, RunsWhenItIsDestroyed) {
  boost::asio::io_context io;
  auto process = Process::start(
      io, waiting(), [&](Process::Stream, std::string_view) { io.stop(); }, [] {});
  ASSERT_TRUE(process.ok());
  io.run();
  process->reset();
  EXPECT_EQ(what_was_told(), "cleaned up");
}

TEST_F(AfterwardsTest, IsNotNeededByAProcessThatEndedByItself) {
  auto options = waiting();
  options.arguments.back() = "exit 0";
  options.afterwards = {"/bin/sh", "-c", "rm \"$0\"", told.string()};
  boost::asio::io_context io;
  auto process = Process::start(io, options, {}, [] {});
  ASSERT_TRUE(process.ok());
  io.run();
  EXPECT_EQ((*process)->state().to_string(), "exited with code 0");
  EXPECT_TRUE(std::filesystem::exists(told));
}

}  // namespace
}  // namespace jina::flow

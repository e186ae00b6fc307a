#include "flow/process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "flow/port_reservation.hpp"

namespace jina::flow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Ran {
  ExitState state;
  std::vector<std::string> out, error;
};

ProcessOptions shell(const std::string& script) {
  return {.program = "/bin/sh", .arguments = {"-c", script}, .environment = {{"JINA_TEST_VALUE", "seen"}}};
}

Ran run(ProcessOptions options) {
  boost::asio::io_context io;
  Ran ran;
  auto process = Process::start(
      io, std::move(options),
      [&](Process::Stream stream, std::string_view line) {
        (stream == Process::Stream::kOut ? ran.out : ran.error).emplace_back(line);
      },
      [] {});
  EXPECT_TRUE(process.ok());
  io.run();
  ran.state = (*process)->state();
  return ran;
}

Ran run(const std::string& script) { return run(shell(script)); }

TEST(Process, LinesAndExitCode) {
  const auto ran = run("echo one; echo two >&2; printf 'no end'; echo $JINA_TEST_VALUE >&2; exit 3");
  EXPECT_THAT(ran.out, ElementsAre("one", "no end"));
  EXPECT_THAT(ran.error, ElementsAre("two", "seen"));
  EXPECT_EQ(ran.state.to_string(), "exited with code 3");
}

TEST(Process, Signal) { EXPECT_EQ(run("kill -9 $$").state.to_string(), "was killed by signal 9 (Killed)"); }

TEST(Process, MissingProgramIsAnError) {
  boost::asio::io_context io;
  auto process = Process::start(io, {.program = "/nowhere/jina"}, {}, {});
  ASSERT_FALSE(process.ok());
  EXPECT_EQ(process.error().message, "cannot start /nowhere/jina: exec: No such file or directory");
}

TEST(Process, FunctionInsteadOfAProgram) {
  const auto ran = run({.environment = {{"JINA_TEST_VALUE", "seen"}}, .directory = "/", .function = [] {
                          std::cout << "out" << std::endl;
                          std::cerr << ::getenv("JINA_TEST_VALUE") << " in " << std::filesystem::current_path().string()
                                    << std::endl;
                          return 7;
                        }});
  EXPECT_THAT(ran.out, ElementsAre("out"));
  EXPECT_THAT(ran.error, ElementsAre("seen in /"));
  EXPECT_EQ(ran.state.to_string(), "exited with code 7");
}

TEST(Process, FunctionThatThrows) {
  const auto ran = run({.function = []() -> int { throw std::runtime_error("it has no model"); }});
  EXPECT_THAT(ran.error, ElementsAre("error: it has no model"));
  EXPECT_EQ(ran.state.code, 1);
}

TEST(Process, FunctionMayRunItsOwnIoContextAndSignals) {
  const auto ran = run({.function = [] {
    boost::asio::io_context io;
    boost::asio::signal_set signals(io, SIGTERM);
    signals.async_wait([](auto, int number) { std::cout << "signal " << number << std::endl; });
    ::raise(SIGTERM);
    io.run();
    return 0;
  }});
  EXPECT_THAT(ran.out, ElementsAre("signal 15"));
}

TEST(Process, InheritsNeitherFilesNorSignalMasks) {
  const int open_file = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  sigset_t blocked, before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &blocked, &before);
  const std::string look = "ls /proc/self/fd | wc -l; grep SigBlk /proc/self/status";
  const auto program = run(look);
  const auto function = run({.function = [] {
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++files;
    std::cout << files << std::endl;
    return 0;
  }});
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  ::close(open_file);
  // Three streams, and the folder that is listed.
  EXPECT_THAT(program.out, ElementsAre("4", HasSubstr("0000000000000000")));
  EXPECT_THAT(function.out, ElementsAre("4"));
}

TEST(Process, RunsOnTheCoresThatItIsGiven) {
  cpu_set_t ours;
  ASSERT_EQ(::sched_getaffinity(0, sizeof ours, &ours), 0);
  int core = 0;
  while (!CPU_ISSET(static_cast<unsigned>(core), &ours)) ++core;
  auto options = shell("grep Cpus_allowed_list /proc/self/status");
  options.cores = {core};
  EXPECT_THAT(run(options).out, ElementsAre("Cpus_allowed_list:\t" + std::to_string(core)));
}

TEST(Process, MissingCoreIsAnError) {
  boost::asio::io_context io;
  auto options = shell("true");
  options.cores = {CPU_SETSIZE - 1};
  auto process = Process::start(io, options, {}, {});
  ASSERT_FALSE(process.ok());
  EXPECT_THAT(process.error().message, HasSubstr("it may not run on cores 1023"));
}

// The option that a server sets before it binds: most set the first one, some the second one only.
class PortReservationTest : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Options, PortReservationTest, ::testing::Values(SO_REUSEADDR, SO_REUSEPORT));

TEST_P(PortReservationTest, OthersMayListenButNotReserve) {
  auto mine = PortReservation::make();
  ASSERT_TRUE(mine.ok());
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(server, SOL_SOCKET, GetParam(), &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(mine->port());
  EXPECT_EQ(::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(server, 1), 0);
  auto second = PortReservation::make(mine->port());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, StatusCode::kAlreadyExists);
  EXPECT_THAT(second.error().message, HasSubstr("stop the server that has it"));
  ::close(server);
}

}  // namespace
}  // namespace jina::flow

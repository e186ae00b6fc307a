#include "flow/process.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>

#include "flow/launcher.hpp"
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

Ran run(const std::string& script) {
  boost::asio::io_context io;
  Ran ran;
  auto process = Process::start(
      io, shell(script),
      [&](Process::Stream stream, std::string_view line) {
        (stream == Process::Stream::kOut ? ran.out : ran.error).emplace_back(line);
      },
      [] {});
  EXPECT_TRUE(process.ok());
  io.run();
  ran.state = (*process)->state();
  return ran;
}

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

TEST(Process, DestructionKillsTheWholeGroup) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans come to this process, which can so see how they ended
  boost::asio::io_context io;
  std::string grandchild;
  auto process = Process::start(
      io, shell("sleep 1000 & echo $!; wait"),
      [&](Process::Stream, std::string_view line) {
        grandchild = line;
        io.stop();
      },
      [] {});
  ASSERT_TRUE(process.ok());
  io.run();
  const pid_t orphan = std::stoi(grandchild);
  process->reset();
  int status = 0;
  ASSERT_EQ(::waitpid(orphan, &status, 0), orphan);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
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

TEST(Launcher, SaysWhoDiedAndWhy) {
  LaunchPlan plan;
  auto reserved = PortReservation::make();
  ASSERT_TRUE(reserved.ok());
  PodPlan steady{.name = "steady/rep-0", .process = shell("exec sleep 1000")};
  steady.health.host = "127.0.0.1";
  steady.health.port = reserved->port();
  PodPlan bad{.name = "bad/rep-0", .process = shell("echo 'it is broken' >&2; exit 5")};
  bad.health = steady.health;
  plan.pods.push_back(steady);
  plan.pods.push_back(bad);
  std::string sentence;
  std::vector<std::string> lines;
  LauncherEvents events;
  events.on_failure = [&](const std::string& text, const std::vector<std::string>& last) {
    sentence = text;
    lines = last;
  };
  EXPECT_FALSE(Launcher(std::move(plan), events).run());
  EXPECT_EQ(sentence, "bad/rep-0 exited with code 5");
  EXPECT_THAT(lines, ElementsAre("it is broken"));
}

TEST(Launcher, SaysWhoIsNotReadyInTime) {
  LaunchPlan plan;
  auto reserved = PortReservation::make();
  ASSERT_TRUE(reserved.ok());
  PodPlan slow{.name = "slow/rep-0", .process = shell("exec sleep 1000")};
  slow.health.host = "127.0.0.1";
  slow.health.port = reserved->port();
  slow.timeout_ready = std::chrono::milliseconds(100);
  plan.pods.push_back(slow);
  std::string sentence;
  LauncherEvents events;
  events.on_failure = [&](const std::string& text, const auto&) { sentence = text; };
  EXPECT_FALSE(Launcher(std::move(plan), events).run());
  EXPECT_THAT(sentence, HasSubstr("slow/rep-0 is not ready after 100 ms (timeout_ready)"));
  EXPECT_THAT(sentence, HasSubstr("Connection refused"));
}

TEST(Launcher, SignalStopsInOrder) {
  LaunchPlan plan;
  auto reserved = PortReservation::make();
  ASSERT_TRUE(reserved.ok());
  const auto pod = [&](const char* name, bool gateway) {
    PodPlan made{.name = name,
                 .is_gateway = gateway,
                 .process = shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done")};
    made.health.host = "127.0.0.1";
    made.health.port = reserved->port();
    return made;
  };
  plan.pods.push_back(pod("worker/rep-0", false));
  plan.pods.push_back(pod("gateway/rep-0", true));
  std::vector<std::string> log;
  int up = 0;
  LauncherEvents events;
  events.on_output = [&](const std::string& name, bool, std::string_view line) {
    if (line == "bye") log.push_back(name);
    if (line == "up" && ++up == 2) ::raise(SIGTERM);
  };
  EXPECT_FALSE(Launcher(std::move(plan), events).run());  // it was stopped before it was ready
  EXPECT_THAT(log, ElementsAre("gateway/rep-0", "worker/rep-0"));
}

}  // namespace
}  // namespace jina::flow

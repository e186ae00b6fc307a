#include "flow/launcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>
#include <utility>

#include "base/crash_handler.hpp"
#include "flow/port_reservation.hpp"

namespace jina::flow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

ProcessOptions shell(const std::string& script) { return {.program = "/bin/sh", .arguments = {"-c", script}}; }

// Answers GET with 200 as a healthy process does, until SIGTERM (exit code 0) or GET /crash (SIGABRT).
int serve(std::uint16_t port) {
  namespace asio = boost::asio;
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io);
  acceptor.open(asio::ip::tcp::v4());
  acceptor.set_option(asio::socket_base::reuse_address(true));
  acceptor.bind({asio::ip::make_address("127.0.0.1"), port});
  acceptor.listen();
  ::signal(SIGTERM, [](int) { ::_exit(0); });
  std::cout << "up " << ::getpid() << std::endl;
  for (;;) {
    asio::ip::tcp::socket peer(io);
    acceptor.accept(peer);
    std::string request;
    asio::read_until(peer, asio::dynamic_buffer(request), "\r\n\r\n");
    asio::write(peer, asio::buffer(std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")));
  }
}

class LauncherTest : public ::testing::Test {
 protected:
  PodPlan pod(const std::string& name, ProcessOptions process) {
    auto port = PortReservation::make();
    EXPECT_TRUE(port.ok());
    PodPlan made{.name = name, .process = std::move(process)};
    made.health = {client::Protocol::kHttp, false, "127.0.0.1", port->port()};
    plan.reserved.push_back(std::move(*port));
    return made;
  }
  /// A pod that becomes ready.
  PodPlan server(const std::string& name) {
    PodPlan made = pod(name, {});
    made.process.function = [port = made.health.port] { return serve(port); };
    return made;
  }
  bool run(LauncherOptions options = {}) {
    events.on_failure = [this](const CrashReport& report) { failures.push_back(report); };
    events.on_crash = [this](const CrashReport& report) {
      crashes.push_back(report);
      log.emplace_back("crash");
    };
    Launcher made(std::move(plan), events, std::move(options));
    launcher = &made;
    const bool good = made.run();
    end = made.end();
    launcher = nullptr;
    return good;
  }
  static pid_t pid_in(std::string_view line) { return std::stoi(std::string(line.substr(3))); }

  LaunchPlan plan;
  LauncherEvents events;
  Launcher* launcher = nullptr;
  std::vector<CrashReport> failures, crashes;
  std::vector<std::string> log;  // what happened, in order
  pid_t last_up = 0;
  FlowEnd end = FlowEnd::kEarly;
};

TEST_F(LauncherTest, SaysWhoDiedAndWhy) {
  plan.pods.push_back(pod("steady/rep-0", shell("exec sleep 1000")));
  plan.pods.push_back(pod("bad/rep-0", shell("echo 'it is broken' >&2; exit 5")));
  EXPECT_FALSE(run());
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].sentence, "bad/rep-0 exited with code 5");
  EXPECT_THAT(failures[0].last_errors, ElementsAre("it is broken"));
  EXPECT_EQ(end, FlowEnd::kFailed);
}

TEST_F(LauncherTest, SaysWhoIsNotReadyInTime) {
  plan.pods.push_back(pod("slow/rep-0", shell("exec sleep 1000")));
  plan.pods.back().timeout_ready = 100ms;
  EXPECT_FALSE(run());
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_THAT(failures[0].sentence, HasSubstr("slow/rep-0 is not ready after 100 ms (timeout_ready)"));
  EXPECT_THAT(failures[0].sentence, HasSubstr("Connection refused"));
  EXPECT_THAT(failures[0].hints, ElementsAre(HasSubstr("timeout_ready: 600000")));
}

TEST_F(LauncherTest, SignalStopsInOrder) {
  for (const char* name : {"worker/rep-0", "gateway/rep-0"})
    plan.pods.push_back(pod(name, shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done")));
  plan.pods.back().is_gateway = true;
  int up = 0;
  events.on_output = [&](const std::string& name, bool, std::string_view line) {
    if (line == "bye") log.push_back(name);
    if (line == "up" && ++up == 2) ::raise(SIGTERM);
  };
  EXPECT_FALSE(run());  // it was stopped before it was ready
  EXPECT_EQ(end, FlowEnd::kEarly);
  EXPECT_THAT(log, ElementsAre("gateway/rep-0", "worker/rep-0"));
}

TEST_F(LauncherTest, SecondSignalKills) {
  plan.pods.push_back(pod("deaf/rep-0", shell("trap 'echo again' TERM; echo up; while :; do sleep 0.01; done")));
  events.on_output = [&](const std::string&, bool, std::string_view line) {
    if (line == "up" || line == "again") ::raise(SIGTERM);
  };
  EXPECT_FALSE(run({.signal_echo = 0ms}));
  EXPECT_EQ(end, FlowEnd::kKilled);
}

// As `timeout` sends it: to the process, and to its group.
TEST_F(LauncherTest, EchoOfASignalKillsNobody) {
  plan.pods.push_back(
      pod("slow/rep-0", shell("trap 'echo first; echo second; exit 0' TERM; echo up; while :; do sleep 0.01; done")));
  std::vector<std::string> log;
  events.on_output = [&](const std::string&, bool, std::string_view line) {
    log.emplace_back(line);
    if (line == "up" || line == "first") ::raise(SIGTERM);
  };
  EXPECT_FALSE(run({.signal_echo = 1h}));
  EXPECT_EQ(end, FlowEnd::kEarly);
  EXPECT_THAT(log, ElementsAre("up", "first", "second"));
}

TEST_F(LauncherTest, ProcessThatIsKilledComesBackOnItsPort) {
  plan.pods.push_back(server("store/rep-0"));
  const auto port = plan.pods.front().health.port;
  pid_t first = 0;
  std::vector<std::string> notes;
  events.on_output = [&](const std::string&, bool, std::string_view line) {
    if (first == 0) first = pid_in(line);
  };
  events.on_ready = [&] { ::kill(first, SIGKILL); };
  events.on_note = [&](const std::string& note) { notes.push_back(note); };
  events.on_progress = [&](const std::vector<PodProgress>& pods) {
    if (pods[0].restarts == 1 && pods[0].phase == PodPhase::kReady) launcher->request_stop();
  };
  EXPECT_TRUE(run());
  EXPECT_EQ(end, FlowEnd::kStopped);
  ASSERT_EQ(crashes.size(), 1U);
  EXPECT_EQ(crashes[0].sentence, "store/rep-0 was killed by signal 9 (Killed)");
  EXPECT_EQ(crashes[0].next, "it is started again at once (restart 1)");
  EXPECT_EQ(crashes[0].pid, first);
  EXPECT_THAT(notes, testing::Contains(HasSubstr("store/rep-0 is ready again after")));
  EXPECT_TRUE(PortReservation::make(port).ok());  // nobody is left on it
}

TEST_F(LauncherTest, TooManyRestartsEndTheFlow) {
  plan.pods.push_back(server("weak/rep-0"));
  events.on_progress = [&](const std::vector<PodProgress>& pods) {
    if (pods[0].phase == PodPhase::kReady && last_up != 0) ::kill(std::exchange(last_up, 0), SIGKILL);
  };
  events.on_output = [&](const std::string&, bool, std::string_view line) { last_up = pid_in(line); };
  EXPECT_FALSE(run({.restart_limits = {.first_pause = 1ms, .most = 3}}));
  EXPECT_EQ(crashes.size(), 3U);
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_THAT(failures[0].next, HasSubstr("it was started again 3 times within 300 s, which is the limit"));
}

TEST_F(LauncherTest, NeverMeansThatTheFlowEnds) {
  plan.pods.push_back(server("once/rep-0"));
  plan.pods.back().restart = RestartPolicy::kNever;
  events.on_output = [&](const std::string&, bool, std::string_view line) { last_up = pid_in(line); };
  events.on_ready = [&] { ::kill(last_up, SIGKILL); };
  EXPECT_FALSE(run());
  EXPECT_TRUE(crashes.empty());
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_THAT(failures[0].next, HasSubstr("'restart: on-failure' would start it again"));
}

// A pod that dies with the backtrace of a module without names, and an addr2line that the test says when to answer.
class SlowNamesTest : public LauncherTest {
 protected:
  SlowNamesTest() {
    std::filesystem::create_directories(folder);
    const std::string tool = folder / "addr2line";
    std::ofstream(tool) << "#!/bin/sh\necho $$ > " << asked.string() << ".part; mv " << asked.string() << ".part " << asked.string()
                        << "\nwhile [ ! -e " << answer.string() << " ]; do sleep 0.01; done\necho 'Store::find at store.cpp:7'\n";
    std::filesystem::permissions(tool, std::filesystem::perms::owner_all);
    ::setenv("PATH", (folder.string() + ":" + path).c_str(), 1);
  }
  ~SlowNamesTest() override {
    ::setenv("PATH", path.c_str(), 1);
    std::filesystem::remove_all(folder);
  }
  static void die() {
    std::cerr << kBacktraceBegin << " 11:\n/cache/store.so(+0x6280)[0x7f00]\n" << kBacktraceEnd << std::endl;
    ::_exit(3);
  }
  /// Dies so in its first life, once `crash` is there; then serves.
  PodPlan weak(const std::string& name) {
    PodPlan made = pod(name, {});
    made.process.function = [this, port = made.health.port] {
      if (std::filesystem::exists(lived)) return serve(port);
      std::ofstream(lived.c_str());
      std::thread([this] {
        while (!std::filesystem::exists(crash)) std::this_thread::yield();
        die();
      }).detach();
      return serve(port);
    };
    return made;
  }
  const std::string path = ::getenv("PATH");
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("jina-slow-names-" + std::to_string(::getpid()));
  const std::filesystem::path asked = folder / "asked", answer = folder / "answer", lived = folder / "lived",
                              crash = folder / "crash";
};

TEST_F(SlowNamesTest, SupervisionGoesOnWhileFramesAreNamed) {
  plan.pods.push_back(weak("weak/rep-0"));
  events.on_output = [&](const std::string&, bool, std::string_view) { log.emplace_back("line"); };
  events.on_ready = [&] { std::ofstream(crash.c_str()); };
  events.on_note = [&](const std::string& note) {
    if (note.find("is ready again") == note.npos) return;
    log.emplace_back("note");
    launcher->request_stop();
  };
  events.on_progress = [&](const std::vector<PodProgress>& pods) {  // it is up again, and nobody has named anything yet
    if (pods[0].restarts == 1 && pods[0].phase == PodPhase::kReady) std::ofstream(answer.c_str());
  };
  EXPECT_TRUE(run({.naming_limit = 1h}));
  EXPECT_THAT(log, ElementsAre("line", "crash", "line", "note"));
  ASSERT_EQ(crashes.size(), 1U);
  EXPECT_THAT(crashes[0].backtrace, ElementsAre("store.so: Store::find at store.cpp:7"));
}

TEST_F(SlowNamesTest, NamesThatDoNotComeAreNotWaitedFor) {
  plan.pods.push_back(pod("bad/rep-0", {.function = [] {
                            die();
                            return 0;
                          }}));
  EXPECT_FALSE(run({.naming_limit = 300ms}));
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_THAT(failures[0].backtrace, ElementsAre("store.so: +0x6280"));
  pid_t tool = 0;
  std::ifstream(asked) >> tool;
  ASSERT_GT(tool, 0);
  EXPECT_EQ(::kill(tool, 0), -1);  // nothing is left of it
}

// Two hangups are one reload; whoever asks for an end while it reloads gets one in order.
TEST_F(LauncherTest, StopDuringAReloadIsAFirstSignal) {
  plan.pods.push_back(server("store/rep-0"));
  events.on_ready = [] {
    ::raise(SIGHUP);
    ::raise(SIGTERM);
  };
  events.on_hangup = [&] { launcher->request_reload("SIGHUP"); };
  std::vector<std::string> notes;
  events.on_note = [&](const std::string& note) {
    notes.push_back(note);
    if (note.starts_with("SIGHUP")) ::raise(SIGHUP);
  };
  EXPECT_TRUE(run({.signal_echo = 0ms}));
  EXPECT_EQ(end, FlowEnd::kStopped);
  EXPECT_THAT(notes, ElementsAre(HasSubstr("SIGHUP: restarting"), HasSubstr("SIGTERM: stopping")));
}

TEST_F(LauncherTest, HangupReloadsWhereThatIsWanted) {
  plan.pods.push_back(server("store/rep-0"));
  events.on_ready = [] { ::raise(SIGHUP); };
  events.on_hangup = [&] { launcher->request_reload("SIGHUP"); };
  EXPECT_TRUE(run());
  EXPECT_EQ(end, FlowEnd::kReload);
}

}  // namespace
}  // namespace jina::flow

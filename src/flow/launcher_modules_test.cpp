// What is said about a process that compiles its module: a mistake in that is no crash, and whom it waits for is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "flow/launcher.hpp"
#include "flow/port_reservation.hpp"

namespace jina::flow {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

class LauncherModulesTest : public ::testing::Test {
 protected:
  /// Runs a Flow whose only process writes `line` to its error output and then does `then`.
  CrashReport fail(const std::string& line, const std::string& then, std::optional<std::chrono::milliseconds> limit = {}) {
    auto port = PortReservation::make();
    EXPECT_TRUE(port.ok());
    LaunchPlan plan;
    plan.pods.push_back({.name = "upper/rep-0", .timeout_ready = limit});
    plan.pods.back().process = {.program = "/bin/sh", .arguments = {"-c", "echo \"$0\" >&2; " + then, line}};
    plan.pods.back().health = {client::Protocol::kHttp, false, "127.0.0.1", port->port()};
    plan.reserved.push_back(std::move(*port));
    CrashReport report;
    LauncherEvents events;
    events.on_failure = [&](const CrashReport& said) { report = said; };
    Launcher launcher(std::move(plan), std::move(events), {.report_folder = folder});
    EXPECT_FALSE(launcher.run());
    return report;
  }
  ~LauncherModulesTest() override { std::filesystem::remove_all(folder); }
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("jina-modules-" + std::to_string(::getpid()));
};

TEST_F(LauncherModulesTest, AMistakeOfTheUserLeavesNoCrashReport) {
  const auto report =
      fail("jina executor: error: module src/upper.cpp does not compile:", "echo 'upper.cpp:3:1: error' >&2; exit 1");
  EXPECT_EQ(report.sentence, "upper/rep-0: src/upper.cpp does not compile");
  EXPECT_EQ(report.last_errors.back(), "upper.cpp:3:1: error");
  EXPECT_TRUE(report.file.empty());
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(LauncherModulesTest, OtherEndsLeaveOne) {
  const auto report = fail("no model", "exit 1");
  EXPECT_EQ(report.sentence, "upper/rep-0 exited with code 1");
  EXPECT_TRUE(std::filesystem::exists(report.file));
}

TEST_F(LauncherModulesTest, WhoWaitsForACompilerSaysForWhich) {
  EXPECT_EQ(fail("[I] waiting for process 12, which compiles upper.cpp ...", "exec sleep 1000", 200ms).sentence,
            "upper/rep-0 is not ready after 200 ms (timeout_ready): it is still waiting for process 12, which compiles upper.cpp");
  EXPECT_EQ(fail("[I] compiling upper.cpp ...", "exec sleep 1000", 200ms).sentence,
            "upper/rep-0 is not ready after 200 ms (timeout_ready): it is still compiling upper.cpp");
}

}  // namespace
}  // namespace jina::flow

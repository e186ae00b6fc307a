#include "flow/crash_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/crash_handler.hpp"
#include "flow/backtrace_lines.hpp"
#include "flow/named_frames.hpp"

namespace jina::flow {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(ReadableFrame, NamesAsPeopleWriteThem) {
  EXPECT_EQ(readable_frame("/usr/lib/store.so(_ZN5Store6searchEi+0x1f)[0x7f00]"), "store.so: Store::search(int)+0x1f");
  EXPECT_EQ(readable_frame("./store(+0x1f)[0x7f00]"), "store: +0x1f");
  EXPECT_EQ(readable_frame("[0x7f00]"), "[0x7f00]");
}

TEST(BacktraceLines, AreTakenOutOfTheOutput) {
  BacktraceLines lines;
  EXPECT_FALSE(lines.take("before"));
  EXPECT_TRUE(lines.take(std::string(kBacktraceBegin) + " 11:"));
  EXPECT_TRUE(lines.take("jina(jina_crash_handler+0x5)[0x1]"));
  EXPECT_TRUE(lines.take("store.so(main+0x1)[0x2]"));
  EXPECT_TRUE(lines.take(kBacktraceEnd));
  EXPECT_FALSE(lines.take("after"));
  EXPECT_THAT(lines.frames(), testing::ElementsAre("store.so(main+0x1)[0x2]"));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" __attribute__((noipa, visibility("default"))) void jina_test_crash() {
  volatile int* volatile nowhere = nullptr;  // what the compiler can not know to be null it can not leave out
  *nowhere = 1;                              // NOLINT
}

TEST(CrashHandler, SaysWhereItWas) {
  boost::asio::io_context io;
  BacktraceLines lines;
  auto process = Process::start(
      io,
      {.function =
           [] {
             install_crash_handler();
             jina_test_crash();
             return 0;
           }},
      [&](Process::Stream, std::string_view line) { lines.take(line); }, [] {});
  ASSERT_TRUE(process.ok());
  io.run();
  EXPECT_EQ((*process)->state().signal, SIGSEGV);
  EXPECT_THAT(lines.frames(), Not(IsEmpty()));
}
#endif

TEST(CrashReport, LackOfMemoryIsSuspectedOfASignalThatNobodySent) {
  ExitState state{.exited = true, .signal = SIGKILL, .peak_memory = 300 << 20};
  EXPECT_THAT(hints_for(state, 0), Contains(HasSubstr("nobody here sent that signal")));
  EXPECT_THAT(hints_for(state, 0), Contains(HasSubstr("300 MB")));
  EXPECT_THAT(hints_for(state, 1), Contains(HasSubstr("most probably this one")));
  state.ours = true;
  EXPECT_THAT(hints_for(state, 1), IsEmpty());
}

TEST(CrashReport, GoesToAFile) {
  CrashReport report{.pod = "upper/rep-0",
                     .sentence = "upper/rep-0 exited with code 3",
                     .next = "the Flow stops",
                     .last_errors = {"no model"},
                     .backtrace = {"store.so: Store::search(int)+0x1f"},
                     .command = "jina executor",
                     .pid = 77};
  const auto folder = std::filesystem::temp_directory_path() / ("jina-crash-report-test-" + std::to_string(::getpid()));
  ASSERT_TRUE(write_crash_report(report, folder).ok());
  EXPECT_THAT(report.file.filename().string(), testing::MatchesRegex("upper-rep-0-[0-9]+-[0-9]+-77.txt"));
  std::stringstream text;
  text << std::ifstream(report.file).rdbuf();
  for (const char* part : {"exited with code 3", "the Flow stops", "no model", "#0  store.so", "jina executor"})
    EXPECT_THAT(text.str(), HasSubstr(part));
  std::filesystem::remove_all(folder);
}

TEST(CrashReport, FolderThatCanNotBeMade) {
  CrashReport report{.pod = "a", .sentence = "a"};
  EXPECT_THAT(write_crash_report(report, "/proc/no").message, HasSubstr("cannot make the folder /proc/no"));
}

}  // namespace
}  // namespace jina::flow

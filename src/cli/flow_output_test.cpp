#include "cli/flow_output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace jina::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(FlowOutput, AFailureRepeatsOnlyWhatIsFarAbove) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err};
  flow::LaunchPlan plan;
  plan.pods.push_back({.name = "a"});
  FlowOutput output(console, plan);
  output.line("a", true, "one");
  output.line("a", true, "two");
  output.failure({.sentence = "a exited", .last_errors = {"one", "two"}});
  EXPECT_THAT(err.str(), Not(HasSubstr("the last it said")));
  output.line("b", true, "other");
  output.failure({.sentence = "a exited", .last_errors = {"one", "two"}});
  EXPECT_THAT(err.str(), HasSubstr("the last it said:\n  > one\n  > two\n"));
}

TEST(FlowOutput, CrashIsOneNoteAndWhatIsKnown) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err};
  FlowOutput output(console, {});
  output.crash({.sentence = "a was killed by signal 11",
                .next = "it is started again at once",
                .hints = {"a hint"},
                .backtrace = {"x.so: f()+0x1"},
                .file = "/w/a.txt"});
  EXPECT_EQ(
      err.str(),
      "flow | a was killed by signal 11; it is started again at once\n  a hint\n  where it was:\n  #0  x.so: f()+0x1\n  report: "
      "/w/a.txt\n");
}

TEST(FlowOutput, BlockStaysBelowWhatIsPrinted) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err};
  FlowOutput output(console, {}, true);
  const ProgressTime start{};
  output.progress({{.name = "a", .since = start}}, start);
  EXPECT_EQ(err.str(), "0 of 1 ready\n  a  starting   0.0 s\n");
  err.str("");
  output.note("hello");
  EXPECT_EQ(err.str(), "\x1b[2A\r\x1b[Jflow | hello\n0 of 1 ready\n  a  starting   0.0 s\n");
  err.str("");
  output.progress({{.name = "a", .phase = flow::PodPhase::kReady, .since = start}}, start);
  EXPECT_EQ(err.str(), "\x1b[2A\r\x1b[J");
}

TEST(Progress, BlockSaysWhoIsMissingAndWhy) {
  using std::chrono::milliseconds;
  const ProgressTime start{};
  const std::vector<flow::PodProgress> pods{
      {.name = "store/rep-0", .phase = flow::PodPhase::kCompiling, .detail = "store.cpp", .since = start},
      {.name = "upper/rep-0", .phase = flow::PodPhase::kReady, .since = start, .took = milliseconds(312)},
      {.name = "gateway/rep-0", .phase = flow::PodPhase::kLoading, .detail = "health: NOT_SERVING\nand more", .since = start}};
  EXPECT_THAT(
      progress_block(pods, start + milliseconds(3210), Style(), 60, 20),
      ElementsAre("1 of 3 ready", "  store/rep-0    compiling  3.2 s: store.cpp", "  upper/rep-0    ready      after 312 ms",
                  "  gateway/rep-0  loading    3.2 s: health: NOT_SERVING an..."));
  // Short of lines those that are ready are left out.
  EXPECT_THAT(progress_block(pods, start, Style(), 60, 3),
              ElementsAre("1 of 3 ready", "  store/rep-0    compiling  0.0 s: store.cpp", "  and 1 more"));
}

TEST(Progress, NotesComeOnceAndThenSeldom) {
  using std::chrono::seconds;
  const ProgressTime start{};
  ProgressNotes notes;
  std::vector<flow::PodProgress> pods{{.name = "a", .since = start},
                                      {.name = "b", .phase = flow::PodPhase::kReady, .since = start, .took = seconds(1)}};
  EXPECT_THAT(notes.notes(pods, start), ElementsAre("b is ready after 1000 ms"));
  EXPECT_THAT(notes.notes(pods, start + seconds(4)), IsEmpty());
  pods[0].detail = "Connection refused";
  EXPECT_THAT(notes.notes(pods, start + seconds(5)), ElementsAre("waiting for a (starting, 5.0 s: Connection refused)"));
  EXPECT_THAT(notes.notes(pods, start + seconds(14)), IsEmpty());
  EXPECT_THAT(notes.notes(pods, start + seconds(15)), ElementsAre(HasSubstr("waiting for a")));
}

TEST(EndpointTable, Aligned) {
  EXPECT_EQ(endpoint_table({{"gateway", "grpc", "grpc://127.0.0.1:1"},
                            {"gateway", "http", "http://127.0.0.1:1", "http://127.0.0.1:1/docs"},
                            {"far", "grpc", "grpcs://h:2", "", true}},
                           Style()),
            "  name            protocol  address             docs\n"
            "  gateway         grpc      grpc://127.0.0.1:1\n"
            "  gateway         http      http://127.0.0.1:1  http://127.0.0.1:1/docs\n"
            "  far (external)  grpc      grpcs://h:2\n");
}

}  // namespace
}  // namespace jina::cli

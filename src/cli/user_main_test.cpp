// Programs with classes of their own linked in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

#include "cli/command.hpp"
#include "jina/executor.hpp"
#include "jina/gateway.hpp"
#include "jina/main.hpp"

namespace demo {

struct Options {
  int level = 3;
};
BOOST_DESCRIBE_STRUCT(Options, (), (level))

struct Front : jina::Gateway {
  explicit Front(Options options) { throw std::runtime_error("level " + std::to_string(options.level) + " of " + name()); }
  jina::Task<void> setup_server() override { co_return; }
  jina::Task<void> run_server() override { co_return; }
  jina::Task<void> shutdown() override { co_return; }
};

struct Worker : jina::Executor {
  Worker() { throw std::runtime_error("no work today"); }
  void setup(jina::Endpoints&) override {}
};

}  // namespace demo

namespace jina::cli {
namespace {

using testing::HasSubstr;

struct Ran {
  int code;
  std::string err;
};

Ran run_with(const std::vector<std::string>& words) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err};
  const int code = run_program(console, words, [](Registry& on) { on.add<demo::Front>("Front").add<demo::Worker>("Worker"); });
  return {code, err.str()};
}

TEST(UserMainTest, GatewaysAreFoundWithoutAModule) {
  const Ran ran = run_with({"gateway", "--uses", "Front", "--uses-with", "level=7", "--name", "door"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("the constructor of Gateway 'Front' failed: level 7 of door"));
}

TEST(UserMainTest, ExecutorsToo) {
  const Ran ran = run_with({"executor", "--uses", "Worker"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("the constructor of Executor 'Worker' failed: no work today"));
}

TEST(UserMainTest, UnknownClassesAreToldWithThoseThereAre) {
  const Ran ran = run_with({"gateway", "--uses", "Frond"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("did you mean 'Front'?"));
  EXPECT_THAT(ran.err, HasSubstr("HTTPGateway"));
}

TEST(UserMainTest, NamesOfJinasGatewaysAreTaken) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err};
  EXPECT_EQ(run_program(console, {"gateway"}, [](Registry& on) { on.add<demo::Front>("HTTPGateway"); }), 1);
  EXPECT_THAT(err.str(), HasSubstr("two classes are registered as 'HTTPGateway'"));
}

TEST(UserMainTest, OneClassIsTheProgram) {
  char program[] = "front", option[] = "--uses-with", value[] = "level=9";
  char* words[] = {program, option, value, nullptr};
  testing::internal::CaptureStderr();
  EXPECT_EQ(jina::run<demo::Front>(3, words), 1);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("the constructor of Gateway 'Front' failed: level 9"));
  testing::internal::CaptureStderr();
  EXPECT_EQ(jina::run<demo::Worker>(1, words), 1);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("'Worker'"));
}

}  // namespace
}  // namespace jina::cli

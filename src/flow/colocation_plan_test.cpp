#include "flow/colocation_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>

#include "config/load.hpp"
#include "flow/effects.hpp"

namespace jina::flow {
namespace {

using testing::HasSubstr;

class ColocationPlan : public testing::Test {
 protected:
  ColocationPlan() {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "m.cpp") << "// a module\n";
    std::ofstream(folder_ / "m.py") << "# a module\n";
  }
  ~ColocationPlan() override { std::filesystem::remove_all(folder_); }

  DeploymentSpec item(const std::string& keys) const {
    const std::string text = "jtype: Flow\nexecutors:\n  - {name: a, colocate: true, " + keys + "}\n";
    auto document = config::load_text(text, "flow.yml", folder_);
    return parse_flow(document.value()).value().deployments.front();
  }
  boost::json::object arguments(const std::string& keys) const { return colocation_arguments(item(keys)).value(); }
  std::string refused(const std::string& keys) const { return colocation_arguments(item(keys)).error().message; }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("colocation_plan_" + std::to_string(::getpid()));
};

TEST_F(ColocationPlan, TellsTheGatewayWhatMakesIt) {
  const auto found = arguments("uses: M, py_modules: m.cpp, uses_with: {x: 1}, replicas: 2, workspace: w, port: 1234");
  boost::json::object expected =
      boost::json::parse(R"({"uses": "M", "replicas": 2, "uses_with": {"x": 1}, "workspace": "w"})").as_object();
  expected["py_modules"] = boost::json::array{boost::json::string((folder_ / "m.cpp").string())};
  EXPECT_EQ(found, expected);
}

TEST_F(ColocationPlan, RefusesWhatCanNotBeThere) {
  EXPECT_THAT(refused("uses: m.py"), HasSubstr("m.py is Python, and only a C++ Executor can run in the gateway's process"));
  EXPECT_THAT(refused("uses: M, py_modules: m.cpp, shards: 2"), HasSubstr("has no shards"));
  EXPECT_THAT(refused("uses: 'docker://image'"), HasSubstr("an image can not"));
  EXPECT_THAT(refused("external: true, port: 1234"), HasSubstr("external"));
  EXPECT_THAT(refused("uses: M, py_modules: none.cpp"), HasSubstr("none.cpp"));
}

TEST_F(ColocationPlan, WhatBelongsToAProcessHasNoEffect) {
  EXPECT_THAT(without_effect(item("uses: M, py_modules: m.cpp, port: 1234, exit_on_exceptions: [ValueError]")),
              testing::UnorderedElementsAre("port", "exit_on_exceptions"));
}

}  // namespace
}  // namespace jina::flow

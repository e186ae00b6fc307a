// What the processes of an item are started with: GPUs and cores in turn, containers, interpreters.
#include "flow/executor_pods.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "flow/container.hpp"
#include "flow/pinning.hpp"

namespace jina::flow {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

namespace fs = std::filesystem;

TEST(Pinning, DevicesGoRound) {
  EXPECT_THAT(*round_robin_devices("RR", 3, 2), ElementsAre("0", "1", "0"));
  EXPECT_THAT(*round_robin_devices("RR1:3", 3, 4), ElementsAre("1", "2", "1"));
  EXPECT_THAT(*round_robin_devices("RR1:", 3, 3), ElementsAre("1", "2", "1"));
  EXPECT_THAT(*round_robin_devices("RR-2:", 2, 4), ElementsAre("2", "3"));
  EXPECT_THAT(*round_robin_devices("RR0,2,3", 4, 4), ElementsAre("0", "2", "3", "0"));
  EXPECT_THAT(*round_robin_devices("RR[1:3]", 2, 4), ElementsAre("1", "2"));
  EXPECT_THAT(*round_robin_devices("RRGPU-a,GPU-b", 3, 4), ElementsAre("GPU-a", "GPU-b", "GPU-a"));
  EXPECT_FALSE(round_robin_devices("0,1", 2, 4).has_value());
  EXPECT_FALSE(round_robin_devices("RR", 2, 0).has_value());
}

TEST(Pinning, Cores) {
  const std::vector<int> usable{0, 1, 2, 3};
  const auto cores = [&](std::vector<std::string> list, int replica) { return cores_for(list, replica, usable); };
  EXPECT_THAT(*cores({"0-2"}, 1), ElementsAre(0, 1, 2));
  EXPECT_THAT(*cores({"0", "3"}, 0), ElementsAre(0, 3));
  EXPECT_THAT(*cores({"RR"}, 5), ElementsAre(1));
  EXPECT_THAT(*cores({"RR2-3"}, 1), ElementsAre(3));
  EXPECT_THAT(*cores({}, 0), IsEmpty());
  EXPECT_THAT(cores({"9"}, 0).error().message, HasSubstr("there is no core 9 for this process; there are 0, 1, 2, 3"));
  EXPECT_THAT(cores({"3-1"}, 0).error().message, HasSubstr("neither a core nor a range of cores"));
}

class Folder {
 public:
  Folder() : path(fs::temp_directory_path() / ("jina-pods-" + std::to_string(::getpid()))) { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string program(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << "#!/bin/sh\n" << text << "\n";
    fs::permissions(path / name, fs::perms::owner_all);
    return (path / name).string();
  }
  const fs::path path;
};

class Pods : public testing::Test {
 protected:
  FlowSpec flow(const std::string& items) {
    auto document = config::load_text("jtype: Flow\nexecutors:\n" + items, "flow.yml", folder.path);
    EXPECT_TRUE(document.ok());
    config::Diagnostics found;
    auto read = read_flow(*document, found);
    warnings = found.texts(config::Severity::kWarning);
    return read;
  }
  Result<PodPlan> pod_of(const FlowSpec& flow, Pythons pythons = Pythons("")) {
    auto pods = ExecutorPods::make(flow, flow.deployments.front(), "/bin/jina", pythons);
    if (!pods) return pods.error();
    return pods->pod({.name = flow.deployments.front().name + "/rep-1",
                      .host = "0.0.0.0",
                      .port = 54321,
                      .metrics_port = metrics_port,
                      .replica = 1});
  }
  Folder folder;
  std::uint16_t metrics_port = 0;
  std::vector<std::string> warnings;
};

TEST_F(Pods, EachReplicaHasItsGpu) {
  const auto two = flow("- {name: a, replicas: 2, env: {CUDA_VISIBLE_DEVICES: 'RR3,5'}}\n");
  EXPECT_THAT(pod_of(two)->process.environment, Contains(Pair("CUDA_VISIBLE_DEVICES", "5")));
}

TEST_F(Pods, PythonGetsWhatJinaKnows) {
  folder.program("python", "exit 0");
  std::ofstream(folder.path / "x.py") << "class X(Executor): pass\n";
  const auto one = flow("- {name: a, uses: X, py_modules: x.py, python: ./python, quiet_error: true, io_threads: 2, gpus: all}\n");
  const auto pod = pod_of(one);
  ASSERT_TRUE(pod.ok()) << pod.error().message;
  EXPECT_TRUE(pod->python);
  EXPECT_EQ(fs::path(pod->process.program).lexically_normal(), folder.path / "python");
  EXPECT_THAT(pod->process.arguments,
              ElementsAre("-m", "jina", "executor", "--name", "a/rep-1", "--host", "0.0.0.0", "--port", "54321", "--replica-id",
                          "1", "--native", "--uses", "X", "--py-modules", (folder.path / "x.py").string(), "--quiet-error"));
  EXPECT_THAT(warnings, ElementsAre("flow.yml: without effect here: a.gpus"));
}

TEST_F(Pods, ADottedClassIsAModuleOfPython) {
  fs::create_directories(folder.path / "app");
  std::ofstream(folder.path / "app" / "x.py") << "class X(Executor): pass\n";
  const auto pod = pod_of(flow("- {name: a, uses: app.x.X}\n"), Pythons(folder.program("python", "exit 0")));
  ASSERT_TRUE(pod.ok()) << pod.error().message;
  EXPECT_THAT(pod->process.arguments, testing::IsSupersetOf({std::string("X"), (folder.path / "app" / "x.py").string()}));
}

TEST_F(Pods, InterpretersThatWillNotDo) {
  std::ofstream(folder.path / "x.py") << "class X(Executor): pass\n";
  const auto error = [&](const std::string& preferred) {
    return pod_of(flow("- {name: a, uses: X, py_modules: x.py}\n"), Pythons(preferred)).error().message;
  };
  EXPECT_THAT(error("/nowhere/python"), HasSubstr("--python: '/nowhere/python' is no program"));
  EXPECT_THAT(error(folder.program("without", "exit 3")), HasSubstr("has no Jina installed"));
}

TEST_F(Pods, ContainersRunAsJinaRunsThem) {
  const auto engine = folder.program("docker", "exit 0");
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path.c_str(), 1);
  ::setenv("HOME", folder.path.c_str(), 1);
  const auto one = flow(
      "- {name: a, uses: 'docker://reg/img:1', gpus: 'device=0,device=2', volumes: [data:/data], env: {K: v},\n"
      "   uses_with: {n: 1}, entrypoint: 'jina executor', docker_kwargs: {shm_size: 1g}, timeout_ready: 5}\n");
  const auto pod = pod_of(one);
  const auto plain = pod_of(flow("- {name: b, uses: 'docker://img', force_network_mode: BRIDGE}\n"));
  ::setenv("PATH", path.c_str(), 1);
  ASSERT_TRUE(pod.ok()) << pod.error().message;
  EXPECT_EQ(pod->process.program, engine);
  const auto name = "jina-" + std::to_string(::getpid()) + "-a-rep-1";
  EXPECT_THAT(pod->process.arguments,
              ElementsAre("run", "--rm", "--name", name, "--network", "host", "--add-host", "host.docker.internal:host-gateway",
                          "--volume", (folder.path / "data").string() + ":/data", "--gpus", "\"device=0,2\"", "--env", "K=v",
                          "--shm-size", "1g", "--entrypoint", "jina", "reg/img:1", "executor", "--name", "a/rep-1", "--host",
                          "0.0.0.0", "--port", "54321", "--replica-id", "1", "--native", "--uses-with", R"({"n":1})"));
  EXPECT_THAT(warnings, IsEmpty());
  ASSERT_TRUE(plain.ok()) << plain.error().message;
  EXPECT_THAT(plain->process.arguments,
              testing::IsSupersetOf({std::string("bridge"), std::string("54321:54321"), std::string("--workspace"),
                                     (folder.path / ".cache/jina").string() + ":/app/.cache/jina"}));
  EXPECT_THAT(plain->process.arguments, Not(Contains("host")));
}

TEST_F(Pods, AContainerWithANetworkOfItsOwnPublishesItsPorts) {
  folder.program("docker", "exit 0");
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path.c_str(), 1);
  metrics_port = 54322;
  for (const std::string mode : {"BRIDGE", "NONE"}) {
    const auto pod =
        pod_of(flow("- {name: a, uses: 'docker://img', disable_auto_volume: true, force_network_mode: " + mode + "}\n"));
    ASSERT_TRUE(pod.ok()) << pod.error().message;
    const auto& words = pod->process.arguments;
    const std::vector<std::string> published{"--publish", "54321:54321", "--publish", "54322:54322"};
    EXPECT_NE(std::search(words.begin(), words.end(), published.begin(), published.end()), words.end()) << mode;
    // Without a mode, as in Jina, it is the engine's own network, which has no name here.
    EXPECT_EQ(std::count(words.begin(), words.end(), "--network"), mode == "BRIDGE" ? 1 : 0);
  }
  ::setenv("PATH", path.c_str(), 1);
}

TEST_F(Pods, AContainerIsRemovedByTheNameThatItWasGiven) {
  const auto engine = folder.program("docker", "exit 0");
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path.c_str(), 1);
  const auto pod = pod_of(flow("- {name: a, uses: 'docker://img', disable_auto_volume: true, docker_kwargs: {name: mine}}\n"));
  ::setenv("PATH", path.c_str(), 1);
  ASSERT_TRUE(pod.ok()) << pod.error().message;
  const auto& words = pod->process.arguments;
  EXPECT_EQ(words.at(3), "mine");
  const auto image = std::find(words.begin(), words.end(), "img");
  EXPECT_EQ(std::count(words.begin(), image, "--name"), 1);
  EXPECT_THAT(pod->process.afterwards, ElementsAre(engine, "rm", "--force", "mine"));
}

}  // namespace
}  // namespace jina::flow

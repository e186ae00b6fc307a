#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <thread>

#include "jina/executor.hpp"
#include "jina/flow.hpp"

namespace jina {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Upper : public Executor {
 public:
  void setup(Endpoints& on) override {
    on.add("/upper", &Upper::upper);
    on.add("/die", &Upper::die);
    on.add("/raise", &Upper::raise);
  }
  void upper(DocumentArray& docs) {
    for (auto& doc : docs) {
      std::string text = doc.text();
      for (char& c : text) c = static_cast<char>(std::toupper(c));
      doc.set_text(text);
      doc.tags["pid"] = static_cast<std::int64_t>(::getpid());
    }
  }
  void die(DocumentArray&) { std::raise(SIGKILL); }
  void raise(DocumentArray&) { throw std::runtime_error("no"); }
};

struct SuffixArguments {
  std::string text = "!";
};
BOOST_DESCRIBE_STRUCT(SuffixArguments, (), (text))

class Suffix : public Executor {
 public:
  explicit Suffix(SuffixArguments arguments) : arguments_(std::move(arguments)) {}
  void setup(Endpoints& on) override { on.add_default(&Suffix::append); }
  void append(DocumentArray& docs) {
    for (auto& doc : docs) doc.set_text(doc.text() + arguments_.text);
  }

 private:
  SuffixArguments arguments_;
};

class Broken : public Executor {
 public:
  void setup(Endpoints&) override { throw std::runtime_error("the model file is missing"); }
};

FlowOptions quietly() {
  FlowOptions options;
  options.quiet = true;
  return options;
}

DocumentArray one(std::string text) { return {Document{{.text = std::move(text)}}}; }

/// What `action` throws.
template <class Action>
std::string failure_of(Action action) {
  try {
    action();
  } catch (const FlowFailed& failed) {
    return failed.what();
  }
  return "nothing";
}

TEST(Flow, RunsClassesOfThisProgram) {
  Flow flow(quietly());
  flow.config_gateway({.protocol = {"grpc", "http"}})
      .add<Upper>({.name = "upper", .replicas = 2})
      .add<Suffix>({.name = "suffix", .uses_with = {{"text", "?"}}});
  EXPECT_EQ(flow.port(), 0);
  EXPECT_FALSE(flow.running());
  flow.start();
  EXPECT_TRUE(flow.running());
  EXPECT_THAT(flow.protocols(), ElementsAre("grpc", "http"));
  EXPECT_EQ(flow.ports().size(), 2U);
  EXPECT_TRUE(flow.is_flow_ready());
  std::set<std::int64_t> processes;
  for (int i = 0; i < 4; ++i) {
    const auto docs = flow.post("/upper", one("a"));
    ASSERT_EQ(docs.size(), 1U);
    EXPECT_EQ(docs[0].text(), "A?");
    processes.insert(static_cast<std::int64_t>(docs[0].tags.at("pid").as_double()));
  }
  EXPECT_EQ(processes.size(), 2U);
  EXPECT_FALSE(processes.contains(::getpid()));
  EXPECT_THROW(flow.post("/raise", one("a")), ExecutorFailed);
  Client http("http://127.0.0.1:" + std::to_string(flow.ports()[1]));
  EXPECT_EQ(http.post("/upper", one("b")).at(0).text(), "B?");
  flow.close();
  EXPECT_FALSE(flow.running());
  for (const auto pid : processes) EXPECT_NE(::kill(static_cast<pid_t>(pid), 0), 0) << pid;
}

// ThreadSanitizer has a thread of its own from the moment that there is a second one.
#ifdef __SANITIZE_THREAD__
constexpr bool kThreadOfSanitizer = true;
#else
constexpr bool kThreadOfSanitizer = false;
#endif

TEST(Flow, CanBeStartedAgain) {
  if (kThreadOfSanitizer) GTEST_SKIP() << "the sanitizer's thread counts as one of this process";
  Flow flow(quietly());
  flow.add<Upper>();
  for (int i = 0; i < 2; ++i) {
    flow.start();
    EXPECT_EQ(flow.post("/upper", one("a")).at(0).text(), "A");
    flow.close();
  }
}

TEST(Flow, BranchesAndJoins) {
  Flow flow(quietly());
  flow.add<Upper>({.name = "a"})
      .add<Suffix>({.name = "b", .needs = {"gateway"}})
      .needs({"a", "b"}, "joined")
      .add<Suffix>({.name = "last"});
  flow.start();
  const auto answers = flow.client().post_responses("/upper", one("x"));
  ASSERT_EQ(answers.size(), 1U);
  std::vector<std::string> routes;
  for (const auto& route : answers[0].routes) routes.push_back(route.executor);
  EXPECT_THAT(routes, testing::IsSupersetOf({"a", "b", "joined", "last"}));
}

TEST(Flow, AClassMayRunInTheGatewaysProcess) {
  Flow flow(quietly());
  flow.add<Upper>({.name = "inside", .colocate = true}).add<Suffix>({.name = "outside"});
  flow.start();
  const auto docs = flow.post("/upper", one("x"));
  ASSERT_EQ(docs.size(), 1U);
  EXPECT_EQ(docs[0].text(), "X!");
}

TEST(Flow, ExecutorsInPythonBesideClasses) {
  if (::getenv("JINA_PYTHON") == nullptr) GTEST_SKIP() << "JINA_PYTHON names no interpreter with Jina";
  const auto folder = std::filesystem::temp_directory_path() / ("flow_api_test." + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "twice.py") << R"(from jina import Executor, requests
class Twice(Executor):
    @requests
    def twice(self, docs, **kwargs):
        for doc in docs:
            doc.text = doc.text * 2
)";
  Flow flow(quietly());
  flow.add<Upper>({.name = "upper"}).add({.name = "twice", .uses = "Twice", .py_modules = {(folder / "twice.py").string()}});
  flow.start();
  EXPECT_EQ(flow.post("/upper", one("ab")).at(0).text(), "ABAB");
  flow.close();
  std::filesystem::remove_all(folder);
}

TEST(Flow, IsWrittenForOtherPlaces) {
  const auto folder = std::filesystem::temp_directory_path() / ("flow_api_test.out." + std::to_string(::getpid()));
  Flow flow({.name = "mine"});
  flow.add({.name = "upper", .uses = "docker://example/upper"});
  (void)flow.to_kubernetes_yaml(folder / "k8s", "there");
  (void)flow.to_docker_compose_yaml(folder / "compose" / "docker-compose.yml");
  flow.plot(folder / "flow.svg");
  flow.plot(folder / "flow.mmd");
  flow.save_config(folder / "flow.yml");
  for (const char* name : {"k8s/upper", "k8s/gateway", "compose/docker-compose.yml", "flow.svg", "flow.mmd", "flow.yml"})
    EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
  EXPECT_EQ(Flow::load_config(folder / "flow.yml").to_yaml(), Flow::load_config_text(flow.to_yaml()).to_yaml());
  std::filesystem::remove_all(folder);
}

TEST(Flow, ShardsStandBehindAHead) {
  Flow flow(quietly());
  flow.add<Upper>({.name = "upper", .shards = 2, .polling = {{"/upper", "ALL"}}, .uses_after = "Upper"});
  flow.start();
  const auto docs = flow.post("/upper", one("a"));
  ASSERT_EQ(docs.size(), 2U) << "one from each shard, unmerged";
  EXPECT_EQ(docs[0].text(), "A");
  EXPECT_EQ(docs[0].tags.at("pid"), docs[1].tags.at("pid")) << "of what stands after the shards";
}

TEST(Flow, MistakesAreToldBeforeAnythingStarts) {
  Flow flow(quietly());
  flow.add<Upper>({.name = "upper", .needs = {"uper"}});
  EXPECT_THAT(failure_of([&] { flow.start(); }), HasSubstr("upper needs 'uper', which is not in this Flow"));
  Flow unstarted(quietly());
  EXPECT_THAT(failure_of([&] { unstarted.post("/"); }), HasSubstr("call start() first"));
  EXPECT_THAT(failure_of([&] { unstarted.block(); }), HasSubstr("call start() first"));
  EXPECT_THAT(failure_of([] { (void)Flow::load_config("gone.yml"); }), HasSubstr("gone.yml: No such file"));
}

TEST(Flow, AnExecutorThatDoesNotStart) {
  Flow flow(quietly());
  flow.add<Broken>({.name = "broken"});
  try {
    flow.start();
    FAIL();
  } catch (const FlowFailed& failed) {
    EXPECT_THAT(failed.what(), HasSubstr("broken/rep-0"));
    EXPECT_THAT(failed.last_errors(), testing::Contains(HasSubstr("the model file is missing")));
  }
  EXPECT_FALSE(flow.running());
}

TEST(Flow, RefusesToForkBesideThreads) {
  Flow flow(quietly());
  flow.add<Upper>();
  std::promise<void> over;
  std::thread other([&over] { over.get_future().wait(); });
  const auto failure = failure_of([&] { flow.start(); });
  over.set_value();
  other.join();
  EXPECT_THAT(failure, HasSubstr(kThreadOfSanitizer ? "this one has 3 threads" : "this one has 2 threads"));
}

TEST(Flow, BlockEndsAtASignal) {
  Flow flow(quietly());
  flow.add<Upper>();
  flow.start();
  // Signals from before block() are ignored; one comes when it listens.
  std::signal(SIGINT, SIG_IGN);
  std::atomic<bool> over = false;
  std::thread user([&over] {
    while (!over) {
      ::kill(::getpid(), SIGINT);
      std::this_thread::yield();
    }
  });
  flow.block();
  over = true;
  user.join();
  std::signal(SIGINT, SIG_DFL);
  EXPECT_FALSE(flow.running());
}

TEST(Flow, BlockTellsWhichProcessFailed) {
  Flow flow({.restart = "never", .quiet = true});
  flow.add<Upper>({.name = "upper"});
  flow.start();
  EXPECT_THROW(flow.post("/die", one("a"), {.timeout = std::chrono::milliseconds(5000)}), RequestFailed);
  EXPECT_THAT(failure_of([&] { flow.block(); }), HasSubstr("upper/rep-0"));
  EXPECT_FALSE(flow.running());
}

TEST(Flow, YamlAndBack) {
  Flow flow({.name = "mine", .env = {{"A", "1"}}});
  flow.config_gateway({.protocol = {"http"}, .port = {8080}, .cors = true})
      .add<Upper>({.name = "upper", .replicas = 2})
      .add({.name = "far", .external = true, .host = {"grpc://h:1"}, .more = {{"grpc_metadata", {{"k", "v"}}}}})
      .needs_all()
      .expose_endpoint("/upper", {{"path", "/api/upper"}});
  const auto yaml = flow.to_yaml();
  EXPECT_THAT(yaml, HasSubstr("jtype: Flow"));
  EXPECT_THAT(yaml, HasSubstr("uses: Upper"));
  EXPECT_THAT(yaml, HasSubstr("replicas: 2"));
  EXPECT_THAT(yaml, HasSubstr("method: needs_all"));
  EXPECT_THAT(yaml, HasSubstr("port: 8080"));
  // Reading makes numbers of texts that look like them, once.
  const auto again = Flow::load_config_text(yaml).to_yaml();
  EXPECT_THAT(again, HasSubstr("path: /api/upper"));
  EXPECT_EQ(Flow::load_config_text(again).to_yaml(), again);
}

}  // namespace
}  // namespace jina

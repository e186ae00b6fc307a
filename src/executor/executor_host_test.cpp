#include "executor/executor_host.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <thread>

#include "document/request_documents.hpp"
#include "executor/executor_handler.hpp"
#include "jina.pb.h"

namespace jina {
namespace {

namespace asio = boost::asio;

class Kinds : public Executor {
 public:
  void setup(Endpoints& on) override {
    on.add("/meet", &Kinds::meet, {.concurrent = true})
        .add("/quick", &Kinds::where, {.quick = true})
        .add("/worker", &Kinds::where)
        .add("/nothing", &Kinds::nothing)
        .add("/results", &Kinds::results)
        .add("/throw", &Kinds::raise)
        .function("spare", &Kinds::where);
  }
  Task<void> warm_up() override {
    if (cold) throw std::runtime_error("no model");
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(1));
    co_await timer.async_wait(asio::use_awaitable);
    warm = true;
  }
  Status health() override { return state; }

  void meet() { both.arrive_and_wait(); }
  void where() { thread = std::this_thread::get_id(); }
  void nothing() const { const auto timer = monitor("nothing_seconds"); }
  Results results() { return {{{"n", 1}}}; }
  void raise() { throw std::out_of_range("far"); }

  std::barrier<> both{2};
  std::thread::id thread;
  bool cold = false;
  bool warm = false;
  Status state;
};

class ExecutorHostTest : public testing::Test {
 protected:
  ExecutorHostTest() {
    auto made = std::make_unique<Kinds>();
    kinds = made.get();
    ExecutorRuntimeArgs args;
    args.workspace = (std::filesystem::path(testing::TempDir()) / "host_test" / "Kinds" / "0").string();
    args.metas = {{"name", "Kinds"}};
    host = std::make_unique<ExecutorHost>(io, std::move(made), ExecutorNames{"k", "k/rep-0", "Kinds"}, args);
  }
  void set_up(const EndpointOverrides& how = {}) {
    ASSERT_TRUE(host->setup(how).ok());
    handler = std::make_unique<ExecutorHandler>(*host);
  }
  std::string message(const std::string& endpoint) {
    DataRequestProto request;
    request.mutable_header()->set_exec_endpoint(endpoint);
    auto* doc = request.mutable_data()->mutable_docs()->add_docs();  // without an id, which decoding would give it
    doc->set_text("hello");
    return request.SerializeAsString();
  }
  std::shared_ptr<wire::Reply> start(const std::string& endpoint) {
    auto reply = std::make_shared<wire::Reply>();
    handler->process_single_data(context, wire::DataRequest::parse(Buffer::copy_of(message(endpoint))).value(),
                                 [reply](wire::Reply made) { *reply = std::move(made); });
    return reply;
  }
  DataRequestProto ask(const std::string& endpoint) {
    const auto reply = start(endpoint);
    io.restart();
    io.run();
    DataRequestProto answer;
    EXPECT_TRUE(answer.ParseFromString(reply->response.serialize().str()));
    return answer;
  }

  asio::io_context io{1};
  RequestContext context;
  Kinds* kinds = nullptr;
  std::unique_ptr<ExecutorHost> host;
  std::unique_ptr<ExecutorHandler> handler;
};

TEST_F(ExecutorHostTest, ConcurrentFunctionsRunSideBySide) {
  set_up();
  const auto first = start("/meet");
  const auto second = start("/meet");
  io.run();
  EXPECT_EQ(host->in_flight(), 0U) << "each waited for the other";
}

TEST_F(ExecutorHostTest, AllowConcurrentIsForAllFunctions) {
  set_up({.concurrent = true});
  EXPECT_TRUE(host->endpoints().find("/worker")->options.concurrent);
}

TEST_F(ExecutorHostTest, QuickFunctionsRunOnTheIoThread) {
  set_up();
  ask("/quick");
  EXPECT_EQ(kinds->thread, std::this_thread::get_id());
  ask("/worker");
  EXPECT_NE(kinds->thread, std::this_thread::get_id());
}

TEST_F(ExecutorHostTest, AQuickFunctionWaitsForTheOneThatRuns) {
  set_up();
  const auto slow = start("/worker");
  const auto quick = start("/quick");
  io.run();
  EXPECT_NE(kinds->thread, std::this_thread::get_id()) << "it went to the worker, behind the other";
}

TEST_F(ExecutorHostTest, DocumentsThatNobodyLooksAtStayAsTheyCame) {
  set_up();
  EXPECT_EQ(ask("/nothing").data().docs().docs(0).id(), "");
  const DataRequestProto answer = ask("/results");
  EXPECT_EQ(answer.data().docs().docs(0).id(), "");
  EXPECT_EQ(answer.parameters().fields().at("__results__").struct_value().fields().count("k/rep-0"), 1U);
}

TEST_F(ExecutorHostTest, WarmUpRunsToItsEnd) {
  set_up();
  EXPECT_TRUE(host->warm_up().ok());
  EXPECT_TRUE(kinds->warm);
  kinds->cold = true;
  EXPECT_EQ(host->warm_up().message, "Executor 'Kinds': warm_up() failed: no model");
}

TEST_F(ExecutorHostTest, HealthIsThatOfTheExecutor) {
  set_up();
  EXPECT_TRUE(host->health().ok());
  kinds->state = {StatusCode::kUnavailable, "no GPU"};
  EXPECT_EQ(host->health().message, "no GPU");
}

TEST_F(ExecutorHostTest, ItEndsOnExceptionsThatAreNamed) {
  set_up();
  std::string ended;
  host->end_on({"ValueError", "out_of_range"}, [&](std::string why) { ended = std::move(why); });
  ask("/worker");
  EXPECT_EQ(ended, "");
  EXPECT_EQ(ask("/throw").header().status().code(), StatusProto::ERROR) << "who asked is told";
  EXPECT_EQ(ended, "std::out_of_range('far')");
}

TEST_F(ExecutorHostTest, RequestsOfTheYamlBindFunctions) {
  set_up({.requests = {{"/new", "spare"}}, .dynamic_batching = {{"/new", {{"timeout", 5}}}}});
  EXPECT_EQ(host->endpoints().find("/new")->options.batching->timeout, std::chrono::milliseconds(5));
}

TEST_F(ExecutorHostTest, NamesThatTheTableDoesNotHaveAreNamed) {
  EXPECT_EQ(host->setup({.requests = {{"/new", "spar"}}}).message.substr(0, 86),
            "Executor 'Kinds': requests: '/new': the Executor has no function 'spar'; did you mean ");
}

TEST_F(ExecutorHostTest, TheWorkspaceIsMadeOnFirstUse) {
  std::filesystem::remove_all(kinds->runtime_args().workspace);
  EXPECT_TRUE(std::filesystem::is_directory(kinds->workspace()));
  EXPECT_EQ(kinds->workspace().filename(), "0");
  EXPECT_EQ(kinds->metas().at("name"), "Kinds");
}

}  // namespace
}  // namespace jina

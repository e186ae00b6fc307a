#include "colocation/local_executors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <thread>

#include "document/request_documents.hpp"
#include "document/struct_codec.hpp"
#include "wire/data_request.hpp"

namespace jina::colocation {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// What the test and the functions of the Executor tell each other.
struct World {
  std::promise<void> go;
  std::shared_future<void> released{go.get_future()};
  std::atomic<int> started{0};
  std::atomic<int> objects{0};
  std::atomic<int> alive{0};
  std::atomic<int> alive_at_the_end{-1};  // of what "/leave" left behind
  std::atomic<bool> closed{false};
  std::atomic<bool> well{true};
  std::atomic<bool> warm{false};
  std::thread::id ran_on{};
  Metadata metadata{};
};

class Tool final : public Executor {
 public:
  explicit Tool(World& world) : world_(world), number_(world.objects++) { ++world_.alive; }
  ~Tool() override { --world_.alive; }
  void setup(Endpoints& on) override {
    on.add("/upper", &Tool::upper).add("/quick", &Tool::upper, {.quick = true}).add("/raise", &Tool::raise, {.quick = true});
    on.add("/wait", &Tool::wait).add("/later", &Tool::later).add("/count", &Tool::count, {.quick = true});
    on.add("/bad", &Tool::bad, {.quick = true}).add("/never", &Tool::never).add("/leave", &Tool::leave);
    on.add("/batched", &Tool::upper, {.batching = DynamicBatching{.preferred_batch_size = 2, .timeout = 1h}});
  }
  Task<void> warm_up() override {
    world_.warm = true;
    co_return;
  }
  void close() override { world_.closed = true; }
  Status health() override { return world_.well ? Status{} : Status{StatusCode::kUnavailable, "no disk"}; }

  void upper(DocumentArray& docs, const RequestContext& context) {
    world_.ran_on = std::this_thread::get_id();
    world_.metadata = context.metadata;
    for (Document& doc : docs) {
      doc.set_text(doc.text() + "!");
      doc.tags["int"] = 1;
    }
  }
  void raise(DocumentArray& docs) {
    docs.clear();
    throw EndpointError("ValueError", {"no", 42});
  }
  void wait(DocumentArray& docs) {
    ++world_.started;
    world_.released.wait();
    docs.front().set_text("waited");
  }
  Task<void> later(DocumentArray& docs) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1ms);
    co_await timer.async_wait(boost::asio::use_awaitable);
    docs.front().set_text("later");
  }
  Task<void> never(const DocumentArray&) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  // The answer is there at once; a coroutine stays.
  Task<void> leave(const DocumentArray&) {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::co_spawn(executor, stay(world_), boost::asio::detached);
  }
  static Task<void> stay(World& world) {
    struct End {
      World& world;
      ~End() { world.alive_at_the_end = world.alive.load(); }
    };
    const End end{world};
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  Results count(const DocumentArray& docs) { return {{{"n", docs.size()}, {"object", number_}}}; }
  void bad(DocumentArray& docs) { docs.front().set_text("\xff"); }

 private:
  World& world_;
  int number_;
};

class LocalExecutorsTest : public testing::Test {
 protected:
  ~LocalExecutorsTest() override { stop(); }

  void make(bool own_thread = false, LocalCallOptions options = {}, int replicas = 1) {
    LocalExecutor executor;
    executor.options.deployment = "tool";
    executor.options.uses = "Tool";
    executor.make = [this]() -> Result<std::unique_ptr<Executor>> { return std::unique_ptr<Executor>(new Tool(world_)); };
    executor.replicas = replicas;
    Result<std::unique_ptr<LocalHosts>> hosts = LocalHosts::make({executor}, {}, own_thread ? nullptr : &io_);
    ASSERT_TRUE(hosts) << hosts.error().to_string();
    hosts_ = std::move(*hosts);
    executors_ = std::make_unique<LocalExecutors>(io_, *hosts_, std::move(options));
  }
  void stop() {
    if (!hosts_) return;
    release();
    bool idle = false;
    executors_->when_idle([&] { idle = true; });
    run_until([&] { return idle; });
    executors_.reset();
    hosts_.reset();
    EXPECT_TRUE(world_.closed);
  }
  void release() {
    if (!std::exchange(released_, true)) world_.go.set_value();
  }

  static wire::DataRequest request(std::string_view endpoint) {
    wire::DataRequest request;
    wire::HeaderFields header;
    header.request_id = "r";
    header.exec_endpoint = endpoint;
    request.header = Bytes::take(wire::encode_header(header));
    request.has_header = true;
    DocumentArray docs;
    docs.push_back(Document{{.id = "d", .text = "text"}});
    set_documents(request, std::move(docs));
    return request;
  }
  void send(std::string_view endpoint) { send(endpoint, request(endpoint)); }
  void send(std::string_view endpoint, wire::DataRequest with) {
    executors_->send(context_, "tool", endpoint, std::move(with), [this](wire::Reply reply) {
      completed_on_ = std::this_thread::get_id();
      replies_.push_back(std::move(reply));
    });
  }
  template <class Condition>
  void run_until(Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!condition() && std::chrono::steady_clock::now() < limit) {
      io_.restart();
      io_.run_one_for(10ms);
    }
    EXPECT_TRUE(condition()) << "waited for 10 seconds";
  }
  const wire::Reply& answer(std::size_t number = 0) {
    run_until([&] { return replies_.size() > number; });
    return replies_.at(number);
  }
  static const Document& document(const wire::Reply& reply) { return decoded_documents(reply.response)->front(); }

  World world_;
  boost::asio::io_context io_{1};
  std::unique_ptr<LocalHosts> hosts_;
  std::unique_ptr<LocalExecutors> executors_;
  RequestContext context_;
  std::vector<wire::Reply> replies_;
  std::thread::id completed_on_{};
  bool released_ = false;
};

TEST_F(LocalExecutorsTest, QuickFunctionHasRunWhenTheCallReturns) {
  LocalCallOptions options;
  options.metadata["tool"] = {{"key", "value"}};
  make(false, std::move(options));
  EXPECT_TRUE(world_.warm);
  send("/quick");
  ASSERT_EQ(replies_.size(), 1u);
  const wire::Reply& reply = replies_.front();
  EXPECT_TRUE(reply.status.ok()) << reply.status.to_string();
  EXPECT_FALSE(reply.response.data.has_value()) << "nothing was encoded";
  EXPECT_EQ(document(reply).text(), "text!");
  EXPECT_TRUE(document(reply).tags.at("int").is_double()) << "as over a wire";
  EXPECT_EQ(world_.ran_on, std::this_thread::get_id());
  EXPECT_EQ(world_.metadata, (Metadata{{"key", "value"}, {"endpoint", "/quick"}}));
  wire::RouteReader routes(reply.response.routes.view());
  ASSERT_TRUE(routes.next());
  EXPECT_EQ(routes.route().executor, "tool");
}

TEST_F(LocalExecutorsTest, PlainFunctionLeavesTheIoThreadAlone) {
  make();
  send("/upper");
  EXPECT_TRUE(replies_.empty());
  EXPECT_EQ(document(answer()).text(), "text!");
  EXPECT_NE(world_.ran_on, std::this_thread::get_id());
  EXPECT_EQ(completed_on_, std::this_thread::get_id());
}

TEST_F(LocalExecutorsTest, QuickFunctionWaitsForOneThatRuns) {
  make();
  send("/wait");
  run_until([&] { return world_.started == 1; });
  send("/quick");
  EXPECT_TRUE(replies_.empty());
  release();
  EXPECT_EQ(document(answer(0)).text(), "waited");
  EXPECT_EQ(document(answer(1)).text(), "text!");
}

TEST_F(LocalExecutorsTest, RequestsShareABatch) {
  make();
  send("/batched");
  io_.poll();
  EXPECT_TRUE(replies_.empty());
  send("/batched");
  EXPECT_EQ(document(answer(0)).text(), "text!");
  EXPECT_EQ(document(answer(1)).text(), "text!");
  EXPECT_FALSE(replies_[0].response.data.has_value()) << "nothing was encoded";
}

TEST_F(LocalExecutorsTest, WhatWaitsForABatchIsRunWhenTheGatewayStops) {
  make(true);
  send("/batched");
  hosts_->stop_waiting();
  EXPECT_EQ(document(answer()).text(), "text!");
}

TEST_F(LocalExecutorsTest, Coroutine) {
  make();
  send("/later");
  EXPECT_EQ(document(answer()).text(), "later");
}

TEST_F(LocalExecutorsTest, FunctionThatThrowsLeavesTheDocuments) {
  make();
  send("/raise");
  const wire::Reply& reply = answer();
  EXPECT_TRUE(reply.status.ok());
  EXPECT_EQ(document(reply).text(), "text");
  EXPECT_NE(find_value(reply.trailing, "is-error"), nullptr);
  const auto header = wire::parse_header(reply.response.header.view()).value();
  ASSERT_TRUE(header.status_is_error);
  const wire::StatusView status = wire::parse_status(header.status).value();
  EXPECT_EQ(status.exception_name, "ValueError");
  EXPECT_EQ(status.description, "ValueError('no', 42)");
  EXPECT_EQ(status.executor, "Tool");
}

TEST_F(LocalExecutorsTest, BranchesDoNotSeeEachOthersChanges) {
  make();
  const wire::DataRequest one = request("/quick");
  send("/quick", one);
  send("/quick", one);
  EXPECT_EQ(document(answer(0)).text(), "text!");
  EXPECT_EQ(document(answer(1)).text(), "text!");
  EXPECT_EQ(decoded_documents(one)->front().text(), "text");
}

TEST_F(LocalExecutorsTest, EncodedRequestsAreDecodedOnce) {
  make();
  send("/quick", wire::DataRequest::parse(request("/quick").serialize()).value());
  EXPECT_EQ(document(answer()).text(), "text!");
  EXPECT_FALSE(answer().response.data.has_value());
}

TEST_F(LocalExecutorsTest, EndpointsThatAreNotThereLetItPass) {
  make();
  send("/nothing");
  EXPECT_EQ(document(answer()).text(), "text");
}

TEST_F(LocalExecutorsTest, ResultsGoToTheParameters) {
  make();
  send("/count");
  const auto parameters = decode_struct(answer().response.parameters->view()).value();
  EXPECT_EQ(parameters.at("__results__").at("tool/rep-0").at("n").as_double(), 1);
}

TEST_F(LocalExecutorsTest, ReplicasAreObjectsOfTheirOwn) {
  make(false, {}, 2);
  send("/wait");
  run_until([&] { return world_.started == 1; });
  send("/count");
  ASSERT_EQ(replies_.size(), 1u) << "the other one is free";
  const auto parameters = decode_struct(answer().response.parameters->view()).value();
  EXPECT_EQ(parameters.at("__results__").at("tool/rep-1").at("object").as_double(), 1);
}

TEST_F(LocalExecutorsTest, TextThatCanNotBeSentIsAFailure) {
  make();
  send("/bad");
  EXPECT_EQ(answer().status.code, StatusCode::kUnknown);
  EXPECT_THAT(answer().status.message, HasSubstr("text that is not UTF-8"));
}

TEST_F(LocalExecutorsTest, CancelledCallEndsAtOnceAndTheFunctionIsLeftToFinish) {
  make();
  send("/wait");
  run_until([&] { return world_.started == 1; });
  context_.cancel(CancelReason::kClient);
  ASSERT_EQ(replies_.size(), 1u);
  EXPECT_EQ(replies_.front().status.code, StatusCode::kCancelled);
  bool idle = false;
  executors_->when_idle([&] { idle = true; });
  EXPECT_FALSE(idle);
  release();
  run_until([&] { return idle; });
  EXPECT_EQ(replies_.size(), 1u);
  send("/quick");
  EXPECT_EQ(answer(1).status.code, StatusCode::kCancelled) << "the context is cancelled already";
}

TEST_F(LocalExecutorsTest, CancellationEndsWhatACoroutineAwaits) {
  make();
  send("/never");
  io_.poll();
  context_.cancel(CancelReason::kClient);
  EXPECT_EQ(answer().status.code, StatusCode::kCancelled);
}

TEST_F(LocalExecutorsTest, TimeoutOfACall) {
  LocalCallOptions options;
  options.timeout_send = 20ms;
  make(false, std::move(options));
  send("/wait");
  EXPECT_EQ(answer().status.code, StatusCode::kDeadlineExceeded);
  EXPECT_THAT(answer().status.message, HasSubstr("deployment tool, which is in the gateway's process, did not answer in time"));
}

TEST_F(LocalExecutorsTest, ClosingEndsWhatIsInFlight) {
  make();
  send("/wait");
  send("/upper");
  executors_->close();
  ASSERT_EQ(replies_.size(), 2u);
  EXPECT_EQ(replies_[0].status.code, StatusCode::kUnavailable);
}

TEST_F(LocalExecutorsTest, OnAThreadOfTheirOwn) {
  make(true);
  send("/quick");
  EXPECT_TRUE(replies_.empty());
  EXPECT_EQ(document(answer()).text(), "text!");
  EXPECT_NE(world_.ran_on, std::this_thread::get_id());
  EXPECT_EQ(completed_on_, std::this_thread::get_id());
  send("/never");
  io_.poll();
  context_.cancel(CancelReason::kClient);
  EXPECT_EQ(answer(1).status.code, StatusCode::kCancelled);
}

TEST_F(LocalExecutorsTest, CoroutinesThatStayGoBeforeTheExecutors) {
  make(true);
  send("/leave");
  (void)answer();
  stop();
  EXPECT_EQ(world_.alive_at_the_end, 1);
  EXPECT_EQ(world_.alive, 0);
}

TEST_F(LocalExecutorsTest, EndpointDiscovery) {
  make();
  std::string endpoints;
  executors_->discover(context_, "tool", [&](Result<Buffer> answer) { endpoints = answer.value().str(); });
  EXPECT_THAT(endpoints, HasSubstr("/upper"));
}

TEST_F(LocalExecutorsTest, TellsWhenOneIsNotWell) {
  make();
  std::vector<bool> told;
  hosts_->watch_health([&](bool well) { told.push_back(well); });
  world_.well = false;
  run_until([&] { return told.size() == 1; });
  world_.well = true;
  run_until([&] { return told.size() == 2; });
  EXPECT_EQ(told, (std::vector<bool>{false, true}));
}

TEST(LocalHosts, BindsWhatTheOptionsSay) {
  boost::asio::io_context io;
  World world;
  LocalExecutor executor;
  executor.options.deployment = "tool";
  executor.options.uses = "Tool";
  executor.options.endpoints.requests = {{"/new", "uper"}};
  executor.make = [&]() -> Result<std::unique_ptr<Executor>> { return std::unique_ptr<Executor>(new Tool(world)); };
  const auto hosts = LocalHosts::make({executor}, {}, &io);
  ASSERT_FALSE(hosts);
  EXPECT_THAT(hosts.error().message, HasSubstr("colocated Executor 'tool': Executor 'Tool': "));
  EXPECT_THAT(hosts.error().message, HasSubstr("upper"));
}

TEST(LocalHosts, ErrorsNameTheDeployment) {
  boost::asio::io_context io;
  LocalExecutor executor;
  executor.options.deployment = "tool";
  executor.make = []() -> Result<std::unique_ptr<Executor>> { return Status{StatusCode::kNotFound, "there is no class 'Tol'"}; };
  const auto hosts = LocalHosts::make({executor}, {}, &io);
  ASSERT_FALSE(hosts);
  EXPECT_EQ(hosts.error().message, "colocated Executor 'tool': there is no class 'Tol'");
}

}  // namespace
}  // namespace jina::colocation

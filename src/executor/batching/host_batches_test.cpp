// Dynamic batching in an Executor: plain functions, coroutines, and the end.
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <thread>

#include "base/io_test_kit.hpp"
#include "executor/batching/batch_test_kit.hpp"
#include "executor/executor_host.hpp"
#include "jina/executor.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;

class Embedder : public Executor {
 public:
  explicit Embedder(DynamicBatching batching) : batching_(batching) {}
  void setup(Endpoints& on) override {
    on.add("/plain", &Embedder::plain, {.batching = batching_})
        .add("/side_by_side", &Embedder::plain, {.batching = batching_, .concurrent = true})
        .add("/coroutine", &Embedder::coroutine, {.batching = batching_})
        .add("/each", &Embedder::each, {.batching = batching_})
        .add("/bad", &Embedder::bad, {.batching = batching_});
  }
  void plain(DocumentArray& docs) {
    note(docs.size());
    for (Document& doc : docs) doc.set_text(doc.text() + "!");
  }
  Task<> coroutine(DocumentArray& docs) {
    note(docs.size());
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1ms);
    co_await timer.async_wait(boost::asio::use_awaitable);
    for (Document& doc : docs) doc.set_text(doc.text() + "!");
  }
  void each(Document& doc) { doc.set_text(doc.text() + "!"); }
  Task<> bad(DocumentArray& docs) {
    note(docs.size());
    throw std::out_of_range("too far");
    co_return;
  }

  std::vector<std::size_t> sizes;
  std::vector<std::thread::id> threads;

 private:
  // Plain functions and coroutines are not on one thread.
  void note(std::size_t size) {
    const std::lock_guard lock(mutex_);
    sizes.push_back(size);
    threads.push_back(std::this_thread::get_id());
  }

  DynamicBatching batching_;
  std::mutex mutex_;
};

class HostBatchesTest : public testing::Test {
 protected:
  void use(DynamicBatching batching) {
    auto made = std::make_unique<Embedder>(batching);
    executor = made.get();
    host = std::make_unique<ExecutorHost>(io, std::move(made), ExecutorNames{"embedder", "embedder/rep-0", "Embedder"},
                                          ExecutorRuntimeArgs{});
    ASSERT_TRUE(host->setup().ok());
  }
  std::unique_ptr<ClientCall> send(std::string_view path, const Texts& texts) {
    DocumentArray docs;
    for (const std::string& text : texts) docs.push_back(Document{{.text = text}});
    wire::DataRequest request;
    set_encoded_documents(request, encode_documents(docs));
    std::vector<wire::DataRequest> requests;
    requests.push_back(std::move(request));
    auto call = std::make_unique<ClientCall>();
    host->run(std::make_shared<RequestJob>(call->context, std::move(requests), *host->endpoints().find_exact(path), host->names(),
                                           [made = call.get()](wire::Reply reply) { made->reply = std::move(reply); }));
    return call;
  }
  void wait_for_end() {
    run_until(io, [&] { return host->in_flight() == 0; });
  }

  boost::asio::io_context io;
  Embedder* executor = nullptr;
  std::unique_ptr<ExecutorHost> host;
};

TEST_F(HostBatchesTest, PlainFunctionsAreCalledWithBatchesOnTheWorkerThread) {
  use({.preferred_batch_size = 3, .timeout = 1h});
  const auto a = send("/plain", {"a"}), b = send("/plain", {"b", "c"});
  wait_for_end();
  EXPECT_THAT(executor->sizes, ElementsAre(3));
  EXPECT_NE(executor->threads.at(0), std::this_thread::get_id());
  EXPECT_EQ(a->texts(), Texts{"a!"});
  EXPECT_EQ(b->texts(), (Texts{"b!", "c!"}));
}

TEST_F(HostBatchesTest, AnIncompleteBatchIsRunWhenItsTimeIsOver) {
  use({.preferred_batch_size = 100, .timeout = 2ms});
  const auto a = send("/plain", {"a"}), b = send("/side_by_side", {"b"}), c = send("/each", {"c", "d"});
  wait_for_end();
  EXPECT_THAT(executor->sizes, ElementsAre(1, 1));
  EXPECT_EQ(a->texts(), Texts{"a!"});
  EXPECT_EQ(b->texts(), Texts{"b!"});
  EXPECT_EQ(c->texts(), (Texts{"c!", "d!"}));
}

TEST_F(HostBatchesTest, CoroutinesAreCalledWithBatchesOnTheIoThread) {
  use({.preferred_batch_size = 2, .timeout = 1h});
  const auto a = send("/coroutine", {"a"}), b = send("/coroutine", {"b", "c", "d"});
  wait_for_end();
  EXPECT_THAT(executor->sizes, ElementsAre(2, 2));
  EXPECT_THAT(executor->threads, Each(std::this_thread::get_id()));
  EXPECT_EQ(a->texts(), Texts{"a!"});
  EXPECT_EQ(b->texts(), (Texts{"b!", "c!", "d!"}));
}

TEST_F(HostBatchesTest, WhatACoroutineThrowsIsAnErrorOfTheExecutor) {
  use({.preferred_batch_size = 2, .timeout = 1h});
  const auto a = send("/bad", {"a"}), b = send("/bad", {"b"});
  wait_for_end();
  EXPECT_THAT(executor->sizes, ElementsAre(2));
  EXPECT_EQ(a->exception(), "std::out_of_range");
  EXPECT_EQ(b->exception(), "std::out_of_range");
}

TEST_F(HostBatchesTest, TheEndRunsWhatWaits) {
  use({.preferred_batch_size = 100, .timeout = 1h});
  const auto a = send("/plain", {"a"}), b = send("/coroutine", {"b"});
  bool idle = false;
  host->when_idle([&] { idle = true; });
  run_until(io, [&] { return idle; });
  EXPECT_EQ(a->texts(), Texts{"a!"});
  EXPECT_EQ(b->texts(), Texts{"b!"});
}

TEST_F(HostBatchesTest, ManyRequestsGetManyFullBatches) {
  use({.preferred_batch_size = 32, .timeout = 5ms});
  std::vector<std::unique_ptr<ClientCall>> calls;
  for (int i = 0; i < 32 * 50; ++i) calls.push_back(send("/plain", {std::to_string(i)}));
  wait_for_end();
  EXPECT_THAT(executor->sizes, testing::AllOf(testing::SizeIs(50), Each(32)));
  for (int i = 0; i < 32 * 50; ++i) EXPECT_EQ(calls[static_cast<std::size_t>(i)]->texts(), Texts{std::to_string(i) + "!"});
}

}  // namespace
}  // namespace jina

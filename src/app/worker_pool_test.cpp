#include "app/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <optional>
#include <thread>

#include "jina/http.hpp"

namespace jina::app {
namespace {

struct Outcome {
  std::exception_ptr thrown{};
  std::thread::id resumed_on{};
  bool done = false;
};

Task<void> run_job(WorkerPool& pool, RequestContext& context, std::function<void()> job, Outcome& outcome) {
  try {
    Task<void> task = pool.run(context, std::move(job));
    co_await std::move(task);
  } catch (...) {
    outcome.thrown = std::current_exception();
  }
  outcome.resumed_on = std::this_thread::get_id();
  outcome.done = true;
}

int status_of(const Outcome& outcome) {
  if (!outcome.thrown) return 200;
  try {
    std::rethrow_exception(outcome.thrown);
  } catch (const HttpError& error) {
    return error.status();
  } catch (...) {
    return 500;
  }
}

class Pool : public ::testing::Test {
 protected:
  void start(WorkerPool& pool, RequestContext& context, std::function<void()> job, Outcome& outcome) {
    boost::asio::co_spawn(io_, run_job(pool, context, std::move(job), outcome), [](const std::exception_ptr&) {});
  }
  boost::asio::io_context io_;
  RequestContext context_;
};

TEST_F(Pool, RunsElsewhereAndGoesOnHere) {
  WorkerPool pool(2);
  std::thread::id ran_on;
  Outcome outcome;
  start(
      pool, context_, [&] { ran_on = std::this_thread::get_id(); }, outcome);
  io_.run();
  EXPECT_TRUE(outcome.done);
  EXPECT_NE(ran_on, std::this_thread::get_id());
  EXPECT_EQ(outcome.resumed_on, std::this_thread::get_id());
}

TEST_F(Pool, CarriesExceptions) {
  WorkerPool pool(1);
  Outcome outcome;
  start(
      pool, context_, [] { throw HttpError(418, "teapot"); }, outcome);
  io_.run();
  EXPECT_EQ(status_of(outcome), 418);
}

TEST_F(Pool, AFullQueueIs503AndAGoneClientIsNotServed) {
  WorkerPool pool(1, 2);
  std::promise<void> started, go_on;
  std::shared_future<void> gate = go_on.get_future().share();
  bool ran_gone = false, ran_waiting = false;
  RequestContext gone;
  Outcome first, waiting, dropped, refused;
  start(
      pool, context_,
      [&] {
        started.set_value();
        gate.wait();
      },
      first);
  io_.poll();
  started.get_future().wait();
  start(
      pool, context_, [&] { ran_waiting = true; }, waiting);
  start(
      pool, gone, [&] { ran_gone = true; }, dropped);
  io_.poll();
  start(
      pool, context_, [] {}, refused);
  io_.poll();
  EXPECT_TRUE(refused.done);
  EXPECT_EQ(status_of(refused), 503);
  EXPECT_FALSE(dropped.done);
  gone.cancel(CancelReason::kClient);
  io_.poll();
  EXPECT_TRUE(dropped.done);
  EXPECT_EQ(status_of(dropped), 499);
  go_on.set_value();
  io_.restart();
  io_.run();
  EXPECT_EQ(status_of(first), 200);
  EXPECT_TRUE(ran_waiting);
  EXPECT_FALSE(ran_gone);
}

TEST_F(Pool, CancelledBeforeIsNotStarted) {
  WorkerPool pool(1);
  context_.cancel(CancelReason::kClient);
  Outcome outcome;
  start(
      pool, context_, [] {}, outcome);
  io_.run();
  EXPECT_EQ(status_of(outcome), 499);
}

TEST_F(Pool, AJobThatRunsIsWaitedForByTheDestructor) {
  bool finished = false;
  Outcome outcome;
  std::promise<void> started, go_on;
  std::thread opener;
  {
    WorkerPool pool(1);
    start(
        pool, context_,
        [&] {
          started.set_value();
          go_on.get_future().wait();
          finished = true;
        },
        outcome);
    io_.poll();
    started.get_future().wait();
    opener = std::thread([&] { go_on.set_value(); });
  }
  opener.join();
  EXPECT_TRUE(finished);
  io_.restart();
  io_.run();
  EXPECT_TRUE(outcome.done);
}

TEST_F(Pool, DetachedItResumesNobody) {
  WorkerPool pool(1);
  std::promise<void> started, go_on;
  bool finished = false, ran_waiting = false;
  Outcome running, waiting, late;
  start(
      pool, context_,
      [&] {
        started.set_value();
        go_on.get_future().wait();
        finished = true;
      },
      running);
  io_.poll();
  started.get_future().wait();
  start(
      pool, context_, [&] { ran_waiting = true; }, waiting);
  io_.poll();
  pool.detach();
  start(
      pool, context_, [] {}, late);
  io_.poll();
  EXPECT_EQ(status_of(late), 503);
  go_on.set_value();
  pool.join();
  EXPECT_TRUE(finished);
  io_.restart();
  io_.run();  // destroys the two coroutines
  EXPECT_FALSE(running.done);
  EXPECT_FALSE(waiting.done);
}

TEST_F(Pool, ManyJobs) {
  WorkerPool pool(4);
  std::atomic<int> ran = 0;
  std::vector<Outcome> outcomes(500);
  for (Outcome& outcome : outcomes)
    start(
        pool, context_, [&] { ++ran; }, outcome);
  io_.run();
  EXPECT_EQ(ran, 500);
}

}  // namespace
}  // namespace jina::app

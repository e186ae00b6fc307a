// PoolTestBase: a ConnectionPool before FakeExecutors, the replicas of a deployment "a".
//
// Thread: the test's. Lifetime: a test. Cancellation: none.
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "base/io_test_kit.hpp"
#include "connection_pool/connection_pool.hpp"
#include "integration/fake_executor.hpp"

namespace jina::testing {

class PoolTestBase : public ::testing::Test {
 protected:
  void TearDown() override {
    context.cancel(CancelReason::kShutdown);
    if (pool) pool->close();
    for (const auto& executor : executors) executor->stop();
    io.restart();
    io.run_for(std::chrono::seconds(5));
    EXPECT_TRUE(io.stopped()) << "something still runs";
  }

  FakeExecutor& add(bool only_call = false) {
    executors.push_back(std::make_unique<FakeExecutor>(io, "a", 0, only_call));
    return *executors.back();
  }
  void make(PoolOptions options = {}) {
    boost::json::array addresses;
    for (const auto& executor : executors) addresses.push_back(boost::json::string("grpc://" + executor->address()));
    if (!executors.empty()) options.addresses["a"] = addresses;
    auto made = ConnectionPool::make(io, std::move(options));
    ASSERT_TRUE(made.ok()) << made.error().message;
    pool = std::move(*made);
  }
  void kill(FakeExecutor& executor) {
    bool stopped = false;
    executor.stop([&] { stopped = true; });
    run_until(io, [&] { return stopped; });
  }
  int total_calls() const {
    int calls = 0;
    for (const auto& executor : executors) calls += executor->calls;
    return calls;
  }

  boost::asio::io_context io{1};
  RequestContext context;
  std::vector<std::unique_ptr<FakeExecutor>> executors;
  std::unique_ptr<ConnectionPool> pool;
};

}  // namespace jina::testing

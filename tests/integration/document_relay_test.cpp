// stream_doc through the pool: which failures are tried again, and where.
#include "connection_pool/document_relay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>

#include "integration/pool_test_kit.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using jina::testing::FakeExecutor;
using ::testing::HasSubstr;

/// What a client gets.
class Answers final : public protocol::RequestStream {
 public:
  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override { on_next(std::nullopt); }
  bool write(Buffer) override { return ++count > 0; }
  std::size_t queued_bytes() const override { return 0; }
  void when_writable(UniqueFunction<void()> on_writable) override { on_writable(); }
  void finish(Status with, Metadata) override { status = std::move(with); }

  int count = 0;
  std::optional<Status> status;
};

class DocumentRelayTest : public testing::PoolTestBase {
 protected:
  std::shared_ptr<Answers> start() {
    auto answers = std::make_shared<Answers>();
    wire::DataRequest request;
    request.header = Bytes::take(wire::encode_header({.request_id = "r", .exec_endpoint = "/go"}));
    request.has_header = true;
    relay_documents(*pool, context, "a", "/go", request.serialize(), answers);
    return answers;
  }
  Answers ask() {
    const auto answers = start();
    run_until(io, [&] { return answers->status.has_value(); });
    return *answers;
  }
  /// Ends with `status` after `answers` answers.
  static auto failing(int answers, Status status) {
    return [answers, status](Buffer request, std::shared_ptr<protocol::RequestStream> stream) {
      for (int i = 0; i < answers; ++i) stream->write(request);
      stream->finish(status, {});
    };
  }
};

TEST_F(DocumentRelayTest, ADeadReplicaCostsNothingEvenWithoutRetries) {
  add();
  add();
  make({.retries = 0});
  kill(*executors[0]);
  for (int i = 0; i < 20; ++i) {
    const Answers answers = ask();
    ASSERT_TRUE(answers.status->ok()) << i << ": " << answers.status->message;
    EXPECT_EQ(answers.count, 1);
  }
  EXPECT_EQ(executors[1]->calls, 20);
  EXPECT_TRUE(pool->replicas("a")->has_suspects());  // it was asked once
}

TEST_F(DocumentRelayTest, TheCodesOfUnaryCallsAreTriedElsewhere) {
  for (const StatusCode code : {StatusCode::kUnavailable, StatusCode::kNotFound, StatusCode::kInternal, StatusCode::kUnknown}) {
    executors.clear();
    add().on_stream_doc = failing(0, {code, "no"});
    add();
    make({.retries = 1});
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(ask().status->ok());
    pool->close();
    for (const auto& executor : executors) kill(*executor);
  }
  executors.clear();
  FakeExecutor& only = add();
  only.on_stream_doc = failing(0, {StatusCode::kInvalidArgument, "no"});
  make({.retries = 3});
  EXPECT_THAT(ask().status->message, HasSubstr("INVALID_ARGUMENT: no"));
  EXPECT_EQ(only.calls, 1);
}

TEST_F(DocumentRelayTest, WhatWasDeliveredIsNotAskedForAgain) {
  for (int i = 0; i < 2; ++i) add().on_stream_doc = failing(2, {StatusCode::kUnavailable, "lost"});
  make({.retries = 3});
  const Answers answers = ask();
  EXPECT_EQ(answers.count, 2);
  EXPECT_EQ(answers.status->code, StatusCode::kUnavailable);
  EXPECT_EQ(total_calls(), 1);
}

TEST_F(DocumentRelayTest, AReplicaThatIsStartedAgainIsAskedAgain) {
  add();
  make({.retries = -1});
  ASSERT_TRUE(ask().status->ok());
  const std::uint16_t port = executors[0]->port();
  kill(*executors[0]);
  const auto answers = start();
  boost::asio::steady_timer restart(io, 60ms);
  restart.async_wait([&](auto) { executors[0] = std::make_unique<FakeExecutor>(io, "a", port); });
  run_until(io, [&] { return answers->status.has_value(); });
  EXPECT_TRUE(answers->status->ok()) << answers->status->message;
}

TEST_F(DocumentRelayTest, CancellingEndsAPause) {
  add();
  make({.retries = -1});
  ASSERT_TRUE(ask().status->ok());
  kill(*executors[0]);
  const auto answers = start();
  io.run_for(10ms);
  EXPECT_FALSE(answers->status);
  context.cancel(CancelReason::kClient);
  run_until(io, [&] { return answers->status.has_value(); });
  EXPECT_EQ(answers->status->code, StatusCode::kCancelled);
}

}  // namespace
}  // namespace jina

#include "protocol/grpc/answer_stream.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace jina::protocol {
namespace {

/// A peer that the test plays.
class Peer final : public RequestStream {
 public:
  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override { waiting = std::move(on_next); }
  bool write(Buffer) override { return ++answers > 0; }
  std::size_t queued_bytes() const override { return slow ? std::size_t{1} << 30 : 0; }
  void when_writable(UniqueFunction<void()> on_writable) override { writable = std::move(on_writable); }
  void finish(Status with, Metadata) override { status = std::move(with); }

  void send() { std::exchange(waiting, nullptr)(Buffer()); }

  UniqueFunction<void(std::optional<Buffer>)> waiting;
  UniqueFunction<void()> writable;
  int answers = 0;
  bool slow = false;
  std::optional<Status> status;
};

/// Answers when the test says so.
class Worker final : public RequestHandler {
 public:
  void process_single_data(RequestContext&, wire::DataRequest, wire::ReplyCallback done) override {
    started.push_back(std::move(done));
  }
  void call(RequestContext&, std::shared_ptr<RequestStream>) override {}
  void stream_doc(RequestContext&, Buffer, std::shared_ptr<RequestStream>) override {}
  void endpoint_discovery(RequestContext&, UniqueFunction<void(Result<Buffer>)>) override {}

  std::vector<wire::ReplyCallback> started;
};

struct AnswerStream : testing::Test {
  AnswerStream() { answer_stream(worker, context, peer); }
  Worker worker;
  RequestContext context;
  std::shared_ptr<Peer> peer = std::make_shared<Peer>();
};

TEST_F(AnswerStream, WhatComesBehindAFailureIsNotStarted) {
  peer->send();
  peer->send();
  worker.started[0]({.status = {StatusCode::kUnavailable, "lost"}});
  EXPECT_FALSE(peer->status) << "one is in work";
  peer->send();
  EXPECT_EQ(worker.started.size(), 2U);
  worker.started[1]({});
  EXPECT_EQ(peer->answers, 1);
  ASSERT_TRUE(peer->status);
  EXPECT_EQ(peer->status->message, "lost");
}

TEST_F(AnswerStream, AnswersThatNobodyTakesHoldBackReading) {
  peer->slow = true;
  peer->send();
  EXPECT_EQ(worker.started.size(), 1U);
  EXPECT_FALSE(peer->waiting);
  peer->slow = false;
  ASSERT_TRUE(peer->writable);
  std::exchange(peer->writable, nullptr)();
  EXPECT_TRUE(peer->waiting);
  std::exchange(peer->waiting, nullptr)(std::nullopt);
  worker.started[0]({});
  EXPECT_TRUE(peer->status && peer->status->ok());
}

}  // namespace
}  // namespace jina::protocol

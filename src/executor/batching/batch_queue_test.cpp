// When batches form, and how seldom anybody is woken for it.
#include "executor/batching/batch_queue.hpp"

#include <gmock/gmock.h>

#include "executor/batching/batch_test_kit.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class BatchQueueTest : public BatchingTest {};

TEST_F(BatchQueueTest, ABatchFormsWhenThereAreDocumentsEnough) {
  use({.preferred_batch_size = 4, .timeout = 10s});
  const auto a = send({"a", "b"}), b = send({"c"});
  EXPECT_THAT(slices, IsEmpty());
  const auto c = send({"d"});
  EXPECT_THAT(slices, ElementsAre(Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(a->texts(), (Texts{"a!", "b!"}));
  EXPECT_EQ(b->texts(), Texts{"c!"});
  EXPECT_EQ(c->texts(), Texts{"d!"});
  EXPECT_EQ(time->wake_ups, 0);
}

TEST_F(BatchQueueTest, TheFirstOneThatWaitsSaysWhenAnIncompleteBatchForms) {
  use({.preferred_batch_size = 32, .timeout = 5ms});
  std::vector<std::unique_ptr<ClientCall>> calls;
  for (int i = 0; i < 4; ++i) {
    calls.push_back(send({std::to_string(i)}));
    time->advance(1ms);
  }
  time->advance(1ms - 1ns);
  EXPECT_THAT(slices, IsEmpty());
  time->advance(1ns);
  EXPECT_THAT(slices, ElementsAre(Texts{"0", "1", "2", "3"}));
  EXPECT_EQ(time->wake_ups, 1);
  time->advance(1h);
  EXPECT_EQ(time->wake_ups, 1) << "nobody waits";
}

TEST_F(BatchQueueTest, ABatchOf32FormsWithinItsTimeoutWithOneWakeUp) {
  use({.preferred_batch_size = 32, .timeout = 5ms});
  std::vector<std::unique_ptr<ClientCall>> calls;
  const SteadyTime begin = time->now();
  for (int i = 0; i < 32; ++i) {
    calls.push_back(send({"x"}));
    if (i < 31) time->advance(150us);
  }
  EXPECT_LE(time->now() - begin, 5ms);
  EXPECT_THAT(slices, ElementsAre(SizeIs(32)));
  time->advance(1s);
  EXPECT_LE(time->wake_ups, 1);
}

TEST_F(BatchQueueTest, FullBatchesWakeNobodyMoreThanOncePerTimeout) {
  use({.preferred_batch_size = 32, .timeout = 10ms});
  std::vector<std::unique_ptr<ClientCall>> calls;
  for (int i = 0; i < 32 * 1000; ++i) {  // for a second, a full batch each millisecond
    calls.push_back(send({"x"}));
    time->advance(31250ns);
  }
  EXPECT_THAT(slices, SizeIs(1000));
  EXPECT_TRUE(std::all_of(slices.begin(), slices.end(), [](const Texts& slice) { return slice.size() == 32; }));
  EXPECT_LE(time->wake_ups, 101);
}

TEST_F(BatchQueueTest, ATimerThatWasSetForABatchThatIsGoneDoesNotHurryTheNextOne) {
  use({.preferred_batch_size = 2, .timeout = 10ms});
  hold = true;
  const auto a = send({"a", "b"});
  work(*batches.at(0));
  hold = false;
  const auto b = send({"c"});
  time->advance(6ms);
  const auto c = send({"d"});  // full: the timer of "c" is still set
  const auto d = send({"e"});
  time->advance(4ms);
  EXPECT_FALSE(d->answered());
  time->advance(6ms);
  EXPECT_TRUE(d->answered());
  EXPECT_THAT(slices, ElementsAre(Texts{"a", "b"}, Texts{"c", "d"}, Texts{"e"}));
}

TEST_F(BatchQueueTest, WhatComesWhileABatchRunsWaitsForTheNextOne) {
  use({.preferred_batch_size = 2, .timeout = 10ms});
  hold = true;
  const auto a = send({"a", "b"});
  ASSERT_THAT(batches, SizeIs(1));
  const auto b = send({"c", "d"}), c = send({"e"});
  time->advance(1s);
  EXPECT_THAT(batches, SizeIs(1));
  work(*batches[0]);
  ASSERT_THAT(batches, SizeIs(2)) << "late already";
  work(*batches[1]);
  EXPECT_THAT(slices, ElementsAre(Texts{"a", "b"}, Texts{"c", "d"}, Texts{"e"}));
}

TEST_F(BatchQueueTest, ATimeoutOfZeroGathersOnlyWhatWaitsForARunningBatch) {
  use({.preferred_batch_size = 8, .timeout = 0ms});
  hold = true;
  const auto a = send({"a"}), b = send({"b"}), c = send({"c"});
  ASSERT_THAT(batches, SizeIs(1));
  work(*batches[0]);
  work(*batches.at(1));
  EXPECT_THAT(slices, ElementsAre(Texts{"a"}, Texts{"b", "c"}));
}

TEST_F(BatchQueueTest, ACancelledRequestLeavesTheQueueAtOnce) {
  use({.preferred_batch_size = 4, .timeout = 5ms});
  const auto a = send({"a"});
  time->advance(2ms);
  const auto b = send({"b"}), c = send({"c"});
  a->context.cancel(CancelReason::kClient);
  ASSERT_TRUE(a->answered());
  EXPECT_EQ(a->reply->status.code, StatusCode::kCancelled);
  b->context.cancel(CancelReason::kDeadline);
  EXPECT_EQ(b->reply->status.code, StatusCode::kDeadlineExceeded);
  time->advance(3ms);
  EXPECT_FALSE(c->answered()) << "it came 2 ms later";
  const auto d = send({"d", "e"});
  EXPECT_THAT(slices, IsEmpty()) << "three Documents wait, not five";
  time->advance(2ms);
  EXPECT_THAT(slices, ElementsAre(Texts{"c", "d", "e"}));
  EXPECT_LE(time->wake_ups, 2);
}

TEST_F(BatchQueueTest, TheLastOneThatIsCancelledTakesTheQueueWithIt) {
  use({.preferred_batch_size = 4, .timeout = 5ms});
  const auto a = send({"a"});
  EXPECT_EQ(batcher->queues(), 1);
  a->context.cancel(CancelReason::kClient);
  EXPECT_EQ(batcher->queues(), 0);
  time->advance(1s);
  EXPECT_EQ(time->wake_ups, 0);
}

TEST_F(BatchQueueTest, ARequestThatCameCancelledIsNotQueued) {
  use({.preferred_batch_size = 1, .timeout = 5ms});
  ClientCall call;
  call.context.cancel(CancelReason::kClient);
  send(call, request({"a"}));
  EXPECT_EQ(call.reply->status.code, StatusCode::kCancelled);
  EXPECT_THAT(batches, IsEmpty());
}

TEST_F(BatchQueueTest, StoppingRunsWhatWaitsAndLetsNothingWait) {
  use({.preferred_batch_size = 8, .timeout = 10s});
  const auto a = send({"a"}, {{"top_k", 1}}), b = send({"b"}, {{"top_k", 2}});
  stop_waiting();
  EXPECT_TRUE(a->answered());
  EXPECT_TRUE(b->answered());
  const auto c = send({"c"});
  EXPECT_EQ(c->texts(), Texts{"c!"});
  EXPECT_EQ(batcher->queues(), 0);
}

TEST_F(BatchQueueTest, StoppingWaitsForTheBatchThatRuns) {
  use({.preferred_batch_size = 2, .timeout = 10s});
  hold = true;
  const auto a = send({"a", "b"}), b = send({"c"});
  stop_waiting();
  ASSERT_THAT(batches, SizeIs(1));
  hold = false;
  work(*batches[0]);
  EXPECT_EQ(b->texts(), Texts{"c!"});
}

}  // namespace
}  // namespace jina

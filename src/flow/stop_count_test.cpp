#include "flow/stop_count.hpp"

#include <gtest/gtest.h>

namespace jina::flow {
namespace {

using namespace std::chrono_literals;
using Meaning = StopCount::Meaning;

TEST(StopCount, WhatComesAtOnceIsTheSameSignal) {
  StopCount count;
  const StopCount::Time start{};
  EXPECT_EQ(count.take(start), Meaning::kFirst);
  EXPECT_EQ(count.take(start), Meaning::kEcho);
  EXPECT_EQ(count.take(start + StopCount::kEcho - 1ms), Meaning::kEcho);
  EXPECT_EQ(count.take(start + StopCount::kEcho), Meaning::kAgain);
}

// Somebody who goes on asking is heard: echoes do not make the time longer.
TEST(StopCount, EchoesDoNotPutOffTheSecond) {
  StopCount count(100ms);
  const StopCount::Time start{};
  count.take(start);
  count.take(start + 60ms);
  EXPECT_EQ(count.take(start + 120ms), Meaning::kAgain);
}

}  // namespace
}  // namespace jina::flow

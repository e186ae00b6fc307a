#include "flow/restart.hpp"

#include <gtest/gtest.h>

namespace jina::flow {
namespace {

using namespace std::chrono_literals;
const RestartBackoff::Time kStart{};

TEST(RestartBackoff, AtOnceThenGrowingToABound) {
  RestartBackoff backoff({.first_pause = 500ms, .longest_pause = 3s, .jitter = 0, .most = 0}, 1);
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 6; ++i) pauses.push_back(backoff.next(kStart)->count());
  EXPECT_EQ(pauses, (std::vector<std::int64_t>{0, 500, 1000, 2000, 3000, 3000}));
  EXPECT_EQ(backoff.count(), 6);
}

TEST(RestartBackoff, JitterStaysWithinItsPart) {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    RestartBackoff backoff({.first_pause = 1000ms, .jitter = 0.2}, seed);
    backoff.next(kStart);
    const auto pause = *backoff.next(kStart);
    EXPECT_GE(pause, 800ms);
    EXPECT_LE(pause, 1200ms);
  }
}

TEST(RestartBackoff, AtOnceAgainAfterAStableTime) {
  RestartBackoff backoff({.first_pause = 500ms, .jitter = 0, .stable = 10s}, 1);
  backoff.next(kStart);
  backoff.ready(kStart + 1s);
  EXPECT_EQ(backoff.next(kStart + 10s), 500ms);  // ready for nine seconds only
  backoff.ready(kStart + 11s);
  EXPECT_EQ(backoff.next(kStart + 21s), 0ms);
  EXPECT_EQ(backoff.next(kStart + 60s), 500ms);  // it was not ready in between
}

TEST(RestartBackoff, SoManyWithinAWindow) {
  RestartBackoff backoff({.most = 3, .window = 60s}, 1);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(backoff.next(kStart + 10s * i));
  EXPECT_FALSE(backoff.next(kStart + 59s));
  EXPECT_TRUE(backoff.next(kStart + 61s));  // the first is forgotten
  EXPECT_FALSE(backoff.next(kStart + 62s));
}

TEST(RestartPolicy, Words) {
  EXPECT_EQ(parse_restart_policy("never"), RestartPolicy::kNever);
  EXPECT_EQ(parse_restart_policy("on-failure"), RestartPolicy::kOnFailure);
  EXPECT_EQ(parse_restart_policy("sometimes"), std::nullopt);
}

}  // namespace
}  // namespace jina::flow

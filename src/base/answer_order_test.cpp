#include "base/answer_order.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jina {
namespace {

TEST(AnswerOrder, AsTheyCome) {
  AnswerOrder<std::string> answers(false);
  const auto first = answers.expect(), second = answers.expect();
  EXPECT_FALSE(answers.take());
  answers.put(second, "b");
  EXPECT_EQ(answers.take(), "b");
  EXPECT_EQ(answers.pending(), 1U);
  answers.put(first, "a");
  EXPECT_EQ(answers.take(), "a");
  EXPECT_EQ(answers.pending(), 0U);
}

TEST(AnswerOrder, InTheOrderOfTheRequests) {
  AnswerOrder<std::string> answers(true);
  const auto first = answers.expect(), second = answers.expect();
  answers.put(second, "b");
  EXPECT_FALSE(answers.take());
  answers.put(first, "a");
  EXPECT_EQ(answers.take(), "a");
  const auto third = answers.expect();
  EXPECT_EQ(answers.take(), "b");
  answers.put(third, "c");
  EXPECT_EQ(answers.take(), "c");
  EXPECT_EQ(answers.begun(), 3U);
}

TEST(AnswerOrder, WhatIsMissingCanBeForgotten) {
  AnswerOrder<std::string> answers(true);
  (void)answers.expect();
  answers.put(answers.expect(), "b");
  answers.forget_missing("late");
  EXPECT_EQ(answers.pending(), 2U);
  EXPECT_EQ(answers.take(), "b");
  EXPECT_EQ(answers.take(), "late");
  EXPECT_FALSE(answers.take());
}

}  // namespace
}  // namespace jina

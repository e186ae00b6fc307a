#include "topology/target_matcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jina::topology {
namespace {

bool matches(std::string_view pattern, std::string_view name) { return TargetMatcher::compile(pattern).value()->matches(name); }

TEST(TargetMatcher, MatchesAtTheStart) {
  EXPECT_TRUE(matches("z", "zoo"));
  EXPECT_FALSE(matches("oo", "zoo"));
  EXPECT_TRUE(matches("z.o", "zoo"));
  EXPECT_FALSE(matches(".oo$x", "zoo"));
  EXPECT_TRUE(matches("a|b", "b"));
  EXPECT_FALSE(matches("a$", "ab"));
}

TEST(TargetMatcher, ErrorsAreThoseOfPython) {
  const auto error = [](std::string_view pattern) { return TargetMatcher::compile(pattern).error().message; };
  EXPECT_EQ(error("("), "Unexpected <class 're.error'>: missing ), unterminated subpattern at position 0");
  EXPECT_EQ(error("ab)"), "Unexpected <class 're.error'>: unbalanced parenthesis at position 2");
  EXPECT_EQ(error("a[b"), "Unexpected <class 're.error'>: unterminated character set at position 1");
  EXPECT_EQ(error("*a"), "Unexpected <class 're.error'>: nothing to repeat at position 0");
  EXPECT_EQ(error("a\\"), "Unexpected <class 're.error'>: bad escape (end of pattern) at position 1");
  EXPECT_THAT(error("(?=a)"), testing::HasSubstr("(?="));
}

TEST(TargetMatcher, CacheIsBounded) {
  TargetMatcherCache cache(2);
  const auto first = cache.find("a.").value();
  EXPECT_EQ(cache.find("a.").value(), first);
  EXPECT_TRUE(cache.find("b.").ok());
  EXPECT_EQ(cache.find("a.").value(), first);
  EXPECT_TRUE(cache.find("c.").ok());  // b. was not used for longest
  EXPECT_EQ(cache.find("a.").value(), first);
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_FALSE(cache.find("(").ok());
  EXPECT_EQ(cache.size(), 2u);
}

}  // namespace
}  // namespace jina::topology

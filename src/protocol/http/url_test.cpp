#include "protocol/http/url.hpp"

#include <gtest/gtest.h>

namespace jina::http {
namespace {

TEST(Url, DecodesAndEncodes) {
  EXPECT_EQ(percent_decode("a%20b%C3%A9+"), "a b\xC3\xA9+");
  EXPECT_EQ(percent_decode("a+b", true), "a b");
  for (const char* wrong : {"%", "%2", "%zz", "a%2g"}) EXPECT_EQ(percent_decode(wrong), std::nullopt) << wrong;
  const std::string all = [] {
    std::string text;
    for (int i = 0; i < 256; ++i) text += static_cast<char>(i);
    return text;
  }();
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_encode("a/b c~"), "a%2Fb%20c~");
}

TEST(Url, SplitsTargets) {
  std::string path, query;
  ASSERT_TRUE(split_target("/a%20b/c?x=%31&y", path, query));
  EXPECT_EQ(path, "/a b/c");
  EXPECT_EQ(query, "x=%31&y");
  ASSERT_TRUE(split_target("/a#frag?no", path, query));
  EXPECT_EQ(path, "/a");
  EXPECT_EQ(query, "");
  EXPECT_TRUE(split_target("*", path, query));
  EXPECT_TRUE(split_target("/?a=%zz", path, query));
  for (const char* wrong : {"", "a", "?x", "/%", "/%4", "/%zz", "/a%00b"}) EXPECT_FALSE(split_target(wrong, path, query)) << wrong;
}

TEST(Url, ParsesQueries) {
  const Query query = parse_query("a=1&b=x%20y+z&&c&a=2&=v&bad=%zz");
  const Query expected{{"a", "1"}, {"b", "x y z"}, {"c", ""}, {"a", "2"}, {"", "v"}, {"bad", "%zz"}};
  EXPECT_EQ(query, expected);
  EXPECT_EQ(*find_query(query, "a"), "2");
  EXPECT_EQ(find_query(query, "z"), nullptr);
  EXPECT_TRUE(parse_query("").empty());
}

}  // namespace
}  // namespace jina::http

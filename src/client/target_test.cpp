#include "client/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jina::client {
namespace {

using testing::HasSubstr;

std::string url_of(std::string_view text, const TargetDefaults& defaults = {}) {
  auto target = parse_target(text, defaults);
  return target ? target->url() : target.error().message;
}

TEST(Target, Forms) {
  EXPECT_EQ(url_of("grpc://127.0.0.1:1234"), "grpc://127.0.0.1:1234");
  EXPECT_EQ(url_of("localhost:1"), "grpc://localhost:1");
  EXPECT_EQ(url_of("localhost"), "grpc://localhost:80");
  EXPECT_EQ(url_of("https://h/"), "https://h:443");
  EXPECT_EQ(url_of("WS://h:5"), "ws://h:5");
  EXPECT_EQ(url_of("wss://h"), "wss://h:443");
  EXPECT_EQ(url_of("websocket://h:5"), "ws://h:5");
  EXPECT_EQ(url_of("grpcs://[::1]:7"), "grpcs://[::1]:7");
  EXPECT_EQ(url_of(":9", {.host = "h"}), "grpc://h:9");
  EXPECT_EQ(url_of("h", {.protocol = Protocol::kHttp, .tls = true, .port = 8}), "https://h:8");
  EXPECT_THAT(url_of("gopher://h"), HasSubstr("the scheme 'gopher' is none of grpc, grpcs, http, https, ws, wss"));
  EXPECT_THAT(url_of("h:0"), HasSubstr("'0' is no port from 1 to 65535"));
  EXPECT_THAT(url_of("h:x"), HasSubstr("'x' is no port"));
  EXPECT_THAT(url_of("http://h:1/post"), HasSubstr("a path has no meaning here"));
  EXPECT_THAT(url_of("::1:5"), HasSubstr("in brackets"));
  EXPECT_THAT(url_of("http://", {.host = ""}), HasSubstr("the host is missing"));
}

}  // namespace
}  // namespace jina::client

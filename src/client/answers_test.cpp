#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "client/event_stream.hpp"
#include "client/json_message.hpp"
#include "streamer/response.hpp"

namespace jina::client {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(EventParser, CutsAnywhere) {
  const std::string text = "event: update\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\n: comment\n\nevent: end\r\n\r\ndata: x\n\n";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    std::vector<std::string> seen;
    EventParser parser([&](std::string_view name, std::string_view data) {
      seen.push_back(std::string(name) + "=" + std::string(data));
      return true;
    });
    for (std::size_t at = 0; at < text.size(); at += size) parser.take(std::string_view(text).substr(at, size));
    EXPECT_THAT(seen, testing::ElementsAre("update={\"a\":\n1}", "end=", "message=x")) << size;
  }
}

TEST(Answer, Http) {
  EXPECT_EQ(status_of_http({503, {}, R"({"header":{"status":{"code":1,"description":"down"}}})"}).to_string(),
            "UNAVAILABLE: HTTP status 503: down");
  EXPECT_TRUE(status_of_http({200, {}, R"j({"header":{"status":{"code":1,"description":"ValueError('x')"}}})j"}).ok());
  EXPECT_EQ(outcome_of_json(R"j({"header":{"status":{"code":1,"description":"ValueError('x')"}}})j").message, "ValueError('x')");
  EXPECT_EQ(status_of_http({500, {}, "Internal Server Error"}).to_string(), "UNKNOWN: HTTP status 500: Internal Server Error");
}

TEST(Answer, JsonReadsLikeAMessage) {
  const auto message = message_from_json(R"j({
    "header": {"requestId": "r1", "status": {"code": 1, "description": "ValueError('x')", "exception":
      {"name": "ValueError", "args": ["x"], "stacks": ["s1"], "executor": "Upper"}}, "execEndpoint": "/e"},
    "parameters": {"a": 1.0},
    "routes": [{"executor": "gateway", "startTime": "1970-01-01T00:00:01.500000+00:00", "endTime": null, "status": null}],
    "data": [{"id": "d1", "text": "x"}]})j");
  ASSERT_TRUE(message.ok()) << message.error().message;
  const auto response = streamer::make_response(*message);
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->request_id, "r1");
  EXPECT_EQ(response->exec_endpoint, "/e");
  EXPECT_EQ(response->error->name, "ValueError");
  EXPECT_EQ(response->error->executor, "Upper");
  EXPECT_EQ(response->parameters.at("a"), 1.0);
  EXPECT_EQ(response->routes.at(0).start_time->time_since_epoch(), milliseconds(1500));
  EXPECT_FALSE(response->routes.at(0).end_time);
  EXPECT_EQ(response->docs.at(0).id, "d1");
}

TEST(Answer, ATimeThatNanosecondsDoNotReachIsLeftOut) {
  const auto message = message_from_json(
      R"j({"routes": [{"executor": "e", "startTime": "4052-01-02T03:04:05.5+00:00", "endTime": "2026-01-02T03:04:05Z"}], "data": []})j");
  ASSERT_TRUE(message.ok()) << message.error().message;
  wire::RouteReader routes(message->routes.view());
  ASSERT_TRUE(routes.next());
  EXPECT_FALSE(routes.route().start);
  EXPECT_EQ(routes.route().end->seconds, 1767323045);
}

// A number that only Python's JSON has: the whole answer is read by its rules, once.
TEST(Answer, JsonOfPython) {
  const auto message = message_from_json(R"j({"header": {"requestId": "r1"}, "data": [{"id": "d1", "tags": {"score": NaN}}]})j");
  ASSERT_TRUE(message.ok()) << message.error().message;
  const auto response = streamer::make_response(*message);
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_TRUE(std::isnan(response->docs.at(0).tags.at("score").as_double()));
  EXPECT_EQ(message_from_json("[]").error().message, "the answer is no JSON object");
  EXPECT_EQ(message_from_json("{").error().message, "the answer is no JSON object");
  EXPECT_THAT(message_from_json(R"({"data": [1]})").error().message, HasSubstr("the answer's Documents: "));
}

}  // namespace
}  // namespace jina::client

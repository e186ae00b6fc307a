// Requests with Documents over HTTP: what reaches the gateway and how its answers and failures look. The expected answers are those
// recorded from Jina 3.25.2, except where a comment says otherwise.
#include "gateway/http/data_route.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/http/http_test_support.hpp"

namespace jina::gateway {
namespace {

namespace bjson = boost::json;
using testing::GatewayFixture;
using ::testing::HasSubstr;
using testing::header;

wire::HeaderView header_of_last(const GatewayFixture& fixture) {
  return wire::parse_header(fixture.gateway.seen.back().header.view()).value();
}

TEST(DataRoute, PostSendsTheDocumentsAndAnswersInJinasForm) {
  GatewayFixture fixture;
  const auto response =
      fixture.send("POST", "/post", R"({"data":[{"id":"d1","text":"hello"}],"execEndpoint":"/upper","parameters":{"a":1}})");
  ASSERT_EQ(response.status, 200) << response.body.str();
  EXPECT_EQ(header(response, "content-type"), "application/json");
  const auto answer = bjson::parse(response.body.str());
  const auto& head = answer.at("header").as_object();
  EXPECT_EQ(head.at("requestId").as_string().size(), 32u);
  EXPECT_TRUE(head.at("status").is_null());
  EXPECT_EQ(head.at("execEndpoint").as_string(), "/upper");
  EXPECT_EQ(head.at("targetExecutor").as_string(), "");
  EXPECT_EQ(answer.at("parameters").at("a").as_double(), 1.0);
  EXPECT_EQ(answer.at("routes").as_array().at(0).at("executor").as_string(), "gateway");
  const auto& doc = answer.at("data").as_array().at(0).as_object();
  EXPECT_EQ(doc.at("text").as_string(), "HELLO");
  EXPECT_EQ(doc.size(), 19u);
}

TEST(DataRoute, RequestIdsAreNew) {
  GatewayFixture fixture;
  fixture.send("POST", "/post", R"({"data":[],"header":{"requestId":"mine"}})");
  const std::string first(header_of_last(fixture).request_id);
  fixture.send("POST", "/post", R"({"data":[]})");
  EXPECT_NE(first, "mine");
  EXPECT_NE(first, header_of_last(fixture).request_id);
}

TEST(DataRoute, FixedRoutesIgnoreTheEndpointOfTheBody) {
  GatewayFixture fixture;
  for (const auto& [method, path] : {std::pair{"POST", "/index"}, {"POST", "/search"}, {"PUT", "/update"}, {"DELETE", "/delete"}}) {
    EXPECT_EQ(fixture.send(method, path, R"({"data":[],"execEndpoint":"/other"})").status, 200) << path;
    EXPECT_EQ(header_of_last(fixture).exec_endpoint, path);
  }
}

TEST(DataRoute, BodyIsRequired) {
  GatewayFixture fixture;
  constexpr const char* kMissing = R"({"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})";
  for (const char* body : {"", "null"}) {
    const auto response = fixture.send("POST", "/index", body);
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(response.body.str(), kMissing);
  }
  EXPECT_TRUE(fixture.gateway.seen.empty());
}

TEST(DataRoute, ContentTypes) {
  GatewayFixture fixture;
  for (const char* type : {"application/json", "application/json; charset=utf-8", "Application/JSON", "application/problem+json"})
    EXPECT_EQ(fixture.send("POST", "/post", "{}", {{"content-type", type}}).status, 200) << type;
  EXPECT_EQ(fixture.send("POST", "/post", "{}", {}).status, 200) << "no content type counts as JSON";
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "json", "application/jsonx"}) {
    const auto response = fixture.send("POST", "/post", "{}", {{"content-type", type}});
    EXPECT_EQ(response.status, 422) << type;
    EXPECT_EQ(response.body.str(), R"({"detail":[{"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]})");
  }
}

TEST(DataRoute, CompressedBodiesAreRefused) {  // Jina would take the bytes for JSON text
  GatewayFixture fixture;
  const auto response = fixture.send("POST", "/post", "\x1f\x8b", {{"content-encoding", "gzip"}});
  EXPECT_EQ(response.status, 415);
  EXPECT_THAT(response.body.str(), HasSubstr("gzip"));
  EXPECT_EQ(fixture.send("POST", "/post", "{}", {{"content-encoding", "identity"}}).status, 200);
}

TEST(DataRoute, BadInput) {
  GatewayFixture fixture;
  const auto broken = fixture.send("POST", "/post", R"({"data": [)");
  EXPECT_EQ(broken.status, 422);
  constexpr const char* kExpected =
      R"x({"detail":[{"loc":["body",10],"msg":"Expecting value: line 1 column 11 (char 10)","type":"value_error.jsondecode",
           "ctx":{"msg":"Expecting value","doc":"{\"data\": [","pos":10,"lineno":1,"colno":11}}]})x";
  EXPECT_EQ(bjson::parse(broken.body.str()), bjson::parse(kExpected));
  const auto not_text = fixture.send("POST", "/post", "{\"data\":[{\"text\":\"\xff\"}]}");
  EXPECT_EQ(not_text.status, 400);
  EXPECT_EQ(not_text.body.str(), R"({"detail":"There was an error parsing the body"})");
  const auto wrong_type = fixture.send("POST", "/post", R"({"data":[{"id":"d1","text":[]}]})");
  EXPECT_EQ(wrong_type.status, 422);
  EXPECT_THAT(wrong_type.body.str(),
              HasSubstr(R"({"loc":["body","data",0,"text"],"msg":"str type expected","type":"type_error.str"})"));
  EXPECT_TRUE(fixture.gateway.seen.empty()) << "nothing of this reaches an Executor";
}

TEST(DataRoute, FailuresOfTheNetworkEchoTheRequest) {
  for (const auto& [code, status] :
       {std::pair{StatusCode::kUnavailable, 503}, {StatusCode::kNotFound, 503}, {StatusCode::kDeadlineExceeded, 504}}) {
    GatewayFixture fixture;
    fixture.gateway.fail_with = {code, "down |Gateway: Communication error"};
    const auto response =
        fixture.send("POST", "/post", R"({"data":[{"id":"d1","text":"hello"}],"execEndpoint":"/upper","parameters":{"a":1}})");
    EXPECT_EQ(response.status, status);
    const auto answer = bjson::parse(response.body.str());
    const auto& failure = answer.at("header").at("status");
    EXPECT_EQ(failure.at("code").as_int64(), 1);
    EXPECT_EQ(failure.at("description").as_string(), "down |Gateway: Communication error");
    EXPECT_EQ(failure.at("exception").at("name").as_string(), "<class 'jina.excepts.InternalNetworkError'>");
    EXPECT_EQ(answer.at("header").at("execEndpoint").as_string(), "");
    EXPECT_EQ(answer.at("parameters"), bjson::parse(R"({"a":1})"));
    EXPECT_TRUE(answer.at("routes").is_null());
    EXPECT_EQ(answer.at("data").at(0).at("text").as_string(), "hello");
  }
}

TEST(DataRoute, OtherFailuresAreAPlain500) {
  GatewayFixture fixture;
  for (const StatusCode code : {StatusCode::kUnknown, StatusCode::kInvalidArgument, StatusCode::kInternal}) {
    fixture.gateway.fail_with = {code, "secret"};
    const auto response = fixture.send("POST", "/post", "{}");
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.str(), "Internal Server Error");
    EXPECT_EQ(header(response, "content-type"), "text/plain; charset=utf-8");
  }
}

TEST(DataRoute, ExposedRoutesOfOtherMethodsFailAlike) {  // Jina answers a plain 500 there
  GatewayFixture fixture(
      {.expose_endpoints = testing::expose(R"({"/embed":{"http_path":"/emb","methods":["GET"],"status_code":201}})")});
  fixture.gateway.fail_with = {StatusCode::kUnavailable, "down"};
  EXPECT_EQ(fixture.send("GET", "/emb", "{}").status, 503);
}

TEST(DataRoute, AnswersThatJsonCannotSayAreA500) {
  GatewayFixture fixture;
  const auto response = fixture.send("POST", "/post", R"({"data":[{"embedding":[Infinity,1]}]})");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.str(), "Internal Server Error");
}

TEST(DataRoute, AnswersThatComeLater) {
  GatewayFixture fixture;
  fixture.gateway.hold = true;
  boost::asio::io_context io;
  RequestContext context;
  std::optional<int> status;
  boost::asio::co_spawn(io, fixture.http.handle(context, testing::make_request("POST", "/post", "{}")),
                        [&](std::exception_ptr, http::Response response) { status = response.status; });
  io.poll();
  ASSERT_EQ(fixture.gateway.held.size(), 1u);
  EXPECT_FALSE(status);
  fixture.gateway.answer(0);
  io.restart();
  io.poll();
  EXPECT_EQ(status, 200);
}

TEST(DryRun, AnswersTheVerdictWith200) {
  GatewayFixture fixture;
  EXPECT_EQ(fixture.send("GET", "/dry_run").body.str(), R"({"code":0,"description":"","exception":null})");
  const auto& sent = fixture.gateway.seen.back();
  EXPECT_EQ(header_of_last(fixture).exec_endpoint, "_jina_dry_run_");
  const auto as_sent = wire::DataRequest::parse(sent.serialize()).value();
  ASSERT_TRUE(as_sent.data.has_value()) << "the field is there, without Documents";
  EXPECT_EQ(as_sent.data->str(), std::string("\x0a\x00", 2));

  fixture.gateway.fail_with = {StatusCode::kUnavailable, "down"};
  const auto response = fixture.send("GET", "/dry_run");
  EXPECT_EQ(response.status, 200);
  const auto verdict = bjson::parse(response.body.str());
  EXPECT_EQ(verdict.at("code").as_int64(), 1);
  EXPECT_EQ(verdict.at("description").as_string(), "down");
  EXPECT_EQ(verdict.at("exception").at("name").as_string(), "InternalNetworkError");
}

}  // namespace
}  // namespace jina::gateway

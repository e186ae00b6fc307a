#include "gateway/http/websocket_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/http/http_test_support.hpp"

namespace jina::gateway {
namespace {

using ::testing::HasSubstr;

http::WebSocketMessage text(std::string content) { return {Buffer::take(std::move(content)), false}; }
http::WebSocketMessage binary(std::string content) { return {Buffer::take(std::move(content)), true}; }

CloseCode close_code(const WebSocketInput& input) {
  const auto* close = std::get_if<WebSocketClose>(&input);
  return close == nullptr ? CloseCode::kNormal : close->code;
}
std::string reason(const WebSocketInput& input) { return std::get<WebSocketClose>(input).reason; }

TEST(JsonCodec, ReadsRequests) {
  const auto input =
      json_codec().decode(text(R"({"data":[{"id":"d1","text":"hello"}],"exec_endpoint":"/upper","target_executor":"zoo"})"));
  const auto& request = std::get<wire::DataRequest>(input);
  const auto header = wire::parse_header(request.header.view()).value();
  EXPECT_EQ(header.exec_endpoint, "/upper");
  EXPECT_EQ(header.target_executor, "zoo");
  EXPECT_EQ(header.request_id.size(), 32u);
  ASSERT_TRUE(request.has_data());
  EXPECT_EQ(content_of(request).value().docs.value().at(0).text(), "hello");
}

TEST(JsonCodec, DataMayBeNullButNotMissing) {
  const auto null = json_codec().decode(text(R"({"execEndpoint":"/upper","data":null})"));
  ASSERT_TRUE(std::holds_alternative<wire::DataRequest>(null));
  EXPECT_FALSE(std::get<wire::DataRequest>(null).has_data());
  const auto missing = json_codec().decode(text(R"({"execEndpoint":"/upper"})"));
  EXPECT_EQ(close_code(missing), CloseCode::kInvalid);
  EXPECT_THAT(reason(missing), HasSubstr("data"));
}

TEST(JsonCodec, EmptyObjectEndsTheStream) {
  EXPECT_TRUE(std::holds_alternative<EndOfStream>(json_codec().decode(text("{}"))));
  EXPECT_TRUE(std::holds_alternative<EndOfStream>(json_codec().decode(text(" { } "))));
}

TEST(JsonCodec, ListsAndScalarsArePassedOver) {
  for (const char* content : {"[1]", "[]", "5", "\"x\"", "true", "null", " [{\"data\": []}]"})
    EXPECT_TRUE(std::holds_alternative<Ignored>(json_codec().decode(text(content)))) << content;
}

TEST(JsonCodec, BadInputIsNamed) {
  const auto broken = json_codec().decode(text(R"({"data": [)"));
  EXPECT_EQ(close_code(broken), CloseCode::kInvalid);
  EXPECT_THAT(reason(broken), HasSubstr("line 1 column 11"));
  const auto wrong = json_codec().decode(text(R"({"data":[{"text":[]}]})"));
  EXPECT_EQ(close_code(wrong), CloseCode::kInvalid);
  EXPECT_THAT(reason(wrong), HasSubstr("text"));
  for (const char* content : {"", "  ", "[1", "nul", "hello"})
    EXPECT_EQ(close_code(json_codec().decode(text(content))), CloseCode::kInvalid) << content;
  const auto kind = json_codec().decode(binary("{}"));
  EXPECT_EQ(close_code(kind), CloseCode::kUnsupported);
  EXPECT_THAT(reason(kind), HasSubstr("binary"));
}

TEST(JsonCodec, WritesAnswersAsTextInSnakeCase) {
  auto reply =
      testing::FakeGateway::upper(std::get<wire::DataRequest>(json_codec().decode(text(R"({"data":[{"id":"ü","text":"ß"}]})"))));
  const auto message = json_codec().encode(reply.response).value();
  EXPECT_FALSE(message.binary);
  const std::string content = message.payload.str();
  EXPECT_THAT(content, HasSubstr(R"("exec_endpoint":"/")"));
  EXPECT_THAT(content, HasSubstr(R"("id":"\u00fc")")) << "ASCII only";
}

TEST(BytesCodec, ReadsRequestsAsTheyAre) {
  const std::string encoded(
      "\x0a\x0f\x0a\x05req-1\x1a\x06/upper\x22\x0f\x0a\x0d\x0a\x0b\x0a\x02"
      "d1\x22\x05hello",
      34);
  const auto input = bytes_codec().decode(binary(encoded));
  const auto& request = std::get<wire::DataRequest>(input);
  EXPECT_EQ(wire::parse_header(request.header.view()).value().request_id, "req-1");
  const auto message = bytes_codec().encode(request).value();
  EXPECT_TRUE(message.binary);
  EXPECT_EQ(message.payload.str(), encoded);
}

TEST(BytesCodec, OneZeroByteEndsTheStream) {
  EXPECT_TRUE(std::holds_alternative<EndOfStream>(bytes_codec().decode(binary(std::string(1, '\0')))));
  EXPECT_EQ(close_code(bytes_codec().decode(binary(std::string(2, '\0')))), CloseCode::kInvalid);
}

TEST(BytesCodec, BadInputIsNamed) {
  EXPECT_EQ(close_code(bytes_codec().decode(binary(""))), CloseCode::kInvalid);
  EXPECT_EQ(close_code(bytes_codec().decode(binary("\xff\xff\xff"))), CloseCode::kInvalid);
  EXPECT_EQ(close_code(bytes_codec().decode(text("hello"))), CloseCode::kUnsupported);
}

TEST(Subprotocol, BytesOnlyWhenItIsAllThatIsOffered) {
  const auto choose = [](Metadata headers) {
    return choose_subprotocol(testing::make_request("GET", "/", "", std::move(headers)));
  };
  const auto is_bytes = [](const Subprotocol& chosen) { return &chosen.codec == &bytes_codec(); };
  EXPECT_TRUE(is_bytes(choose({{"sec-websocket-protocol", "bytes"}})));
  EXPECT_EQ(choose({{"sec-websocket-protocol", "bytes"}}).name, "bytes");
  EXPECT_EQ(choose({{"sec-websocket-protocol", "json"}}).name, "json");
  EXPECT_EQ(choose({}).name, "") << "nothing may be named that was not offered";
  EXPECT_EQ(choose({{"sec-websocket-protocol", "foo"}}).name, "");
  const auto both = choose({{"sec-websocket-protocol", "bytes, json"}});
  EXPECT_FALSE(is_bytes(both));
  EXPECT_EQ(both.name, "json");
  const auto two_lines = choose({{"sec-websocket-protocol", "bytes"}, {"sec-websocket-protocol", "foo"}});
  EXPECT_FALSE(is_bytes(two_lines));
  EXPECT_EQ(two_lines.name, "");
}

TEST(CloseFor, ShortDetailsAreTheReason) {
  const auto close = close_for({StatusCode::kUnavailable, "short"});
  EXPECT_EQ(close.code, CloseCode::kInternalError);
  EXPECT_EQ(close.reason, "short");
  EXPECT_EQ(close_for({StatusCode::kInternal, std::string(123, 'x')}).reason, std::string(123, 'x'));
}

TEST(CloseFor, LongDetailsBecomeJinasShortText) {
  const std::string details(100, 'x');
  EXPECT_EQ(close_for({StatusCode::kUnavailable, details + " |Gateway: Communication error with deployment zoo at address(es) "
                                                           "{'127.0.0.1:18111'}. Head or worker(s) may be down."})
                .reason,
            "Network error while connecting to deployment at {'127.0.0.1:18111'}. It may be down.");
  EXPECT_EQ(
      close_for(
          {StatusCode::kDeadlineExceeded,
           details +
               "|Gateway: Connection with deployment zoo at address(es) {'127.0.0.1:18111'} could be established, but timed out."})
          .reason,
      "Connection to deployment at {'127.0.0.1:18111'} timed out. You can adjust `timeout_send` attribute.");
  EXPECT_EQ(close_for({StatusCode::kUnknown, std::string(200, 'x')}).reason, std::string(123, 'x'));
}

TEST(FitCloseReason, CutsAtTheEndOfACharacter) {
  std::string text(122, 'x');
  text += "ü and more";
  EXPECT_EQ(fit_close_reason(text), std::string(122, 'x'));
  EXPECT_EQ(fit_close_reason("ü"), "ü");
  EXPECT_LE(fit_close_reason(std::string(300, '\x80')).size(), 123u) << "also when it is not UTF-8";
}

}  // namespace
}  // namespace jina::gateway

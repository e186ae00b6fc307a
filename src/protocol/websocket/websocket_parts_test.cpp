// The parts of the WebSocket server that know no socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/websocket/deflate.hpp"
#include "protocol/websocket/frame.hpp"
#include "protocol/websocket/handshake.hpp"
#include "protocol/websocket/message_reader.hpp"
#include "protocol/websocket/utf8_checker.hpp"
#include "protocol/websocket/websocket.hpp"

namespace jina::websocket {
namespace {

std::string text_of(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte : bytes) text += static_cast<char>(byte);
  return text;
}

TEST(Handshake, AcceptKeyOfTheRfc) { EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); }

TEST(Handshake, ChecksTheRequest) {
  http::Request request;
  request.method = "GET";
  request.headers = {{"sec-websocket-version", "13"}, {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  EXPECT_FALSE(check_handshake(request));
  request.method = "POST";
  EXPECT_EQ(check_handshake(request)->status, 400);
  request.method = "GET";
  request.headers[0].second = "8";
  EXPECT_EQ(check_handshake(request)->status, 426);
  EXPECT_EQ(*find_value(check_handshake(request)->headers, "sec-websocket-version"), "13");
  request.headers[0].second = "13";
  for (const char* key : {"", "short", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j!Q=="}) {
    request.headers[1].second = key;
    EXPECT_EQ(check_handshake(request)->status, 400) << key;
  }
  request.headers[1].second = "dGhlIHNhbXBsZSBub25jZQ==";
  request.headers.push_back(request.headers[1]);
  EXPECT_EQ(check_handshake(request)->status, 400);
}

TEST(Handshake, DeflateOffers) {
  const auto offered = [](const char* value) { return offers_deflate({{"sec-websocket-extensions", value}}); };
  EXPECT_TRUE(offered("permessage-deflate"));
  EXPECT_TRUE(offered("permessage-deflate; client_max_window_bits"));
  EXPECT_TRUE(offered("x-other, permessage-deflate; server_max_window_bits=10, permessage-deflate; client_no_context_takeover"));
  EXPECT_FALSE(offered("permessage-deflate; server_max_window_bits=10"));
  EXPECT_FALSE(offered("permessage-deflate; unknown"));
  EXPECT_FALSE(offered("x-webkit-deflate-frame"));
  EXPECT_FALSE(offers_deflate({}));
}

TEST(Utf8, CutAnywhere) {
  const std::string good =
      "a\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEF\xBF\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF plain text behind it";
  for (std::size_t cut = 0; cut <= good.size(); ++cut) {
    Utf8Checker checker;
    EXPECT_TRUE(checker.feed(std::string_view(good).substr(0, cut)) && checker.feed(std::string_view(good).substr(cut)) &&
                checker.complete());
  }
  for (const auto& wrong :
       {text_of({0x80}), text_of({0xC0, 0x80}), text_of({0xC1, 0xBF}), text_of({0xE0, 0x9F, 0x80}), text_of({0xED, 0xA0, 0x80}),
        text_of({0xF0, 0x8F, 0x80, 0x80}), text_of({0xF4, 0x90, 0x80, 0x80}), text_of({0xF5}), text_of({0xC2, 0x41})}) {
    EXPECT_FALSE(Utf8Checker().feed(wrong));
    EXPECT_FALSE(Utf8Checker().feed("12345678" + wrong));
  }
  Utf8Checker cut;
  EXPECT_TRUE(cut.feed(text_of({0xE2, 0x82})));
  EXPECT_FALSE(cut.complete());
}

TEST(Frame, LengthsAndMask) {
  for (const std::uint64_t size : {0ull, 125ull, 126ull, 65535ull, 65536ull, 1ull << 40}) {
    char header[10];
    const std::size_t length = write_header(header, Opcode::kBinary, size, false);
    std::string masked(header, length);
    masked[1] = static_cast<char>(masked[1] | 0x80);
    masked += "abcd";
    FrameHeaderReader reader;
    for (std::size_t i = 0; i < masked.size(); ++i) {
      std::string_view data(&masked[i], 1);
      const auto step = reader.read(data, false);
      ASSERT_EQ(step, i + 1 == masked.size() ? FrameHeaderReader::Step::kComplete : FrameHeaderReader::Step::kNeedMore);
    }
    EXPECT_EQ(reader.header().size, size);
    EXPECT_EQ(reader.header().opcode, Opcode::kBinary);
    EXPECT_TRUE(reader.header().final);
  }
  const unsigned char mask[4] = {1, 2, 3, 4};
  std::string data(1001, 'x'), whole = data;
  apply_mask(whole.data(), whole.size(), mask, 0);
  apply_mask(data.data(), 13, mask, 0);
  apply_mask(data.data() + 13, data.size() - 13, mask, 13);
  EXPECT_EQ(data, whole);
  for (std::size_t i = 0; i < whole.size(); ++i) ASSERT_EQ(whole[i], static_cast<char>('x' ^ mask[i % 4]));
}

TEST(Frame, ClosePayloads) {
  std::uint16_t error = 0;
  EXPECT_EQ(parse_close("", error)->code, kNoCode);
  EXPECT_EQ(parse_close(close_payload(1011, "why"), error)->reason, "why");
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
    EXPECT_FALSE(parse_close(close_payload(static_cast<std::uint16_t>(code == 1005 ? 1006 : code), ""), error)) << code;
    EXPECT_EQ(error, kProtocolError);
  }
  EXPECT_FALSE(parse_close("x", error));
  EXPECT_FALSE(parse_close(close_payload(1000, "\xff"), error));
  EXPECT_EQ(error, kInvalidData);
  EXPECT_EQ(close_payload(1000, std::string(200, 'a')).size(), 125u);
  EXPECT_EQ(close_payload(1000, std::string(122, 'a') + "\xC3\xA9").size(), 124u);  // the character that does not fit is left out
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(Deflate, RoundTrips) {
  for (const std::string& text : {std::string(), std::string("a"), repeated("abc ", 1000), repeated("long text ", 1'000'000)}) {
    Buffer message = Buffer::copy_of(std::string_view(text).substr(0, text.size() / 3));
    message.append(Bytes::copy_of(std::string_view(text).substr(text.size() / 3)));
    const Buffer compressed = deflate_message(message);
    EXPECT_TRUE(text.size() < 10 || compressed.size() < text.size() / 10);
    Buffer back;
    ASSERT_EQ(inflate_message(compressed, text.size(), back), InflateResult::kOk);
    EXPECT_TRUE(back.str() == text);
  }
}

TEST(Deflate, BombsAndRubbish) {
  const Buffer bomb = deflate_message(Buffer::take(std::string(10'000'000, '\0')));
  EXPECT_LT(bomb.size(), 100'000u);
  Buffer out;
  EXPECT_EQ(inflate_message(bomb, 1'000'000, out), InflateResult::kTooLarge);
  EXPECT_LT(out.size(), 1'100'000u);
  EXPECT_EQ(inflate_message(Buffer::copy_of("\xff\xff\xff"), 1000, out), InflateResult::kMalformed);
}

}  // namespace
}  // namespace jina::websocket

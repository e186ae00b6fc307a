#include "protocol/http/request_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace jina::http {
namespace {

using testing::HasSubstr;
using Step = RequestReader::Step;

struct Read {
  std::vector<Request> requests;
  std::vector<Framing> framings;
  std::vector<std::string> bodies;
  ParseError error{0, ""};
};

// Feeds `text` in pieces of `piece` bytes.
Read read_all(const std::string& text, std::size_t piece, const Limits& limits = {}) {
  Read result;
  RequestReader reader(limits);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    Bytes input = Bytes::copy_of(std::string_view(text).substr(at, piece));
    while (!input.empty()) {
      switch (reader.feed(input)) {
        case Step::kNeedMore: EXPECT_TRUE(input.empty()); break;
        case Step::kHeader: break;
        case Step::kRequest:
          result.bodies.push_back(reader.request().body.str());
          result.framings.push_back(reader.framing());
          result.requests.push_back(std::move(reader.request()));
          reader.next();
          break;
        case Step::kError: result.error = reader.error(); return result;
      }
    }
  }
  return result;
}

const std::string kPipelined =
    "GET /a%20b?x=1 HTTP/1.1\r\nHost: h:1\r\nX-Name:  spaced \t\r\nEmpty:\r\n\r\n"
    "POST /p HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\nhello"
    "\r\n"
    "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\nExpect: 100-continue\r\n\r\n"
    "3\r\nabc\r\n0005 ; ext=\"v\"\r\ndefgh\r\n0\r\nTrailer: x\r\n\r\n"
    "GET http://other.example:8080/abs?q HTTP/1.1\r\nHost: ignored\r\nConnection: close\r\n\r\n"
    "OPTIONS * HTTP/1.0\r\n\r\n"
    "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";

class Delivery : public testing::TestWithParam<std::size_t> {};

TEST_P(Delivery, SameRequestsHoweverTheyArrive) {
  const Read read = read_all(kPipelined, GetParam());
  ASSERT_EQ(read.error.status, 0) << read.error.detail;
  ASSERT_EQ(read.requests.size(), 6u);
  const Request& first = read.requests[0];
  EXPECT_EQ(first.method, "GET");
  EXPECT_EQ(first.path, "/a b");
  EXPECT_EQ(first.query, "x=1");
  EXPECT_EQ(first.raw_target, "/a%20b?x=1");
  EXPECT_EQ(first.authority, "h:1");
  EXPECT_EQ(first.headers, (Metadata{{"host", "h:1"}, {"x-name", "spaced"}, {"empty", ""}}));
  EXPECT_TRUE(read.framings[0].keep_alive);
  EXPECT_EQ(read.bodies[1], "hello");
  EXPECT_EQ(read.bodies[2], "abcdefgh");
  EXPECT_TRUE(read.framings[2].expect_continue);
  EXPECT_EQ(read.requests[3].authority, "other.example:8080");
  EXPECT_EQ(read.requests[3].path, "/abs");
  EXPECT_FALSE(read.framings[3].keep_alive);
  EXPECT_EQ(read.requests[4].path, "*");
  EXPECT_FALSE(read.framings[4].keep_alive);
  EXPECT_TRUE(read.framings[5].keep_alive);
}
INSTANTIATE_TEST_SUITE_P(Pieces, Delivery, testing::Values(1, 2, 3, 7, 50, 100'000));

TEST(RequestReader, LargeBodiesShareTheInput) {
  const std::string body(100'000, 'b');
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n";
  Limits limits;
  RequestReader with(limits);
  Bytes input = Bytes::copy_of(head + body);
  const char* memory = input.data();
  ASSERT_EQ(with.feed(input), Step::kHeader);
  ASSERT_EQ(with.feed(input), Step::kRequest);
  ASSERT_EQ(with.request().body.pieces().size(), 1u);
  EXPECT_EQ(with.request().body.pieces()[0].data(), memory + head.size());
}

struct Malformed {
  const char* name;
  std::string text;
  int status;
  const char* says;
};
void PrintTo(const Malformed& malformed, std::ostream* out) { *out << malformed.name; }

std::string with_fields(const std::string& fields) { return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"; }
std::string chunked(const std::string& body) { return with_fields("Transfer-Encoding: chunked\r\n") + body; }

class Refused : public testing::TestWithParam<Malformed> {};

TEST_P(Refused, WithStatusAndPlace) {
  Limits limits;
  limits.max_body_bytes = 1000;
  limits.max_header_bytes = 500;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100'000}}) {
    const Read read = read_all(GetParam().text, piece, limits);
    EXPECT_EQ(read.error.status, GetParam().status) << read.error.detail;
    EXPECT_THAT(read.error.detail, HasSubstr(GetParam().says));
    EXPECT_TRUE(read.requests.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    RequestLine, Refused,
    testing::Values(Malformed{"tls", "\x16\x03\x01\x02", 400, "method is not a token"},
                    Malformed{"long method", std::string(33, 'A') + " / HTTP/1.1\r\nHost: h\r\n\r\n", 400, "method is not a token"},
                    Malformed{"space first", " GET / HTTP/1.1\r\n\r\n", 400, "method"},
                    Malformed{"one word", "GET\r\n\r\n", 400, "request line"},
                    Malformed{"no version", "GET /\r\n\r\n", 400, "request line"},
                    Malformed{"lower case version", "GET / http/1.1\r\n\r\n", 400, "HTTP/1.1"},
                    Malformed{"version 2", "GET / HTTP/2.0\r\n\r\n", 505, "2.0"},
                    Malformed{"version 0.9", "GET / HTTP/0.9\r\n\r\n", 505, "0.9"},
                    Malformed{"long version", "GET / HTTP/1.10\r\n\r\n", 400, "HTTP/1.1"},
                    Malformed{"two spaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400, "target"},
                    Malformed{"space in target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400, "percent-encoded"},
                    Malformed{"raw utf-8 in target", "GET /\xC3\xA9 HTTP/1.1\r\nHost: h\r\n\r\n", 400, "percent-encoded"},
                    Malformed{"bad percent", "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400, "percent-encoding"},
                    Malformed{"encoded zero", "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400, "percent-encoding"},
                    Malformed{"relative", "GET a HTTP/1.1\r\nHost: h\r\n\r\n", 400, "'/'"},
                    Malformed{"star", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400, "OPTIONS"},
                    Malformed{"connect", "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 501, "CONNECT"},
                    Malformed{"long method", std::string(40, 'G'), 400, "method"},
                    Malformed{"long target", "GET /" + std::string(600, 'a'), 414, "500 bytes"},
                    Malformed{"only empty lines", "\r\n\r\n\r\n\r\n\r\n\r\n", 400, "empty lines"}));

INSTANTIATE_TEST_SUITE_P(
    Fields, Refused,
    testing::Values(Malformed{"bare lf in request line", "GET / HTTP/1.1\nHost: h\n\n", 400, "request line: ends with LF alone"},
                    Malformed{"bare lf", with_fields("A: b\nC: d\r\n"), 400, "header line 2: ends with LF alone"},
                    Malformed{"bare cr", with_fields("A: b\rC: d\r\n"), 400, "header line 2: the value has control characters"},
                    Malformed{"zero byte", with_fields(std::string("A: b\0c\r\n", 8)), 400, "control characters"},
                    Malformed{"folded", with_fields("A: b\r\n c\r\n"), 400, "header line 3: folded"},
                    Malformed{"folded first", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400, "header line 1: folded"},
                    Malformed{"space before colon", with_fields("Content-Length : 5\r\n"), 400,
                              "header line 2: space before the colon"},
                    Malformed{"no colon", with_fields("abc\r\n"), 400, "header line 2: the colon is missing"},
                    Malformed{"empty name", with_fields(": abc\r\n"), 400, "header line 2: the name is not a token"},
                    Malformed{"name with space", with_fields("A b: c\r\n"), 400, "header line 2: the name is not a token"},
                    Malformed{"no host", "GET / HTTP/1.1\r\n\r\n", 400, "host"},
                    Malformed{"two hosts", with_fields("Host: i\r\n"), 400, "second host"},
                    Malformed{"host with slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "host is malformed"},
                    Malformed{"large header", with_fields("A: " + std::string(600, 'a') + "\r\n"), 431, "500 bytes"},
                    Malformed{"expect", with_fields("Expect: more\r\n"), 417, "100-continue"}));

INSTANTIATE_TEST_SUITE_P(
    Lengths, Refused,
    testing::Values(Malformed{"both", with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400, "both"},
                    Malformed{"both, other order", with_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400, "both"},
                    Malformed{"two lengths", with_fields("Content-Length: 5\r\nContent-Length: 6\r\n"), 400,
                              "header line 3: a second content-length"},
                    Malformed{"length list", with_fields("Content-Length: 5, 5\r\n"), 400, "not a number"},
                    Malformed{"plus", with_fields("Content-Length: +5\r\n"), 400, "not a number"},
                    Malformed{"minus", with_fields("Content-Length: -5\r\n"), 400, "not a number"},
                    Malformed{"hex", with_fields("Content-Length: 0x5\r\n"), 400, "not a number"},
                    Malformed{"no length", with_fields("Content-Length:\r\n"), 400, "not a number"},
                    Malformed{"huge", with_fields("Content-Length: 99999999999999999999\r\n"), 413, "too large"},
                    Malformed{"too large", with_fields("Content-Length: 1001\r\n"), 413, "1000 bytes"},
                    Malformed{"gzip", with_fields("Transfer-Encoding: gzip, chunked\r\n"), 501, "gzip"},
                    Malformed{"xchunked", with_fields("Transfer-Encoding: xchunked\r\n"), 501, "xchunked"},
                    Malformed{"chunked inside", with_fields("Transfer-Encoding: chunked, identity\r\n"), 400, "not 'chunked'"},
                    Malformed{"two codings", with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 400,
                              "second transfer-encoding"},
                    Malformed{"vertical tab", with_fields("Transfer-Encoding: \vchunked\r\n"), 400, "control"},
                    Malformed{"coding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "HTTP/1.0"}));

INSTANTIATE_TEST_SUITE_P(Chunks, Refused,
                         testing::Values(Malformed{"no number", chunked("x\r\n"), 400, "chunk size"},
                                         Malformed{"empty", chunked("\r\n"), 400, "chunk size"},
                                         Malformed{"minus", chunked("-1\r\n"), 400, "chunk size"},
                                         Malformed{"0x", chunked("0x5\r\nhello\r\n"), 400, "chunk size"},
                                         Malformed{"bare lf", chunked("5\nhello\r\n"), 400, "chunk size"},
                                         Malformed{"space", chunked("5 \r\nhello\r\n"), 400, "chunk size"},
                                         Malformed{"lf in extension", chunked("5;a\nb\r\n"), 400, "extension"},
                                         Malformed{"overflow", chunked("ffffffffffffffffff\r\n"), 400, "too large"},
                                         Malformed{"longer than said", chunked("3\r\nhello\r\n"), 400, "after the data"},
                                         Malformed{"lf after data", chunked("5\r\nhello\n0\r\n\r\n"), 400, "after the data"},
                                         Malformed{"trailer with lf", chunked("0\r\na: b\n\r\n"), 400, "trailer"},
                                         Malformed{"folded trailer", chunked("0\r\n a\r\n\r\n"), 400, "trailer"},
                                         Malformed{"long extension", chunked("1;" + std::string(70'000, 'a')), 400, "too long"},
                                         Malformed{"too large", chunked("3e9\r\n" + std::string(1001, 'a')), 413, "1000 bytes"}));

}  // namespace
}  // namespace jina::http

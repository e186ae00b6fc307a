#include <zlib.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/app_test_server.hpp"
#include "app/app_test_support.hpp"
#include "app/middleware/deflater.hpp"
#include "jina/middleware.hpp"

namespace jina::app::testing {
namespace {

using ::testing::HasSubstr;

// Of gzip and zlib alike; what was cut ends with "(cut)".
std::string inflated(const std::string& data) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 32);
  std::string out(std::size_t{1} << 22, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = inflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  inflateEnd(&stream);
  return code == Z_STREAM_END ? out : out + "(cut)";
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

TEST(Coding, IsWhatTheClientLikesBest) {
  EXPECT_EQ(choose_coding(""), Coding::kNone);
  EXPECT_EQ(choose_coding("br"), Coding::kNone);
  EXPECT_EQ(choose_coding("gzip, deflate, br"), Coding::kGzip);
  EXPECT_EQ(choose_coding("GZIP"), Coding::kGzip);
  EXPECT_EQ(choose_coding("deflate, gzip;q=0.5"), Coding::kDeflate);
  EXPECT_EQ(choose_coding("gzip;q=0"), Coding::kNone);
  EXPECT_EQ(choose_coding("gzip;q=0, *"), Coding::kDeflate);
  EXPECT_EQ(choose_coding("*"), Coding::kGzip);
  EXPECT_EQ(choose_coding("*;q=0"), Coding::kNone);
  EXPECT_EQ(choose_coding("identity;q=1, gzip ; q=0.1"), Coding::kGzip);
  EXPECT_EQ(choose_coding("gzip;q=x"), Coding::kNone);
}

class Compressed : public ::testing::Test {
 protected:
  Compressed() {
    fixture.app.use(middleware::compression());
    fixture.app.get("/long", [] { return long_text(); });
    fixture.app.get("/short", [] { return std::string("short"); });
    fixture.app.get("/image", [] {
      return HttpResponse{.headers = {{"content-type", "image/png"}}, .body = Bytes::take(long_text())};
    });
    fixture.app.get("/own", [] { return HttpResponse::text(long_text()).set_header("content-encoding", "br"); });
    fixture.app.get("/tagged", [] { return HttpResponse::text(long_text()).set_header("etag", "\"1\""); });
    fixture.app.get("/part", [] { return HttpResponse::text(long_text(), 206); });
    fixture.app.get("/problem", [] {
      return HttpResponse{.headers = {{"content-type", "application/problem+json"}}, .body = Bytes::take(long_text())};
    });
  }
  http::Response get(const std::string& path, std::string accepted) {
    return fixture.send("GET", path, {}, {{"accept-encoding", std::move(accepted)}});
  }
  AppFixture fixture;
};

TEST_F(Compressed, BodiesThatAreWorthIt) {
  const http::Response gzip = get("/long", "gzip"), deflate = get("/long", "deflate"), plain = get("/long", "br");
  EXPECT_EQ(header(gzip, "content-encoding"), "gzip");
  EXPECT_EQ(header(gzip, "vary"), "Accept-Encoding");
  EXPECT_LT(gzip.body.size(), long_text().size() / 3);
  EXPECT_EQ(inflated(gzip.body.str()), long_text());
  EXPECT_EQ(header(deflate, "content-encoding"), "deflate");
  EXPECT_EQ(inflated(deflate.body.str()), long_text());
  EXPECT_EQ(plain.body.str(), long_text());
  EXPECT_EQ(header(plain, "content-encoding"), "(none)");
  EXPECT_EQ(header(plain, "vary"), "Accept-Encoding");
  EXPECT_EQ(header(get("/problem", "gzip"), "content-encoding"), "gzip");
  EXPECT_EQ(header(get("/tagged", "gzip"), "etag"), "W/\"1\"");
}

TEST_F(Compressed, NotOthers) {
  EXPECT_EQ(get("/short", "gzip").body.str(), "short");
  EXPECT_EQ(header(get("/image", "gzip"), "content-encoding"), "(none)");
  EXPECT_EQ(header(get("/own", "gzip"), "content-encoding"), "br");
  EXPECT_EQ(header(get("/part", "gzip"), "content-encoding"), "(none)");
  EXPECT_THAT(refused([] { middleware::compression({.level = 0}); }), HasSubstr("level"));
}

Task<void> events(EventWriter& out) {
  for (int i = 0; i < 3; ++i) {
    co_await out.send("", std::to_string(i));
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}
Task<void> endless(EventWriter& out) {
  co_await out.send("", "first");
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
  co_await timer.async_wait(boost::asio::use_awaitable);
}

TEST(CompressedStream, PieceByPiece) {
  AppTestServer server;
  server.app.use(middleware::compression());
  server.app.get("/events", &events);
  server.app.get("/endless", &endless);
  server.app.get("/large", [] {
    std::string text;
    while (text.size() < 1'000'000) text += long_text();
    return text;
  });
  server.start();
  const std::string answer = server.ask("GET", "/events", "accept-encoding: gzip\r\n");
  EXPECT_EQ(header_of(answer, "content-encoding"), "gzip");
  EXPECT_EQ(inflated(chunked_body_of(answer)), "data: 0\n\ndata: 1\n\ndata: 2\n\n");

  const std::string large = server.ask("GET", "/large", "accept-encoding: deflate\r\n");
  EXPECT_EQ(header_of(large, "transfer-encoding"), "chunked");
  EXPECT_GE(inflated(chunked_body_of(large)).size(), 1'000'000u);
  EXPECT_FALSE(inflated(chunked_body_of(large)).ends_with("(cut)"));

  // An event can be read when it is sent, not when the compressor has enough.
  protocol::TestClient client(server.port());
  client.send("GET /endless HTTP/1.1\r\nhost: test\r\naccept-encoding: gzip\r\n\r\n");
  const std::string head = client.read_until("\r\n\r\n");
  const std::size_t size = std::stoul(client.read_until("\r\n"), nullptr, 16);
  EXPECT_EQ(inflated(client.read_exactly(size)), "data: first\n\n(cut)");
}

}  // namespace
}  // namespace jina::app::testing

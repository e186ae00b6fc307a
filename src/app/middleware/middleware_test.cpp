// The ready-made middleware but those that have a test file of their own.
#include "jina/middleware.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/app_test_server.hpp"
#include "app/app_test_support.hpp"
#include "app/middleware/support.hpp"
#include "base/clock.hpp"

namespace jina::app::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

boost::json::value attributes_of(const HttpRequest& request) {
  boost::json::object all;
  for (const auto& [name, value] : request.attributes) all[name] = value;
  return all;
}

TEST(ApiKey, Headers) {
  AppFixture fixture;
  fixture.app.use(middleware::api_key({.keys = {"alpha", "beta"}, .open = {"/livez", "/public/*"}}));
  fixture.app.get("/x", &attributes_of);
  fixture.app.get("/public/{rest:path}", &attributes_of);
  const http::Response none = fixture.send("GET", "/x");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.body.str(), R"({"detail":"Not authenticated"})");
  EXPECT_EQ(header(none, "www-authenticate"), "ApiKey");
  EXPECT_EQ(fixture.get("/x", {{"x-api-key", "alphabet"}}), R"(403 {"detail":"Invalid API key"})");
  EXPECT_EQ(fixture.send("GET", "/x", {}, {{"x-api-key", "alph"}}).status, 403);
  EXPECT_EQ(fixture.get("/x", {{"x-api-key", "beta"}}), R"(200 {"api_key":1})");
  EXPECT_EQ(fixture.get("/public/a/b"), "200 {}");
  EXPECT_EQ(fixture.send("GET", "/public/../x").status, 401);
  EXPECT_EQ(fixture.send("GET", "/nowhere").status, 401);  // what is there is not told either
  EXPECT_EQ(fixture.send("GET", "/docs").status, 401);
  EXPECT_EQ(fixture.send("GET", "/").status, 200);  // the runtime's own health check
}

TEST(ApiKey, BearerAndQuery) {
  AppFixture fixture;
  fixture.app.use(middleware::api_key({.keys = {"k y"}, .header = "Authorization", .query = "key"}));
  fixture.app.get("/x", &attributes_of);
  EXPECT_EQ(fixture.send("GET", "/x", {}, {{"authorization", "bearer k y"}}).status, 200);
  EXPECT_EQ(fixture.send("GET", "/x", {}, {{"authorization", "k y"}}).status, 401);
  EXPECT_EQ(fixture.send("GET", "/x?key=k%20y").status, 200);
  EXPECT_EQ(fixture.send("GET", "/x?key=").status, 401);
  EXPECT_EQ(header(fixture.send("GET", "/x"), "www-authenticate"), "Bearer");
}

TEST(ApiKey, OptionsThatOpenEverythingAreRefused) {
  EXPECT_THAT(refused([] { middleware::api_key({}); }), HasSubstr("there is no key"));
  EXPECT_THAT(refused([] { middleware::api_key({.keys = {"a", ""}}); }), HasSubstr("empty"));
  EXPECT_THAT(refused([] { middleware::api_key({.keys = {"a"}, .header = ""}); }), HasSubstr("neither"));
  EXPECT_THAT(refused([] { middleware::api_key({.keys = {"a"}, .open = {"*"}}); }), HasSubstr("no path"));
  EXPECT_THAT(refused([] { middleware::api_key({.keys = {"a"}, .open = {"/a*"}}); }), HasSubstr("no path"));
}

TEST(RateLimit, FillsSteadily) {
  ManualClock clock;
  AppFixture fixture;
  fixture.app.use(middleware::rate_limit({.per_second = 0.5, .burst = 2, .open = {"/free"}, .clock = &clock}));
  fixture.app.get("/x", [] { return 1; });
  fixture.app.get("/free", [] { return 1; });
  const http::Response first = fixture.send("GET", "/x");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(header(first, "ratelimit-limit"), "2");
  EXPECT_EQ(header(first, "ratelimit-remaining"), "1");
  EXPECT_EQ(header(first, "ratelimit-reset"), "2");
  EXPECT_EQ(fixture.send("GET", "/x").status, 200);
  const http::Response refused = fixture.send("GET", "/x");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body.str(), R"({"detail":"Too Many Requests"})");
  EXPECT_EQ(header(refused, "retry-after"), "2");
  EXPECT_EQ(header(refused, "ratelimit-remaining"), "0");
  EXPECT_EQ(header(refused, "ratelimit-reset"), "4");
  EXPECT_EQ(fixture.send("GET", "/free").status, 200);
  clock.advance(1s);
  EXPECT_EQ(header(fixture.send("GET", "/x"), "retry-after"), "1");
  clock.advance(1s);
  EXPECT_EQ(fixture.send("GET", "/x").status, 200);
  clock.advance(1h);
  EXPECT_EQ(header(fixture.send("GET", "/x"), "ratelimit-remaining"), "1");  // no more than the burst was saved
}

TEST(RateLimit, EachClientHasItsOwn) {
  ManualClock clock;
  AppFixture fixture;
  fixture.app.use(middleware::rate_limit({.per_second = 1, .burst = 1, .header = "X-Api-Key", .max_clients = 2, .clock = &clock}));
  fixture.app.get("/x", [] { return 1; });
  const auto ask = [&](std::string peer, Metadata headers = {}) {
    fixture.peer = std::move(peer);
    return fixture.send("GET", "/x", {}, std::move(headers)).status;
  };
  EXPECT_EQ(ask("1.1.1.1:5"), 200);
  EXPECT_EQ(ask("1.1.1.1:6"), 429);
  EXPECT_EQ(ask("1.1.1.1:6", {{"x-api-key", "a"}}), 200);
  EXPECT_EQ(ask("9.9.9.9:6", {{"x-api-key", "a"}}), 429);
  // A third client: the first one, away for longest, is forgotten.
  EXPECT_EQ(ask("[2001:db8:0:1::1]:5"), 200);
  EXPECT_EQ(ask("[2001:db8:0:1:ffff::2]:5"), 429);  // the same network
  EXPECT_EQ(ask("1.1.1.1:5"), 200);
  EXPECT_THAT(refused([] { middleware::rate_limit({.per_second = 0}); }), HasSubstr("per_second"));
  EXPECT_THAT(refused([] { middleware::rate_limit({.burst = 0.5}); }), HasSubstr("burst"));
}

TEST(AddressOf, Peers) {
  EXPECT_EQ(address_of("127.0.0.1:51234"), "127.0.0.1");
  EXPECT_EQ(address_of("[::1]:51234"), "::1");
  EXPECT_EQ(address_of(""), "");
}

TEST(RequestId, InAndOut) {
  AppFixture fixture;
  fixture.app.use(middleware::request_id());
  fixture.app.get("/x", [](const HttpRequest& request, RequestContext& context) {
    return std::string(request.attributes.at("request_id").as_string()) + " " + *find_value(context.metadata, "x-request-id");
  });
  EXPECT_EQ(header(fixture.send("GET", "/x", {}, {{"x-request-id", "abc-1"}}), "x-request-id"), "abc-1");
  EXPECT_EQ(fixture.get("/x", {{"x-request-id", "abc-1"}}), "200 abc-1 abc-1");
  EXPECT_THAT(header(fixture.send("GET", "/x"), "x-request-id"), MatchesRegex("[0-9a-f]{32}"));
  for (const std::string bad : {"", "a b", "a\"b", "\x01"}) {
    EXPECT_THAT(header(fixture.send("GET", "/x", {}, {{"x-request-id", bad}}), "x-request-id"), MatchesRegex("[0-9a-f]{32}"))
        << bad;
  }
  EXPECT_THAT(header(fixture.send("GET", "/x", {}, {{"x-request-id", std::string(129, 'a')}}), "x-request-id"),
              MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(header(fixture.send("GET", "/nowhere", {}, {{"x-request-id", "abc-1"}}), "x-request-id"), "abc-1");
}

TEST(AccessLog, Lines) {
  ManualClock clock(1'700'000'000'500'000'000);
  std::vector<std::string> lines;
  AppFixture fixture;
  const auto sink = [&lines](const std::string& line) { lines.push_back(line); };
  fixture.app.use(middleware::request_id());
  fixture.app.use(middleware::access_log({.sink = sink, .clock = &clock}));
  fixture.app.use(middleware::access_log({.json = true, .sink = sink, .clock = &clock}));
  fixture.app.get("/x", [&clock] {
    clock.advance(4200us);
    return std::string("hello");
  });
  fixture.get("/x?secret=1", {{"x-request-id", "r1"}});
  EXPECT_THAT(
      lines,
      ElementsAre(
          R"({"time":1.7000000005042E9,"peer":"127.0.0.1:1","method":"GET","path":"/x","status":200,"bytes":5,"ms":4.2E0,"id":"r1"})",
          "127.0.0.1:1 GET /x 200 5B 4.2ms id=r1"));
  lines.clear();
  fixture.get("/no%0awhere%20%22x", {{"x-request-id", "r2"}});
  EXPECT_THAT(lines.back(), StartsWith("127.0.0.1:1 GET /no%0Awhere%20%22x 404 "));
  lines.clear();
  fixture.get("/livez");
  EXPECT_TRUE(lines.empty());
}

Task<void> two_chunks(ChunkWriter& out) {
  co_await out.write("one");
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1ms);
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_await out.write("three");
}

TEST(AccessLog, OfAStreamWhenItIsOut) {
  std::promise<std::string> line;
  AppTestServer server;
  server.app.use(middleware::access_log({.sink = [&line](const std::string& text) { line.set_value(text); }}));
  server.app.get("/dump", &two_chunks);
  server.start();
  EXPECT_EQ(chunked_body_of(server.ask("GET", "/dump")), "onethree");
  EXPECT_THAT(line.get_future().get(), HasSubstr("GET /dump 200 8B "));
}

TEST(AccessLog, ASinkThatThrowsLosesItsLineOnly) {
  int lines = 0;
  AppFixture fixture;
  const auto sink = [&lines](const std::string&) {
    if (++lines == 1) throw std::runtime_error("disk full");
    throw 7;
  };
  fixture.app.use(middleware::access_log({.sink = sink}));
  fixture.app.get("/x", [] { return 1; });
  fixture.app.get("/dump", &two_chunks);
  EXPECT_EQ(fixture.get("/x"), "200 1");
  fixture.send("GET", "/dump");  // its line is written when the stream is dropped
  EXPECT_EQ(lines, 2);
}

struct Sleeper {
  CancelReason reason = CancelReason::kNone;
  bool aborted = false;
  Task<std::string> sleep(RequestContext& context) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
    try {
      co_await timer.async_wait(boost::asio::use_awaitable);
    } catch (const boost::system::system_error&) {
      aborted = true;
      reason = context.cancel_reason();
      throw;
    }
    co_return "slept";
  }
  Task<std::string> stubborn() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 30ms);
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    co_await timer.async_wait(boost::asio::use_awaitable);
    aborted = false;
    reason = CancelReason::kNone;
    co_return "late";
  }
};

TEST(Timeout, CancelsAndAnswers) {
  Sleeper sleeper;
  AppFixture fixture;
  fixture.app.use(middleware::timeout(10ms));
  fixture.app.get("/sleep", &Sleeper::sleep, sleeper);
  fixture.app.get("/stubborn", &Sleeper::stubborn, sleeper);
  fixture.app.get("/quick", [] { return std::string("quick"); });
  fixture.app.get("/wrong", []() -> std::string { throw HttpError(409, "no"); });
  EXPECT_EQ(fixture.get("/sleep"), R"(504 {"detail":"Gateway Timeout"})");
  EXPECT_TRUE(sleeper.aborted);
  EXPECT_EQ(sleeper.reason, CancelReason::kDeadline);
  EXPECT_EQ(fixture.send("GET", "/stubborn").status, 504);
  EXPECT_FALSE(sleeper.aborted);  // it was waited for
  EXPECT_EQ(fixture.get("/quick"), "200 quick");
  EXPECT_EQ(fixture.get("/wrong"), R"(409 {"detail":"no"})");
  EXPECT_THAT(refused([] { middleware::timeout(0ms); }), HasSubstr("more than 0"));
}

TEST(Timeout, AStoppedServerCancelsToo) {
  Sleeper sleeper;
  std::promise<void> started;
  {
    AppTestServer server;
    server.app.use(middleware::timeout(1h));
    server.app.use([&started](HttpRequest& request, RequestContext&, const Next& next) {
      started.set_value();
      return next(request);
    });
    server.app.get("/sleep", &Sleeper::sleep, sleeper);
    server.start();
    protocol::TestClient client(server.port());
    client.send("GET /sleep HTTP/1.1\r\nhost: test\r\n\r\n");
    started.get_future().wait();
    server.server().stop(0ms).wait();
  }
  EXPECT_TRUE(sleeper.aborted);
  EXPECT_EQ(sleeper.reason, CancelReason::kShutdown);
}

TEST(BodyLimit, Refuses) {
  AppFixture fixture;
  fixture.app.use(middleware::body_limit(4));
  fixture.app.post("/x", [](const HttpRequest& request) { return request.body.str(); });
  EXPECT_EQ(fixture.ask("POST", "/x", "1234"), "200 1234");
  EXPECT_EQ(fixture.ask("POST", "/x", "12345"), R"(413 {"detail":"The body is larger than 4 bytes"})");
}

TEST(SecurityHeaders, AreAddedUnlessThere) {
  AppFixture fixture;
  fixture.app.use(
      middleware::security_headers({.referrer_policy = "", .content_security_policy = "default-src 'self'", .hsts = 60s}));
  fixture.app.get("/x", [] { return HttpResponse::text("x").set_header("x-frame-options", "SAMEORIGIN"); });
  const http::Response response = fixture.send("GET", "/x");
  EXPECT_EQ(header(response, "x-content-type-options"), "nosniff");
  EXPECT_EQ(header(response, "x-frame-options"), "SAMEORIGIN");
  EXPECT_EQ(header(response, "referrer-policy"), "(none)");
  EXPECT_EQ(header(response, "content-security-policy"), "default-src 'self'");
  EXPECT_EQ(header(response, "strict-transport-security"), "(none)");  // not over TLS
}

}  // namespace
}  // namespace jina::app::testing

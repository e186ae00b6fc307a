// CORS, case by case as Starlette's CORSMiddleware answers.
#include "app/app_test_support.hpp"
#include "jina/middleware.hpp"

namespace jina::app::testing {
namespace {

using ::testing::HasSubstr;

class Cors : public ::testing::Test {
 protected:
  void use(middleware::CorsOptions options) {
    fixture.app.use(middleware::cors(std::move(options)));
    fixture.app.get("/x", [] { return std::string("x"); });
  }
  http::Response preflight(const std::string& origin, const std::string& method, const std::string& headers = {}) {
    Metadata fields{{"origin", origin}, {"access-control-request-method", method}};
    if (!headers.empty()) fields.emplace_back("access-control-request-headers", headers);
    return fixture.send("OPTIONS", "/x", {}, std::move(fields));
  }
  http::Response get(Metadata fields) { return fixture.send("GET", "/x", {}, std::move(fields)); }
  AppFixture fixture;
};

TEST_F(Cors, AnyOrigin) {
  use({});
  const http::Response response = preflight("https://a.example", "PUT", "X-Own");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.str(), "OK");
  EXPECT_EQ(header(response, "access-control-allow-origin"), "*");
  EXPECT_EQ(header(response, "access-control-allow-methods"), "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  EXPECT_EQ(header(response, "access-control-allow-headers"), "X-Own");
  EXPECT_EQ(header(response, "access-control-max-age"), "600");
  EXPECT_EQ(header(response, "access-control-allow-credentials"), "(none)");
  EXPECT_EQ(preflight("https://a.example", "TRACE").status, 400);

  const http::Response simple = get({{"origin", "https://a.example"}});
  EXPECT_EQ(header(simple, "access-control-allow-origin"), "*");
  EXPECT_EQ(header(simple, "vary"), "(none)");
  EXPECT_EQ(header(get({{"origin", "https://a.example"}, {"cookie", "a=1"}}), "access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(header(get({}), "access-control-allow-origin"), "(none)");
  // Errors too: the page should be able to read them.
  EXPECT_EQ(header(fixture.send("GET", "/nowhere", {}, {{"origin", "https://a.example"}}), "access-control-allow-origin"), "*");
}

TEST_F(Cors, SomeOrigins) {
  use({.origins = {"https://a.example"},
       .origin_regex = R"(https://.*\.shop\.example)",
       .methods = {"GET", "POST"},
       .headers = {"X-Own"},
       .expose = {"X-Seen", "X-Too"},
       .credentials = true,
       .max_age = std::chrono::seconds(5)});
  const http::Response good = preflight("https://a.example", "POST", "x-own, Content-Type");
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(header(good, "access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(header(good, "vary"), "Origin");
  EXPECT_EQ(header(good, "access-control-allow-credentials"), "true");
  EXPECT_EQ(header(good, "access-control-allow-headers"), "Accept, Accept-Language, Content-Language, Content-Type, X-Own");
  EXPECT_EQ(header(good, "access-control-allow-methods"), "GET, POST");
  EXPECT_EQ(header(good, "access-control-max-age"), "5");
  EXPECT_EQ(preflight("https://b.shop.example", "GET").status, 200);
  const http::Response bad = preflight("https://evil.example", "PUT", "x-other");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.body.str(), "Disallowed CORS origin, method, headers");
  EXPECT_EQ(header(bad, "access-control-allow-origin"), "(none)");
  // All of the origin must match.
  EXPECT_EQ(preflight("https://b.shop.example.evil.example", "GET").status, 400);

  const http::Response simple = get({{"origin", "https://a.example"}});
  EXPECT_EQ(header(simple, "access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(header(simple, "access-control-expose-headers"), "X-Seen, X-Too");
  EXPECT_EQ(header(simple, "vary"), "Origin");
  const http::Response other = get({{"origin", "https://evil.example"}});
  EXPECT_EQ(other.status, 200);
  EXPECT_EQ(header(other, "access-control-allow-origin"), "(none)");
  EXPECT_EQ(header(get({}), "vary"), "Origin");
}

TEST_F(Cors, AnOptionsRequestThatIsNoPreflightGoesOn) {
  use({});
  fixture.app.options("/x", [] { return std::string("mine"); });
  EXPECT_EQ(fixture.ask("OPTIONS", "/x", {}, {{"origin", "https://a.example"}}), "200 mine");
  EXPECT_EQ(fixture.ask("OPTIONS", "/x", {}, {{"access-control-request-method", "GET"}}), "200 mine");
}

TEST_F(Cors, MistakesAreRefused) {
  EXPECT_THAT(refused([] { middleware::cors({.origins = {"a.example"}}); }), HasSubstr("no origin"));
  EXPECT_THAT(refused([] { middleware::cors({.origins = {"https://a.example/"}}); }), HasSubstr("no origin"));
  EXPECT_THAT(refused([] { middleware::cors({.origin_regex = "("}); }), HasSubstr("origin_regex"));
}

}  // namespace
}  // namespace jina::app::testing

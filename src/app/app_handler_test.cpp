// What surrounds the routes: middleware, mounted Apps, built-in routes, a fallback, 404 and 405.
#include "app/app_handler.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/app_test_support.hpp"
#include "app/docs_assets.hpp"
#include "protocol/server/http_test_server.hpp"

namespace jina::app {
namespace {

using testing::AppFixture;
using ::testing::HasSubstr;
using testing::header;
using ::testing::Not;

struct Named {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Named, (), (name))

// Writes its name into the answer, outermost first.
Middleware marks(std::string name) {
  return [name](HttpRequest& request, RequestContext&, const Next& next) -> Task<HttpResponse> {
    return [](std::string name, HttpRequest& request, const Next& next) -> Task<HttpResponse> {
      Task<HttpResponse> task = next(request);
      HttpResponse response = co_await std::move(task);
      const std::string* inner = find_value(response.headers, "x-marks");
      response.set_header("x-marks", name + (inner == nullptr ? "" : "," + *inner));
      co_return response;
    }(name, request, next);
  };
}

// Answers by itself for requests without a key.
Task<HttpResponse> wants_key(HttpRequest& request, RequestContext&, const Next& next) {
  if (request.header("x-key") != "open") throw HttpError(401, "no key");
  Task<HttpResponse> task = next(request);
  co_return co_await std::move(task);
}

TEST(AppHandler, NotFoundWrongMethodWrongSlash) {
  AppFixture fixture;
  fixture.app.get("/multi", [] { return 1; });
  fixture.app.post("/multi", [] { return 2; });
  fixture.app.get("/slash/", [] { return 3; });
  EXPECT_EQ(fixture.get("/nope"), R"(404 {"detail":"Not Found"})");
  const http::Response wrong = fixture.send("PUT", "/multi");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.body.str(), R"({"detail":"Method Not Allowed"})");
  EXPECT_EQ(header(wrong, "allow"), "GET, POST");
  EXPECT_EQ(fixture.send("HEAD", "/multi").status, 405);
  const http::Response slash = fixture.send("POST", "/slash?x=1");
  EXPECT_EQ(slash.status, 307);
  EXPECT_EQ(header(slash, "location"), "http://gateway.test:8080/slash/?x=1");
  EXPECT_EQ(header(fixture.send("GET", "/multi//"), "location"), "http://gateway.test:8080/multi");
  EXPECT_EQ(header(fixture.send("GET", "/docs/"), "location"), "http://gateway.test:8080/docs");
  EXPECT_EQ(fixture.send("GET", "//multi").status, 404);
}

TEST(AppHandler, MiddlewareInOrderAroundEverything) {
  AppFixture fixture;
  App& app = fixture.app;
  app.use(marks("a")).use(marks("b"));
  app.get("/plain", [] { return 1; });
  app.get("/task", []() -> Task<int> { co_return 2; });
  app.get("/throws", []() -> int { throw HttpError(418, "x"); });
  app.mount("/v2", [](App& v2) {
    v2.use(marks("c"));
    v2.get("/x", [] { return 3; });
    v2.mount("/deep", [](App& deep) {
      deep.use(marks("d")).get("/x", [] { return 4; });
      deep.get("/y/{name}", [](Path<Named> path) { return path->name; });
    });
  });
  app.get("/v2x", [] { return 5; });
  for (const auto& [path, marks] : std::vector<std::pair<std::string, std::string>>{{"/plain", "a,b"},
                                                                                    {"/task", "a,b"},
                                                                                    {"/throws", "a,b"},
                                                                                    {"/nowhere", "a,b"},
                                                                                    {"/docs", "a,b"},
                                                                                    {"/v2/x", "a,b,c"},
                                                                                    {"/v2/nowhere", "a,b,c"},
                                                                                    {"/v2", "a,b,c"},
                                                                                    {"/v2x", "a,b"},
                                                                                    {"/v2/deep/y/1", "a,b,c,d"},
                                                                                    {"/v2/deep/nowhere", "a,b,c,d"}})
    EXPECT_EQ(header(fixture.send("GET", path), "x-marks"), marks) << path;
  EXPECT_EQ(fixture.get("/v2/deep/y/a%20b"), "200 a b");
}

TEST(AppHandler, MiddlewareAnswersChangesAndThrows) {
  AppFixture fixture;
  App& app = fixture.app;
  app.use(marks("outer"));
  app.use(&wants_key);
  app.use([](HttpRequest& request, RequestContext&, const Next& next) {
    if (request.path == "/old") request.path = "/new/5";
    request.attributes["seen"] = true;
    return next(request);
  });
  app.get("/new/{name}", [](Path<Named> path, const HttpRequest& request) {
    return path->name + (request.attributes.contains("seen") ? "!" : "?");
  });
  const http::Response refused = fixture.send("GET", "/old");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body.str(), R"({"detail":"no key"})");
  EXPECT_EQ(header(refused, "x-marks"), "outer");
  EXPECT_EQ(fixture.get("/old", {{"x-key", "open"}}), "200 5!");
  // Health needs no key, the pages do.
  EXPECT_EQ(fixture.get("/"), "200 {}");
  EXPECT_EQ(fixture.send("GET", "/docs").status, 401);
}

TEST(AppHandler, HealthIsThereUnlessTheUserHasIt) {
  AppFixture none, own, other;
  EXPECT_EQ(none.get("/"), "200 {}");
  EXPECT_EQ(none.send("POST", "/").status, 405);
  own.app.get("/", [] { return std::string("mine"); });
  EXPECT_EQ(own.get("/"), "200 mine");
  other.app.post("/", [] { return std::string("mine"); });
  EXPECT_EQ(other.get("/"), "200 {}");
  EXPECT_EQ(other.post("/", ""), "200 mine");
}

TEST(AppHandler, Pages) {
  AppFixture fixture;
  fixture.app.title("A <title>");
  EXPECT_THAT(fixture.get("/docs"), HasSubstr("A &lt;title&gt;"));
  EXPECT_THAT(fixture.get("/redoc"), HasSubstr("A &lt;title&gt;"));
  EXPECT_EQ(fixture.send("HEAD", "/docs").status, 200);
  EXPECT_EQ(header(fixture.send("GET", "/openapi.json"), "content-type"), "application/json");
  for (const DocsAsset& asset : docs_assets()) EXPECT_EQ(fixture.send("GET", std::string(asset.path)).status, 200) << asset.path;
}

TEST(AppHandler, PagesMovedOrOff) {
  AppFixture moved;
  moved.app.docs_url("/api/v1/docs").redoc_url("").openapi_url("/api/spec.json");
  EXPECT_THAT(moved.get("/api/v1/docs"), HasSubstr("\"../spec.json\""));
  EXPECT_EQ(moved.send("GET", "/api/spec.json").status, 200);
  for (const char* gone : {"/docs", "/redoc", "/openapi.json"}) EXPECT_EQ(moved.send("GET", gone).status, 404) << gone;
  if (!docs_assets().empty()) {
    EXPECT_THAT(moved.get("/api/v1/docs"), HasSubstr("src=\"docs/swagger-ui-bundle.js\""));
    EXPECT_EQ(moved.send("GET", "/api/v1/docs/swagger-ui-bundle.js").status, 200);
  }
  AppFixture off;
  off.app.openapi_url("");
  for (const char* gone : {"/docs", "/redoc", "/openapi.json"}) EXPECT_EQ(off.send("GET", gone).status, 404) << gone;
  AppFixture own;
  own.app.get("/docs", [] { return std::string("my docs"); });
  EXPECT_EQ(own.get("/docs"), "200 my docs");
}

TEST(AppHandler, BuiltinRoutes) {
  AppFixture fixture;
  fixture.app.use(&wants_key);
  fixture.app.get("/livez", [] { return std::string("the user's"); });
  const auto ready = [](const HttpRequest& request, RequestContext& context) -> Task<HttpResponse> {
    co_return HttpResponse::text(request.path + " " + context.peer);
  };
  fixture.handler().add_builtin_route({.path = "/livez", .coroutine = ready, .open = true});
  fixture.handler().add_builtin_route({.path = "/readyz", .coroutine = ready, .open = true});
  fixture.handler().add_builtin_route({.path = "/closed", .coroutine = ready});
  EXPECT_EQ(fixture.get("/livez"), R"(401 {"detail":"no key"})");
  EXPECT_EQ(fixture.get("/livez", {{"x-key", "open"}}), "200 the user's");
  EXPECT_EQ(fixture.get("/readyz"), "200 /readyz 127.0.0.1:1");
  EXPECT_EQ(fixture.send("GET", "/closed").status, 401);
  EXPECT_EQ(fixture.send("POST", "/readyz", {}, {{"x-key", "open"}}).status, 405);
}

// Routes of Jina's, as the fallback has them.
class Fallback final : public http::Handler {
 public:
  Task<http::Response> handle(RequestContext&, http::Request request) override {
    http::Response response;
    if (request.path == "/post" && request.method == "POST") {
      response.body = Buffer::copy_of("jina " + request.body.str());
    } else if (request.path == "/post") {
      response.status = 405;
      response.headers.emplace_back("allow", "POST");
    } else if (request.path == "/" || request.path == "/docs") {
      response.body = Buffer::copy_of("jina's");
    } else {
      response.status = 404;
      response.body = Buffer::copy_of("jina's 404");
    }
    co_return response;
  }
};

TEST(AppHandler, Fallback) {
  Fallback fallback;
  AppFixture fixture(nullptr, &fallback);
  fixture.app.get("/post", [] { return std::string("mine"); });
  fixture.app.get("/mine/", [] { return std::string("mine"); });
  EXPECT_EQ(fixture.get("/post"), "200 mine");
  EXPECT_EQ(fixture.post("/post", "body"), "200 jina body");
  EXPECT_EQ(header(fixture.send("PUT", "/post"), "allow"), "GET, POST");
  EXPECT_EQ(fixture.get("/"), "200 {}");
  EXPECT_THAT(fixture.get("/docs"), Not(HasSubstr("jina's")));
  EXPECT_EQ(fixture.get("/nowhere"), R"(404 {"detail":"Not Found"})");
  EXPECT_EQ(fixture.send("GET", "/mine").status, 307);
  AppFixture closed(nullptr, &fallback);
  closed.app.use(&wants_key);
  EXPECT_EQ(closed.post("/post", "body"), R"(401 {"detail":"no key"})");
  EXPECT_EQ(closed.ask("POST", "/post", "body", {{"x-key", "open"}}), "200 jina body");
  AppFixture off(nullptr, &fallback);
  off.app.docs_url("");
  EXPECT_EQ(off.get("/docs"), R"(404 {"detail":"Not Found"})");
}

TEST(AppHandler, OverARealConnection) {
  boost::asio::io_context unused;
  App app;
  app.get("/hello/{name}", [](Path<Named> path) { return With{200, Named{"hello " + path->name}, {{"x-a", "b"}}}; });
  app.get("/task/{name}", [](Path<Named> path) -> Task<Named> { return [](Named name) -> Task<Named> { co_return name; }(*path); });
  app.post("/echo", [](Json<Named> body) { return *body; });
  AppHandler handler(app, {.io = unused});
  protocol::HttpTestServer server(handler);
  protocol::TestClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send("GET /hello/you%21 HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto response = client.read_response();
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.has("x-a: b"));
    EXPECT_TRUE(response.has("content-type: application/json"));
    EXPECT_EQ(response.body, R"({"name":"hello you!"})");
  }
  client.send(
      "GET /task/t HTTP/1.1\r\nHost: h\r\n\r\nPOST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\n{\"name\":\"e\"}");
  EXPECT_EQ(client.read_response().body, R"({"name":"t"})");
  EXPECT_EQ(client.read_response().body, R"({"name":"e"})");
  client.send("HEAD /docs HTTP/1.1\r\nHost: h\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_response(true).status, 200);
  EXPECT_EQ(client.read_response().body, R"({"detail":"Not Found"})");
}

}  // namespace
}  // namespace jina::app

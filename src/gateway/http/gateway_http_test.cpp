// Which routes exist and how the surroundings of a request (method, path, content type, origin) are answered. The expected answers
// are those recorded from Jina 3.25.2, except where a comment says otherwise.
#include "gateway/http/gateway_http.hpp"

#include <gtest/gtest.h>

#include "gateway/http/http_test_support.hpp"

namespace jina::gateway {
namespace {

using testing::GatewayFixture;
using testing::header;

TEST(GatewayHttp, RootIsAlive) {
  GatewayFixture fixture;
  const auto response = fixture.send("GET", "/");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.str(), "{}");
  EXPECT_EQ(header(response, "content-type"), "application/json");
}

TEST(GatewayHttp, HeadOfRootIsNotAllowed) {
  GatewayFixture fixture;
  const auto response = fixture.send("HEAD", "/");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response, "allow"), "GET");
  EXPECT_EQ(response.body.str(), R"({"detail":"Method Not Allowed: / takes GET, not HEAD"})")
      << "the server drops the body of a HEAD, not its length";
}

TEST(GatewayHttp, UnknownPath) {
  GatewayFixture fixture;
  const auto response = fixture.send("POST", "/not-here", "{}");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body.str(), R"({"detail":"Not Found"})");
}

TEST(GatewayHttp, WrongMethod) {
  GatewayFixture fixture;
  for (const auto& [method, path, allow] : {std::array{"GET", "/post", "POST"}, std::array{"POST", "/delete", "DELETE"},
                                            std::array{"OPTIONS", "/post", "POST"}, std::array{"POST", "/update", "PUT"}}) {
    const auto response = fixture.send(method, path, "{}");
    EXPECT_EQ(response.status, 405) << path;
    EXPECT_EQ(header(response, "allow"), allow);
    EXPECT_EQ(response.body.str(),
              std::string(R"({"detail":"Method Not Allowed: )") + path + " takes " + allow + ", not " + method + "\"}");
  }
}

TEST(GatewayHttp, TrailingSlashRedirectsWithHostAndQuery) {
  GatewayFixture fixture;
  auto request = testing::make_request("POST", "/post/", "{}");
  request.query = "a=b\r\nx";
  RequestContext context;
  const auto response = testing::run(fixture.http.handle(context, request));
  EXPECT_EQ(response.status, 307);
  EXPECT_EQ(header(response, "location"), "http://gateway.test:8080/post?a=b%0D%0Ax");
  EXPECT_TRUE(response.body.empty());
}

TEST(GatewayHttp, FlagsRemoveRoutes) {
  GatewayFixture fixture({.no_debug_endpoints = true, .no_crud_endpoints = true});
  EXPECT_EQ(fixture.send("POST", "/post", "{}").status, 404);
  EXPECT_EQ(fixture.send("GET", "/status").status, 404);
  EXPECT_EQ(fixture.send("GET", "/dry_run").status, 404);
  for (const char* path : {"/index", "/search", "/update", "/delete"}) EXPECT_EQ(fixture.send("POST", path, "{}").status, 404);
  EXPECT_EQ(fixture.send("GET", "/").status, 200);
}

TEST(GatewayHttp, PortForWebSocketAloneTakesNoDocuments) {
  GatewayFixture fixture({.no_debug_endpoints = true}, {.websocket = true});
  EXPECT_EQ(fixture.send("GET", "/").body.str(), "{}");
  EXPECT_EQ(fixture.send("GET", "/dry_run").status, 200) << "there whatever the flags say";
  EXPECT_EQ(fixture.send("GET", "/status").status, 200);
  EXPECT_EQ(fixture.send("POST", "/post", "{}").status, 404);
  EXPECT_EQ(fixture.send("POST", "/index", "{}").status, 404);
}

TEST(GatewayHttp, ExposedEndpoints) {
  GatewayFixture fixture(
      {.expose_endpoints = testing::expose(
           R"({"/echo":{},"/upper":{"http_path":"/up","status_code":201},"/embed":{"http_path":"/emb","methods":["get"]}})")});
  EXPECT_EQ(fixture.send("POST", "/echo", "{}").status, 200);
  EXPECT_EQ(fixture.send("POST", "/up", "{}").status, 201);
  EXPECT_EQ(fixture.send("POST", "/upper", "{}").status, 404) << "the endpoint's name is then no path";
  EXPECT_EQ(fixture.send("GET", "/emb", "{}").status, 200) << "a body with GET is read";
  const auto last = wire::parse_header(fixture.gateway.seen.back().header.view());
  ASSERT_TRUE(last.ok());
  EXPECT_EQ(last->exec_endpoint, "/embed");
}

TEST(GatewayHttp, PathIsAnotherNameOfHttpPath) {  // Jina documents it and fails on it
  GatewayFixture fixture({.expose_endpoints = testing::expose(R"({"/echo":{"path":"/e"}})")});
  EXPECT_EQ(fixture.send("POST", "/e", "{}").status, 200);
}

TEST(GatewayHttp, WrongExposedEndpointsAreRefusedAtTheStart) {
  for (const auto& [json, told] : {std::pair{R"({"echo":{}})", "must start with \"/\""},
                                   {R"({"/e":5})", "must be an object"},
                                   {R"({"/e":{"methods":"POST"}})", "list of strings"},
                                   {R"({"/e":{"methods":[]}})", "empty"},
                                   {R"({"/e":{"status_code":"x"}})", "status_code"},
                                   {R"({"/e":{"summary":1}})", "summary"}}) {
    try {
      GatewayFixture fixture({.expose_endpoints = testing::expose(json)});
      ADD_FAILURE() << json << " was taken";
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find(told), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find("--expose-endpoints"), std::string::npos) << error.what();
    }
  }
}

TEST(GatewayHttp, StatusShowsTheInfoMessage) {
  GatewayFixture fixture;
  fixture.gateway.info_message = std::string(
                                     "\x0a\x0e\x0a\x04jina\x12\x06"
                                     "3.25.2",
                                     16) +
                                 std::string("\x12\x0a\x0a\x03\x4a\x5f\x41\x12\x03x\"y", 12);
  const auto response = fixture.send("GET", "/status");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.str(), R"({"jina":{"jina":"3.25.2"},"envs":{"J_A":"x\"y"}})");
}

class Cors : public ::testing::Test {
 protected:
  GatewayFixture fixture_{{.cors = true}};
};

TEST_F(Cors, Preflight) {
  const auto response = fixture_.send("OPTIONS", "/post", "",
                                      {{"origin", "http://example.org"},
                                       {"access-control-request-method", "POST"},
                                       {"access-control-request-headers", "content-type"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.str(), "OK");
  EXPECT_EQ(header(response, "content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(header(response, "access-control-allow-origin"), "http://example.org");
  EXPECT_EQ(header(response, "access-control-allow-methods"), "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  EXPECT_EQ(header(response, "access-control-allow-headers"), "content-type");
  EXPECT_EQ(header(response, "access-control-max-age"), "600");
  EXPECT_EQ(header(response, "access-control-allow-credentials"), "true");
  EXPECT_EQ(header(response, "vary"), "Origin");
}

TEST_F(Cors, PreflightForAnUnknownMethod) {
  const auto response =
      fixture_.send("OPTIONS", "/post", "", {{"origin", "http://example.org"}, {"access-control-request-method", "BREW"}});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body.str(), "Disallowed CORS method");
}

TEST_F(Cors, SimpleRequest) {
  const auto response = fixture_.send("POST", "/post", "{}", {{"origin", "http://example.org"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "access-control-allow-origin"), "*");
  EXPECT_EQ(header(response, "access-control-allow-credentials"), "true");
  EXPECT_EQ(header(response, "vary"), "(none)");
}

TEST_F(Cors, RequestWithCookieGetsItsOwnOrigin) {
  const auto response = fixture_.send("GET", "/not-here", "", {{"origin", "http://example.org"}, {"cookie", "a=b"}});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(header(response, "access-control-allow-origin"), "http://example.org");
  EXPECT_EQ(header(response, "vary"), "Origin");
}

TEST_F(Cors, NothingWithoutOrigin) {
  EXPECT_EQ(header(fixture_.send("GET", "/"), "access-control-allow-origin"), "(none)");
  EXPECT_EQ(fixture_.send("OPTIONS", "/post").status, 405);
}

}  // namespace
}  // namespace jina::gateway

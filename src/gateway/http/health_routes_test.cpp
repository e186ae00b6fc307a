// /livez and /readyz of the built-in gateway.
#include <gtest/gtest.h>

#include "gateway/http/http_test_support.hpp"

namespace jina::gateway {
namespace {

class HealthRoutesTest : public ::testing::TestWithParam<PortRole> {
 protected:
  http::Response get(const std::string& path) {
    RequestContext context;
    return testing::run(http.handle(context, testing::make_request("GET", path)));
  }

  GatewayOptions options{.no_debug_endpoints = true, .no_crud_endpoints = true};
  testing::FakeGateway gateway;
  std::shared_ptr<grpc::HealthState> health = std::make_shared<grpc::HealthState>(std::vector<std::string>{});
  GatewayHttp http{options, GetParam(), gateway, health};
};

TEST_P(HealthRoutesTest, ReadyOnlyWhileServing) {
  const http::Response starting = get("/readyz");
  EXPECT_EQ(starting.status, 503);
  EXPECT_EQ(starting.body.str(), R"({"status":"not ready"})");
  EXPECT_EQ(testing::header(starting, "content-type"), "application/json");
  health->set_serving(true);
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/readyz").body.str(), R"({"status":"ready"})");
  health->set_serving(false);
  EXPECT_EQ(get("/readyz").status, 503);
}

TEST_P(HealthRoutesTest, AliveInAnyCase) {
  EXPECT_EQ(get("/livez").status, 200);
  EXPECT_EQ(get("/livez").body.str(), R"({"status":"alive"})");
}

INSTANTIATE_TEST_SUITE_P(Ports, HealthRoutesTest, ::testing::Values(PortRole{.http = true}, PortRole{.websocket = true}),
                         [](const auto& info) { return info.param.http ? "http" : "websocket"; });

TEST(HealthRoutes, EndpointsOfTheUserComeFirst) {
  GatewayOptions options;
  options.expose_endpoints["/mine"] = {{"http_path", "/readyz"}, {"methods", {"GET"}}};
  testing::FakeGateway gateway;
  GatewayHttp http(options, {.http = true}, gateway);
  RequestContext context;
  const http::Response response = testing::run(http.handle(context, testing::make_request("GET", "/readyz", R"({"data": []})")));
  EXPECT_EQ(gateway.seen.size(), 1u);
  EXPECT_NE(response.body.str(), R"({"status":"ready"})");
}

}  // namespace
}  // namespace jina::gateway

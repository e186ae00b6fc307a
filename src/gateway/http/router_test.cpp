#include "gateway/http/router.hpp"

#include <gtest/gtest.h>

namespace jina::gateway {
namespace {

const std::vector<Route> kRoutes{
    {.kind = RouteKind::kPost, .path = "/post", .methods = {"POST"}},
    {.kind = RouteKind::kEndpoint, .path = "/a", .methods = {"POST", "PUT"}},
    {.kind = RouteKind::kEndpoint, .path = "/a", .methods = {"GET"}},
    {.kind = RouteKind::kEndpoint, .path = "/slash/", .methods = {"POST"}},
};

TEST(Router, FindsByMethodAndExactPath) {
  const Router router(kRoutes);
  EXPECT_EQ(router.match("POST", "/post").route, &kRoutes[0]);
  EXPECT_EQ(router.match("GET", "/a").route, &kRoutes[2]);
  EXPECT_EQ(router.match("POST", "/slash/").route, &kRoutes[3]);
}

TEST(Router, WrongMethodNamesThoseOfTheFirstRoute) {
  const Router router(kRoutes);
  const RouteMatch match = router.match("DELETE", "/a");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allow, "POST, PUT");
  EXPECT_EQ(router.match("post", "/post").allow, "POST") << "methods are case-sensitive";
}

TEST(Router, RedirectsWhenOnlyTheSlashIsWrong) {
  const Router router(kRoutes);
  EXPECT_EQ(router.match("POST", "/post/").redirect, "/post");
  EXPECT_EQ(router.match("GET", "/post///").redirect, "/post") << "whatever the method";
  EXPECT_EQ(router.match("POST", "/slash").redirect, "/slash/");
}

TEST(Router, UnknownPathsMatchNothing) {
  const Router router(kRoutes);
  for (const char* path : {"/", "", "/pos", "/post/x", "/POST", "//", "*"}) {
    const RouteMatch match = router.match("POST", path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_EQ(match.allow + match.redirect, "") << path;
  }
}

}  // namespace
}  // namespace jina::gateway

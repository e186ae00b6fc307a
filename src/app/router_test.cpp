#include "app/router.hpp"

#include "app/app_test_support.hpp"

namespace jina::app {
namespace {

using ::testing::HasSubstr;
using testing::refused;

std::string parsed(std::string_view path) {
  return refused([&] { (void)PathPattern::parse(path); });
}

TEST(PathPattern, RefusesWhatCanNotWork) {
  EXPECT_EQ(parsed("/items/{id}/x/{rest:path}"), "(accepted)");
  EXPECT_EQ(parsed("/"), "(accepted)");
  EXPECT_THAT(parsed("items"), HasSubstr("\"items\" must start with \"/\""));
  EXPECT_THAT(parsed(""), HasSubstr("must start with \"/\""));
  EXPECT_THAT(parsed("/a/{b"), HasSubstr("braces that do not fit in \"{b\""));
  EXPECT_THAT(parsed("/a/b}"), HasSubstr("braces"));
  EXPECT_THAT(parsed("/a/{b}.json"), HasSubstr("only a part of \"{b}.json\""));
  EXPECT_THAT(parsed("/a/{b}{c}"), HasSubstr("only a part"));
  EXPECT_THAT(parsed("/a/{}"), HasSubstr("the parameter \"\""));
  EXPECT_THAT(parsed("/a/{b c}"), HasSubstr("the name of a member"));
  EXPECT_THAT(parsed("/a/{b}/{b}"), HasSubstr("{b} twice"));
  EXPECT_THAT(parsed("/a/{b:path}/c"), HasSubstr("behind {b:path}"));
  EXPECT_THAT(parsed("/a/{b:int}"), HasSubstr("only {name:path} is known"));
  EXPECT_THAT(parsed("/a?x"), HasSubstr("Query<T>"));
}

class RouterTest : public ::testing::Test {
 protected:
  void add(const char* methods, const char* path) {
    routes_.emplace_back(state_, path);
    RouteInfo& route = routes_.back();
    std::string text = methods;
    for (std::size_t at = 0; at != std::string::npos;) {
      const auto space = text.find(' ', at);
      route.methods.push_back(text.substr(at, space - at));
      at = space == std::string::npos ? space : space + 1;
    }
    router_.add(route, route.methods);
  }
  // "path value,value", "405 methods" or "404".
  std::string find(std::string_view method, std::string_view path) {
    const RouteMatch match = router_.find(method, path);
    if (match.route == nullptr) return match.allow.empty() ? "404" : "405 " + match.allow;
    std::string text = match.route->path;
    for (std::size_t i = 0; i < match.values.size(); ++i) text += (i == 0 ? " " : ",") + std::string(match.values[i]);
    return text;
  }

  AppState state_;
  std::deque<RouteInfo> routes_;
  Router router_;
};

TEST_F(RouterTest, LiteralsWinOverParametersOverTheRest) {
  add("GET", "/{anything:path}");
  add("GET", "/users/{id}");
  add("GET", "/users/me");
  add("GET", "/users/{id}/files/{name}");
  add("GET", "/users/me/files");
  EXPECT_EQ(find("GET", "/users/me"), "/users/me");
  EXPECT_EQ(find("GET", "/users/you"), "/users/{id} you");
  EXPECT_EQ(find("GET", "/users/"), "/{anything:path} users/");
  EXPECT_EQ(find("GET", "/"), "/{anything:path} ");
  EXPECT_EQ(find("GET", "/users/me/files"), "/users/me/files");
  // Back out of the literal "me", which has no such child.
  EXPECT_EQ(find("GET", "/users/me/files/x"), "/users/{id}/files/{name} me,x");
  EXPECT_EQ(find("GET", "/users/me/other/x"), "/{anything:path} users/me/other/x");
}

TEST_F(RouterTest, MethodsOfOnePath) {
  add("GET", "/a");
  add("POST PUT", "/a");
  add("DELETE", "/{x}");
  EXPECT_EQ(find("PUT", "/a"), "/a");
  EXPECT_EQ(find("DELETE", "/a"), "/{x} a");  // the literal has no DELETE
  EXPECT_EQ(find("PATCH", "/a"), "405 GET, POST, PUT, DELETE");
  EXPECT_EQ(find("PATCH", "/b"), "405 DELETE");
  EXPECT_EQ(find("GET", "/b/c"), "404");
}

TEST_F(RouterTest, SlashesCount) {
  add("GET", "/a");
  add("GET", "/b/");
  add("GET", "/c/{rest:path}");
  EXPECT_EQ(find("GET", "/a/"), "404");
  EXPECT_EQ(find("GET", "//a"), "404");
  EXPECT_EQ(find("GET", "/c"), "404");
  EXPECT_EQ(router_.other_slash("/a/"), "/a");
  EXPECT_EQ(router_.other_slash("/a///"), "/a");
  EXPECT_EQ(router_.other_slash("/b"), "/b/");
  EXPECT_EQ(router_.other_slash("/c"), "/c/");
  EXPECT_EQ(router_.other_slash("/d"), "");
  EXPECT_EQ(router_.other_slash("/"), "");
}

TEST_F(RouterTest, TwoRoutesForTheSameRequestsAreRefused) {
  add("GET POST", "/a/{x}");
  EXPECT_EQ(refused([&] { add("GET", "/a/{y}"); }),
            "the routes \"GET, POST /a/{x}\" and \"GET /a/{y}\" are for the same requests; take one of them out");
  EXPECT_EQ(refused([&] { add("PUT", "/a/{y}"); }), "(accepted)");
  EXPECT_EQ(find("PUT", "/a/1"), "/a/{y} 1");
}

TEST_F(RouterTest, ManyEmptySegmentsAndLongPathsAreOnlySlow) {
  add("GET", "/{a}/{b}/{c}");
  add("GET", "/x/{b}/y");
  const std::string slashes(60'000, '/');
  EXPECT_EQ(find("GET", slashes), "404");
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "/x";
  EXPECT_EQ(find("GET", deep), "404");
}

}  // namespace
}  // namespace jina::app

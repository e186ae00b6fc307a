#include "app/docs_pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/docs_assets.hpp"
#include "app/plain_page.hpp"
#include "gateway/http/http_test_support.hpp"

namespace jina::gateway {
namespace {

using app::accepts_gzip;
using app::docs_assets;
using app::DocsAsset;
using app::kPlainPage;

using testing::GatewayFixture;
using ::testing::HasSubstr;
using testing::header;
using ::testing::Not;

TEST(DocsPages, AreHtmlThatAsksNoOtherHost) {
  GatewayFixture fixture({.title = "A <b> & \"c\""});
  for (const char* path : {"/docs", "/redoc", "/docs/oauth2-redirect"}) {
    const auto response = fixture.send("GET", path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(header(response, "content-type"), "text/html; charset=utf-8");
    EXPECT_THAT(header(response, "content-security-policy"), HasSubstr("default-src 'self'"));
    const std::string html = response.body.str();
    EXPECT_THAT(html, HasSubstr("A &lt;b&gt; &amp; &quot;c&quot;"));
    EXPECT_THAT(html, Not(HasSubstr("http://")));
    EXPECT_THAT(html, Not(HasSubstr("https://")));
    EXPECT_EQ(fixture.send("HEAD", path).status, 200);
    EXPECT_EQ(header(fixture.send("POST", path), "allow"), "GET, HEAD");
  }
  EXPECT_EQ(fixture.send("GET", "/openapi.json").status, 200);
}

TEST(DocsPages, FilesThatAPageNamesAreServed) {
  GatewayFixture fixture;
  for (const auto& [page, folder] : {std::pair{"/docs", "/"}, {"/redoc", "/"}}) {
    const std::string html = fixture.send("GET", page).body.str();
    for (const std::string mark : {"src=\"", "href=\""}) {
      for (auto at = html.find(mark); at != std::string::npos; at = html.find(mark, at)) {
        at += mark.size();
        const std::string target = html.substr(at, html.find('"', at) - at);
        if (target.rfind("data:", 0) == 0) continue;
        EXPECT_EQ(fixture.send("GET", folder + target).status, 200) << page << " names " << target;
      }
    }
  }
}

TEST(DocsPages, FilesComeCompressedOrNotAsTheClientLikes) {
  if (docs_assets().empty()) GTEST_SKIP() << "this build had no network";
  GatewayFixture fixture;
  for (const DocsAsset& asset : docs_assets()) {
    const std::string path(asset.path);
    const auto packed = fixture.send("GET", path, "", {{"accept-encoding", "deflate, gzip;q=0.5"}});
    EXPECT_EQ(header(packed, "content-encoding"), "gzip");
    EXPECT_EQ(packed.body.str(), asset.gzip);
    const auto plain = fixture.send("GET", path);
    EXPECT_EQ(header(plain, "content-encoding"), "(none)");
    EXPECT_GT(plain.body.size(), packed.body.size());
    EXPECT_EQ(header(plain, "content-type"), asset.content_type);
    const auto again = fixture.send("GET", path, "", {{"if-none-match", header(packed, "etag")}});
    EXPECT_EQ(again.status, 304);
    EXPECT_TRUE(again.body.empty());
  }
  EXPECT_THAT(fixture.send("GET", "/docs").body.str(), HasSubstr("swagger-ui-bundle.js"));
  EXPECT_THAT(fixture.send("GET", "/redoc").body.str(), HasSubstr("redoc.standalone.js"));
  EXPECT_THAT(fixture.send("GET", "/docs/swagger-ui-bundle.js").body.str(), HasSubstr("SwaggerUIBundle"));
}

TEST(DocsPages, PlainPageHasOnePlaceForTheTitle) {
  const std::string page(kPlainPage);
  ASSERT_NE(page.find("TITLE"), std::string::npos);
  EXPECT_EQ(page.find("TITLE", page.find("TITLE") + 1), std::string::npos);
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("https://")));
}

TEST(AcceptsGzip, ReadsTheHeader) {
  for (const char* yes : {"gzip", "gzip, deflate", "br,gzip", "deflate, gzip;q=1.0", "*", "gzip; q=0.1"})
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  for (const char* no : {"", "identity", "gzip;q=0", "gzip; q=0.000", "br", "x-gzip2", "*;q=0"})
    EXPECT_FALSE(accepts_gzip(no)) << no;
}

}  // namespace
}  // namespace jina::gateway

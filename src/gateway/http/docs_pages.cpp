#include "gateway/http/docs_pages.hpp"

#include <zlib.h>

#include <algorithm>

#include "gateway/http/docs_assets.hpp"
#include "gateway/http/plain_page.hpp"
#include "gateway/http/responses.hpp"

namespace jina::gateway {
namespace {

// Addresses are relative, so that the pages also work behind a proxy that adds a prefix.
constexpr std::string_view kSwaggerPage = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TITLE</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>
window.ui = SwaggerUIBundle({
  url: new URL("openapi.json", location.href).href,
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  oauth2RedirectUrl: new URL("docs/oauth2-redirect", location.href).href
});
</script>
</body>
</html>
)html";

constexpr std::string_view kOAuthPage = R"html(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>TITLE</title></head>
<body><script src="oauth2-redirect.js"></script></body>
</html>
)html";

constexpr std::string_view kRedocPage = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TITLE</title>
<link rel="icon" href="data:,">
<style>body { margin: 0; padding: 0; }</style>
</head>
<body>
<div id="redoc"></div>
<script src="redoc/redoc.standalone.js"></script>
<script>
Redoc.init(new URL("openapi.json", location.href).href, {}, document.getElementById("redoc"));
</script>
</body>
</html>
)html";

// Keeps the pages from loading or sending anything elsewhere, whatever the embedded scripts try.
constexpr std::string_view kContentPolicy =
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
    "blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'self'";

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

const DocsAsset* find_asset(std::string_view path) noexcept {
  const auto assets = docs_assets();
  const auto found = std::find_if(assets.begin(), assets.end(), [path](const DocsAsset& asset) { return asset.path == path; });
  return found == assets.end() ? nullptr : &*found;
}

std::string inflated(std::string_view gzip) {
  std::string out;
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  int result = Z_OK;
  while (result == Z_OK) {
    const std::size_t before = out.size();
    out.resize(before + 256 * 1024);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = 256 * 1024;
    result = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return out;
}

}  // namespace

http::Response docs_page(RouteKind kind, std::string_view title) {
  std::string_view page = kPlainPage;
  std::string heading(title);
  if (kind == RouteKind::kSwagger && find_asset("/docs/swagger-ui-bundle.js") != nullptr) {
    page = kSwaggerPage;
    heading += " - Swagger UI";
  } else if (kind == RouteKind::kRedoc && find_asset("/redoc/redoc.standalone.js") != nullptr) {
    page = kRedocPage;
    heading += " - ReDoc";
  } else if (kind == RouteKind::kSwaggerOAuth) {
    page = kOAuthPage;
    heading += " - sign-in";
  }
  constexpr std::string_view kTitle = "TITLE";
  const auto at = page.find(kTitle);
  std::string html(page.substr(0, at));
  html += html_escaped(heading);
  html += page.substr(at + kTitle.size());
  http::Response response;
  response.headers.emplace_back("content-type", "text/html; charset=utf-8");
  response.headers.emplace_back("content-security-policy", kContentPolicy);
  response.body = Buffer::take(std::move(html));
  return response;
}

http::Response docs_asset(const http::Request& request) {
  const DocsAsset* asset = find_asset(request.path);
  if (asset == nullptr) return detail_response(404, "Not Found");
  const std::string etag = "\"" + std::string(asset->etag) + "\"";
  http::Response response;
  auto& headers = response.headers;
  headers.emplace_back("etag", etag);
  headers.emplace_back("cache-control", "public, max-age=3600");
  headers.emplace_back("vary", "accept-encoding");
  if (header_of(request, "if-none-match").find(etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  headers.emplace_back("content-type", asset->content_type);
  if (accepts_gzip(header_of(request, "accept-encoding"))) {
    headers.emplace_back("content-encoding", "gzip");
    response.body = Bytes::of_static(asset->gzip);
  } else {
    response.body = Buffer::take(inflated(asset->gzip));
  }
  return response;
}

bool accepts_gzip(std::string_view accept_encoding) noexcept {
  while (!accept_encoding.empty()) {
    const auto comma = accept_encoding.find(',');
    std::string_view item = accept_encoding.substr(0, comma);
    accept_encoding = comma == std::string_view::npos ? std::string_view{} : accept_encoding.substr(comma + 1);
    item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
    const std::string_view coding = item.substr(0, item.find_first_of("; \t"));
    if (coding != "gzip" && coding != "*") continue;
    const auto q = item.find("q=");
    // "q=0", "q=0.0", "q=0.000" refuse; any other weight accepts.
    return q == std::string_view::npos || item.find_first_of("123456789", q) != std::string_view::npos;
  }
  return false;
}

}  // namespace jina::gateway

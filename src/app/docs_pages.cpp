#include "app/docs_pages.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "app/docs_assets.hpp"
#include "app/plain_page.hpp"
#include "app/responses.hpp"

namespace jina::app {

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

namespace {

// Addresses are relative, so that the pages also work behind a proxy that adds a prefix.
constexpr std::string_view kSwaggerPage = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TITLE</title>
<link rel="stylesheet" href="ASSETS/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="swagger-ui"></div>
<script src="ASSETS/swagger-ui-bundle.js"></script>
<script>
window.ui = SwaggerUIBundle({
  url: new URL("OPENAPI", location.href).href,
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  oauth2RedirectUrl: new URL("ASSETS/oauth2-redirect", location.href).href
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
<script src="ASSETS/redoc.standalone.js"></script>
<script>
Redoc.init(new URL("OPENAPI", location.href).href, {}, document.getElementById("redoc"));
</script>
</body>
</html>
)html";

// Keeps the pages from loading or sending anything elsewhere, whatever the embedded scripts try.
constexpr std::string_view kContentPolicy =
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
    "blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'self'";

using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// The page with each of the words replaced wherever it stands.
std::string filled(std::string_view page, Values values) {
  std::string html;
  while (!page.empty()) {
    std::size_t first = page.size();
    const std::pair<std::string_view, std::string_view>* word = nullptr;
    for (const auto& value : values) {
      const auto at = page.find(value.first);
      if (at >= first) continue;
      first = at;
      word = &value;
    }
    html += page.substr(0, first);
    if (word == nullptr) break;
    html += html_escaped(word->second);
    page.remove_prefix(first + word->first.size());
  }
  return html;
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
  std::array<char, 64 * 1024> block;
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(block.data(), block.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return out;
}

}  // namespace

http::Response docs_page(DocsPage kind, std::string_view title, const DocsLinks& links) {
  std::string_view page = kPlainPage;
  std::string heading(title);
  std::string assets = links.assets;
  if (kind == DocsPage::kSwagger && find_asset("/docs/swagger-ui-bundle.js") != nullptr) {
    page = kSwaggerPage;
    heading += " - Swagger UI";
    if (assets.empty()) assets = "docs";
  } else if (kind == DocsPage::kRedoc && find_asset("/redoc/redoc.standalone.js") != nullptr) {
    page = kRedocPage;
    heading += " - ReDoc";
    if (assets.empty()) assets = "redoc";
  } else if (kind == DocsPage::kSwaggerOAuth) {
    page = kOAuthPage;
    heading += " - sign-in";
  }
  http::Response response;
  response.headers.emplace_back("content-type", "text/html; charset=utf-8");
  response.headers.emplace_back("content-security-policy", kContentPolicy);
  response.body =
      Buffer::take(filled(page, {{"TITLE", heading}, {"ASSETS", assets}, {"OPENAPI", links.openapi}, {"ROOT", links.root}}));
  return response;
}

http::Response docs_asset(std::string_view path, const Metadata& request_headers) {
  const DocsAsset* asset = find_asset(path);
  if (asset == nullptr) return detail_response(404, "Not Found");
  const auto header = [&](std::string_view name) {
    const std::string* value = find_value(request_headers, name);
    return value == nullptr ? std::string_view{} : std::string_view(*value);
  };
  const std::string etag = "\"" + std::string(asset->etag) + "\"";
  http::Response response;
  auto& headers = response.headers;
  headers.emplace_back("etag", etag);
  headers.emplace_back("cache-control", "public, max-age=3600");
  headers.emplace_back("vary", "accept-encoding");
  if (header("if-none-match").find(etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  headers.emplace_back("content-type", asset->content_type);
  if (accepts_gzip(header("accept-encoding"))) {
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

}  // namespace jina::app

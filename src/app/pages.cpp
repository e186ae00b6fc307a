// The pages of an App: Swagger UI, ReDoc and the OpenAPI document they show.
#include "app/app_handler.hpp"
#include "app/convert.hpp"
#include "app/docs_assets.hpp"
#include "app/docs_pages.hpp"
#include "app/responses.hpp"

namespace jina::app {
namespace {

const std::vector<std::string> kGetAndHead{"GET", "HEAD"};

// The address of `to` as a page at `from` writes it, so that both may be behind a proxy that adds a prefix: "../openapi.json".
std::string relative(std::string_view from, std::string_view to) {
  std::size_t common = 0;  // behind the last slash that both have
  for (std::size_t i = 0; i < std::min(from.size(), to.size()) && from[i] == to[i]; ++i)
    if (from[i] == '/') common = i + 1;
  std::string address;
  for (const char c : from.substr(common))
    if (c == '/') address += "../";
  return address += to.substr(common);
}

std::string last_segment(const std::string& path) { return path.substr(path.rfind('/') + 1); }

HttpResponse gone(const HttpRequest&) { return to_user(detail_response(404, "Not Found")); }

}  // namespace

void AppHandler::add_pages() {
  const std::string& openapi_url = app_.openapi_url;
  const std::string docs_url = openapi_url.empty() ? "" : app_.docs_url;
  const std::string redoc_url = openapi_url.empty() ? "" : app_.redoc_url;
  const std::string title = app_.title.empty() ? environment_.title : app_.title;
  const auto page = [&](const std::string& url, DocsPage kind) {
    const DocsLinks links{last_segment(url), relative(url, openapi_url), "./" + relative(url, "/")};
    builtin_.push_back({.methods = kGetAndHead, .path = url, .plain = [title, kind, links](const HttpRequest&) {
                          return to_user(docs_page(kind, title, links));
                        }});
  };
  // The files of a page are below it; those of both are filed under the pages' usual addresses.
  const auto assets = [&](const std::string& url, std::string_view usual) {
    for (const DocsAsset& asset : docs_assets()) {
      if (!asset.path.starts_with(usual)) continue;
      builtin_.push_back(
          {.methods = kGetAndHead,
           .path = url + std::string(asset.path.substr(usual.size())),
           .plain = [path = asset.path](const HttpRequest& request) { return to_user(docs_asset(path, request.headers)); }});
    }
  };
  if (!openapi_url.empty())
    builtin_.push_back({.methods = kGetAndHead, .path = openapi_url, .plain = [this](const HttpRequest&) {
                          return to_user(json_response(200, Buffer::copy_of(openapi())));
                        }});
  if (!docs_url.empty()) {
    page(docs_url, DocsPage::kSwagger);
    page(docs_url + "/oauth2-redirect", DocsPage::kSwaggerOAuth);
    assets(docs_url, "/docs");
  }
  if (!redoc_url.empty()) {
    page(redoc_url, DocsPage::kRedoc);
    assets(redoc_url, "/redoc");
  }
  // What was moved or turned off is not there at its usual place either, whatever the fallback has.
  for (const char* usual : {"/docs", "/redoc", "/openapi.json"})
    if (find_builtin("GET", usual) == nullptr) builtin_.push_back({.methods = kGetAndHead, .path = usual, .plain = gone});
}

}  // namespace jina::app

// The pages /docs (Swagger UI), /docs/oauth2-redirect and /redoc, and the files they load. Nothing on them asks another host.
//
// Thread: free functions. Lifetime: keep nothing. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/http/handler.hpp"

namespace jina::app {

enum class DocsPage : std::uint8_t { kSwagger, kSwaggerOAuth, kRedoc };

/// Where a page finds what it loads, relative to its own address.
struct DocsLinks {
  std::string assets{};  ///< folder of its files; empty: "docs" or "redoc"
  std::string openapi = "openapi.json";
  std::string root = "./";  ///< what the paths of routes start from
};

/// Without embedded files (docs_assets.hpp): a plain page of our own that lists the operations and can send a request.
http::Response docs_page(DocsPage page, std::string_view title, const DocsLinks& links = {});

/// `text` as HTML shows it, in elements and in attributes.
std::string html_escaped(std::string_view text);

/// A file of docs_assets() by its path there, compressed if the client takes that, 304 if it has it; 404 for another path.
http::Response docs_asset(std::string_view path, const Metadata& headers);

/// Whether an accept-encoding header takes gzip.
bool accepts_gzip(std::string_view accept_encoding) noexcept;

}  // namespace jina::app

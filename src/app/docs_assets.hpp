// DocsAsset: a file of Swagger UI or ReDoc inside the binary. The table is made by tools/fetch_docs_assets at build time; it is
// empty when the build had no network, and the pages fall back to plain ones of our own.
//
// Thread: any; constant. Lifetime: static. Cancellation: none.
#pragma once
#include <span>
#include <string_view>

namespace jina::app {

struct DocsAsset {
  std::string_view path;  ///< on the server: "/docs/swagger-ui.css"
  std::string_view content_type;
  std::string_view etag;  ///< hex, without quotes
  std::string_view gzip;  ///< the content, gzip-compressed
};

std::span<const DocsAsset> docs_assets() noexcept;

}  // namespace jina::app

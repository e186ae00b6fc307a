// The page that stands in for Swagger UI and ReDoc when the build had no network: operations from /openapi.json, a body and a
// button for each.
//
// Thread: constant. Lifetime: static. Cancellation: none.
#pragma once
#include <string_view>

namespace jina::app {

/// HTML with the words TITLE, OPENAPI (the address of the description) and ROOT (that of the routes), to be replaced.
extern const std::string_view kPlainPage;

}  // namespace jina::app

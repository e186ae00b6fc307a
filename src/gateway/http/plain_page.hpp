// The page that stands in for Swagger UI and ReDoc when the build had no network: operations from /openapi.json, a body and a
// button for each.
//
// Thread: constant. Lifetime: static. Cancellation: none.
#pragma once
#include <string_view>

namespace jina::gateway {

/// HTML with the word TITLE once, to be replaced.
extern const std::string_view kPlainPage;

}  // namespace jina::gateway

// The pages /docs (Swagger UI), /docs/oauth2-redirect and /redoc, and the files they load. Nothing on them asks another host.
//
// Thread: free functions. Lifetime: keep nothing. Cancellation: none.
#pragma once
#include <string_view>

#include "gateway/http/routes.hpp"
#include "protocol/http/handler.hpp"

namespace jina::gateway {

/// One of RouteKind kSwagger, kSwaggerOAuth, kRedoc. Without embedded files (docs_assets.hpp): a plain page of our own that lists
/// the operations and can send a request.
http::Response docs_page(RouteKind kind, std::string_view title);

/// A file of docs_assets(), compressed if the client takes that, 304 if it has it; REQUIRES: request.path is one of them.
http::Response docs_asset(const http::Request& request);

/// Whether an accept-encoding header takes gzip.
bool accepts_gzip(std::string_view accept_encoding) noexcept;

}  // namespace jina::gateway

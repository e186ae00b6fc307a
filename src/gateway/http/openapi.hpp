// The OpenAPI 3.1 description of a port, as /openapi.json serves it. Jina's own HTTP client reads its paths to choose where to
// send.
//
// Thread: free functions. Lifetime: keep nothing. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <span>
#include <string>

#include "gateway/http/routes.hpp"

namespace jina::gateway {

/// The version of Jina whose protocol this gateway speaks; /openapi.json and /status name it.
inline constexpr std::string_view kJinaProtocolVersion = "3.25.2";

/// options.description, or what stands for it.
std::string description_of(const GatewayOptions& options);

/// The document.
boost::json::object openapi_document(const GatewayOptions& options, std::span<const Route> routes);
/// The same as JSON text.
std::string make_openapi(const GatewayOptions& options, std::span<const Route> routes);

/// components.schemas: the bodies of requests and answers. Names are those of Jina's document, since generated clients use them.
boost::json::object openapi_schemas();

}  // namespace jina::gateway

// Requests and responses between the server's types (protocol/http/handler.hpp) and those of user code (jina/http.hpp).
//
// Thread: free functions. Lifetime: bodies share their memory. Cancellation: none.
#pragma once
#include "jina/http.hpp"
#include "protocol/http/handler.hpp"

namespace jina::app {

HttpRequest to_user(http::Request&& request);
http::Request to_server(const HttpRequest& request);
http::Response to_server(HttpResponse&& response);
HttpResponse to_user(http::Response&& response);

}  // namespace jina::app

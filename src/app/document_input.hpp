// Generator endpoints over HTTP: where they are, and the one Document that a GET of one carries, as its JSON body or in its query.
//
// Thread: free functions. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "document/json/executor_request.hpp"
#include "protocol/http/handler.hpp"

namespace jina::app {

/// The HTTP path of an endpoint: slashes around its name do not matter, as in Jina.
std::string endpoint_path(std::string_view endpoint);

/// The Document, as the only one of JsonRequest::docs: the body's, else the query's (`?text=hello`).
JsonRequestResult document_input(const http::Request& request);

/// The answer to input that is wrong.
http::Response refusal_response(const JsonRequestError& error);

}  // namespace jina::app

// What an Executor's HTTP server is sent: body of POST /<endpoint> (Documents and parameters), body or query of GET (one Document).
//
// Read and validated as json_request.hpp says, with the models of Jina's Executor server.
//
// Thread: free functions. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "document/json/json_request.hpp"

namespace jina {

/// {"data": Document or list, "parameters": {...}, "header": {...}}; `data` must be there.
JsonRequestResult parse_executor_request(std::string_view body, std::optional<std::string_view> content_type);
/// One Document, as the only one of JsonRequest::docs.
JsonRequestResult parse_document_request(std::string_view body, std::optional<std::string_view> content_type);
/// A Document of texts, as a query has them: {"text": "hello"}. Unknown names are ignored.
JsonRequestResult parse_document_query(const std::vector<std::pair<std::string, std::string>>& query);

/// {"data": [...], "parameters": {...}}; INTERNAL for what Jina fails to write (json_response.hpp).
Result<std::string> write_executor_response(const wire::DataRequest& response);
/// One Document as an object.
Result<std::string> write_document_json(const Document& document);

}  // namespace jina

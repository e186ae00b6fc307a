// Requests as JSON bodies for an HTTP server, and its JSON answers as messages, as if they had come over gRPC.
//
// Thread: free functions. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "client/http_client.hpp"
#include "jina/document.hpp"
#include "jina/status.hpp"
#include "wire/data_request.hpp"

namespace jina::client {

/// The body of a POST. INVALID_ARGUMENT for what JSON can not say: NaN, infinity, tensors without a JSON form.
Result<std::string> json_body(const wire::DataRequest& request);
/// {"header":...,"parameters":...,"routes":...,"data":[...]}; what is missing stays empty.
Result<wire::DataRequest> message_from_json(std::string_view json);
/// One Document in Jina's JSON.
Result<Document> document_from_json(std::string_view json);

/// OK for 2xx; else what the status and the body say: 503 is UNAVAILABLE with the description that the gateway gave.
Status status_of_http(const HttpResponse& response);
/// header.status of a JSON answer: an Executor that raised; OK for none.
Status outcome_of_json(std::string_view json);
/// header.status of a message.
Status outcome_of_message(const wire::DataRequest& message);

}  // namespace jina::client

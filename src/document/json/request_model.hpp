// RequestModel: a request's JSON after validation, before it is turned into Documents or sent back.
//
// Thread: plain data, one thread. Lifetime: values live in the arena of the context. Cancellation: none.
#pragma once
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "document/json/document_model.hpp"
#include "document/json/json_request.hpp"

namespace jina::pyjson {

struct RequestModel {
  /// `data` was an object whose keys are not `docs`: passes the validation, fails afterwards.
  bool unusable_data = false;
  std::optional<std::vector<DocumentModel>> documents;
  Value target_executor;  ///< kString or null
  Value parameters;       ///< kObject or null
  Value exec_endpoint;    ///< kString or null
};

using ModelResult = std::variant<RequestModel, JsonRequest::Kind, JsonRequestError>;

/// Reads and validates `body`. The model's values point into `context.arena` and `body`.
ModelResult read_request(std::string_view body, const JsonRequestOptions& options, Context& context);

}  // namespace jina::pyjson

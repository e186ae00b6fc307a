// RequestModel: a request's JSON after validation, before it is turned into Documents or sent back.
//
// Thread: plain data, one thread. Lifetime: values live in the arena of the context. Cancellation: none.
#pragma once
#include <optional>
#include <span>
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

/// The members of the object that `body` is, or why there are none (an empty frame, no JSON, no object).
using MembersResult = std::variant<std::span<const Member>, JsonRequest::Kind, JsonRequestError>;
MembersResult read_members(std::string_view body, const JsonRequestOptions& options, Context& context);
/// Those under `alias` if it is there, else under `name`; null when there is neither.
const Value* find_member(std::span<const Member> members, std::string_view alias, std::string_view name);
/// What the validation found, when it found something.
std::optional<JsonRequestError> refusal_of(Context& context);

/// What is in a body, in the order of Jina's model.
void validate_members(Context& context, std::span<const Member> members, const JsonRequestOptions& options, RequestModel& model);
/// What Jina encodes after the validation; false when it fails there, `context.fatal` says why.
bool build_request(Context& context, RequestModel&& model, JsonRequest& request);

/// Reads and validates `body`. The model's values point into `context.arena` and `body`.
ModelResult read_request(std::string_view body, const JsonRequestOptions& options, Context& context);

}  // namespace jina::pyjson

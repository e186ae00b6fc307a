// A JSON object as a Document.
//
// Thread: free functions. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <simdjson.h>

#include "document/json/validation.hpp"
#include "jina/document.hpp"

namespace jina::json {

/// Complaints go to `validation`; what could be read is returned anyway. Unknown keys are ignored.
Document read_document(simdjson::dom::element value, Validation& validation);
/// A list of them; `value` is no null.
DocumentArray read_documents(simdjson::dom::element value, Validation& validation);

}  // namespace jina::json

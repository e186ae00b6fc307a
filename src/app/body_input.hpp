// Json<T>: the JSON body of a request, read as FastAPI reads it, into a described type.
//
// Thread: the call's. Lifetime: keeps nothing. Cancellation: none.
#pragma once
#include "app/call.hpp"

namespace jina::app {

/// False when there were problems; they are in call.errors, located at "body". A body that is no JSON makes that the only error of
/// the call. Throws HttpError for a body whose text can not be read at all (not UTF-8: 400).
bool read_json(Call& call, const described::TypeInfo& type, void* into);

}  // namespace jina::app

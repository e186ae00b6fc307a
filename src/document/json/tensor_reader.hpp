// A nested JSON list as a Tensor, with NumPy's choice of the element type: all bools |b1, all integers <i8, any float <f8, any
// string <U.
//
// Thread: free function. Lifetime: the tensor owns its buffer. Cancellation: none.
#pragma once
#include <simdjson.h>

#include "document/json/validation.hpp"
#include "jina/tensor.hpp"

namespace jina::json {

/// Complaints go to `validation`, at the place that is entered.
Tensor read_tensor(simdjson::dom::element value, Validation& validation);

}  // namespace jina::json

// A Tensor as nested JSON lists, whatever Python class it stands for.
//
// Thread: free function. Lifetime: appends to the caller's string. Cancellation: none.
#pragma once
#include <string>

#include "document/json/json_text.hpp"
#include "jina/tensor.hpp"

namespace jina::json {

/// Floats in repr form (float32 widened), integers as integers, strings of a '<U' array as strings. False when the tensor holds a
/// NaN or an infinity, or is of a kind that has no JSON form (sparse, complex, objects).
[[nodiscard]] bool append_tensor(std::string& out, const Tensor& tensor, Escape escape = Escape::kUtf8);

}  // namespace jina::json

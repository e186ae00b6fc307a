// Tensor -> nested JSON lists.
//
// Thread: free function. Lifetime: none. Cancellation: none.
#pragma once
#include "document/json/output.hpp"
#include "jina/tensor.hpp"

namespace jina::pyjson {

/// As numpy's tolist(): integers as integers, floats of any width as doubles, bools, texts. null for a sparse array and for one
/// without shape and bytes. Fails for other element types and where shape and buffer do not fit together.
void write_tensor(Output& output, const Tensor& tensor);

}  // namespace jina::pyjson

// A JSON list -> Tensor, as numpy.array makes one of it.
//
// Thread: free function. Lifetime: the tensor owns or shares its buffer. Cancellation: none.
#pragma once
#include <string>
#include <variant>

#include "document/json/value.hpp"
#include "jina/tensor.hpp"

namespace jina::pyjson {

/// numpy raises ValueError with this text (a ragged list, more than 32 levels).
struct TensorShapeError {
  std::string message;
};
/// numpy makes an array of Python objects, which can not be sent (null, objects, integers beyond 64 bits), or one that is too
/// large.
struct TensorNotSendable {};

using TensorOrError = std::variant<Tensor, TensorShapeError, TensorNotSendable>;

/// REQUIRES: list.is_list().
TensorOrError list_to_tensor(const Value& list);

}  // namespace jina::pyjson
